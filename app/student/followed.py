"""The schools' links that were followed in this browser, until somebody begins with one.

Two tabs have two links: the button of each page carries a key that says which one it is for.
And a computer at a school has a next user, who must not find the link, the kenmerk and the way
back of the one before: a link is kept for 20 minutes after it was opened.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from secrets import token_hex
from typing import Any

from flask import session

from app import clock
from app.codec import decode
from app.domain.deeplink import Link
from app.services.arrivals import Arrived

LIFE = 20 * 60  # seconds
AT_MOST = 5  # in one browser; more push out the oldest


@dataclass(frozen=True)
class Followed:
    """A link, and what its page said that it is for."""

    key: str
    until: int
    link: Link
    institution: str
    programme: str
    closed: bool  # nobody can begin with it now
    name_english: str = ""  # none in what an earlier release kept


def keep(arrived: Arrived) -> Followed:
    """The newest. The same link opened again keeps its key, for the page that was open."""
    assert arrived.link is not None, "it names something"
    same = next((f.key for f in _alive() if f.link == arrived.link), None)
    return hold(
        Followed(
            key=same or token_hex(8),
            until=0,
            link=arrived.link,
            institution=arrived.institution,
            programme=arrived.programme,
            closed=arrived.closed,
            name_english=arrived.name_english,
        )
    )


def hold(followed: Followed) -> Followed:
    """From now on for LIFE."""
    kept = Followed(**{**vars(followed), "until": int(clock.real_seconds()) + LIFE})
    others = [f for f in _alive() if f.key != kept.key]
    session["links"] = [asdict(f) for f in (*others, kept)][-AT_MOST:]
    return kept


def found(key: str) -> Followed | None:
    """The link with this key, of those that are kept still. Nobody is led to another than the one
    that they pressed a button for."""
    return next((f for f in _alive() if f.key == key), None)


def newest() -> Followed | None:
    """For who came by no button of a link."""
    return next(reversed(_alive()), None)


def read(content: Any) -> Followed | None:
    return decode(Followed, content) if content else None


def _alive() -> list[Followed]:
    now = clock.real_seconds()
    kept = (decode(Followed, content) for content in session.get("links", ()))
    return [followed for followed in kept if now < followed.until]
