"""What a draft's encrypted document holds: the answers, which version of DUO's data they were
given against, and the link that the student came by."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from app import keys
from app.codec import decode, encode
from app.domain.deeplink import Link
from app.domain.draft import Draft


class Content(NamedTuple):
    answers: Draft
    seen: int  # the version of DUO's data
    link: Link | None


def sealed(draft_id: str, answers: Draft, seen: int, link: Link | None) -> bytes:
    return keys.seal(
        f"draft.document.{draft_id}",
        {"v": 1, "answers": encode(answers), "known": seen, "link": encode(link)},
    )


def opened(draft_id: str, document: bytes) -> Content:
    content = keys.unseal(f"draft.document.{draft_id}", document)
    link = decode(Link, content["link"]) if content.get("link") else None
    return Content(decode(Draft, content["answers"]), content["known"], link)


def without_address(draft_id: str, document: bytes) -> bytes | None:
    """The document without DUO's address of the student; None when it holds none."""
    answers, seen, link = opened(draft_id, document)
    known = answers.person
    if known is None or known.person is None or known.person.address is None:
        return None
    hidden = replace(known, person=replace(known.person, address=None), current=False)
    return sealed(draft_id, replace(answers, person=hidden), seen, link)
