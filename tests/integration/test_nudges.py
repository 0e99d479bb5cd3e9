"""There is news: one word to the SIS, by way of the outbox (SIS-9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from time_machine import Traveller

from app import clock, jobs
from app.domain.ports import News, Unavailable
from app.services import koppelpunten, nudges, work
from tests import watch
from tests.applicants import send
from tests.portal import Portal
from tests.sis import sis

pytestmark = pytest.mark.each_run_on("sqlite")

HERE = "https://sis.example/nieuws"


class Sis:
    """Hears of news, unless it is out."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, News]] = []
        self.out = False

    def nudge(self, url: str, news: News) -> None:
        if self.out:
            raise Unavailable("sis")
        self.heard.append((url, news))


@pytest.fixture
def ears() -> Sis:
    return Sis()


@pytest.fixture
def worker(any_portal: Portal, ears: Sis) -> Any:
    """Does what is due."""
    extensions = any_portal.app.extensions
    registers = replace(extensions["registers"], nudger=ears)
    doing = jobs.acts(any_portal.settings, registers, extensions["store"])

    def work_on() -> None:
        while jobs.run_one(doing):
            pass

    return work_on


def set_url(url: str) -> None:
    wanted = koppelpunten.Settings(nudge_url=url)
    koppelpunten.set_up("99XX", "99XX", wanted, clock.now(), production=False)


def waiting_jobs() -> list[Any]:
    return watch.all_of("job", name=nudges.NUDGE)


@pytest.mark.rule("SIS-9")
def test_news_is_told_once_and_says_how_much(
    any_portal: Portal, ears: Sis, worker: Any, machine: Traveller
) -> None:
    set_url(HERE)
    send(any_portal, 1, 2, 3)
    assert len(waiting_jobs()) == 1
    worker()
    assert ears.heard == [(HERE, News("99XX", "ROC De Horizon", 3))]
    assert waiting_jobs() == []
    send(any_portal, 4)
    worker()
    assert len(ears.heard) == 1  # not within a minute
    machine.shift(timedelta(seconds=61))
    worker()
    assert [news.waiting for _url, news in ears.heard] == [3, 4]


@pytest.mark.rule("SIS-9")
def test_without_an_address_or_without_news_nothing_is_said(
    any_portal: Portal, ears: Sis, worker: Any
) -> None:
    send(any_portal, 1)
    assert waiting_jobs() == []
    set_url(HERE)
    send(any_portal, 2)
    sis(any_portal).fresh()
    worker()
    assert (ears.heard, waiting_jobs()) == ([], [])


@pytest.mark.rule("SIS-9")
def test_a_sis_that_is_out_is_told_later(
    any_portal: Portal, ears: Sis, worker: Any, machine: Traveller
) -> None:
    set_url(HERE)
    ears.out = True
    send(any_portal, 1)
    worker()
    (row,) = waiting_jobs()
    assert (row.attempts, row.last_error, row.failed_at) == (1, "Unavailable", None)
    send(any_portal, 2, 3)
    worker()
    assert waiting_jobs()[0].attempts == 1  # more news is no reason to hurry
    ears.out = False
    machine.shift(timedelta(seconds=61))
    worker()
    assert [news.waiting for _url, news in ears.heard] == [3]


def test_news_that_comes_while_it_is_told_is_told_too(
    any_portal: Portal, machine: Traveller
) -> None:
    set_url(HERE)
    send(any_portal, 1)
    now = clock.real_seconds()
    claimed = work.claim(now)
    while claimed is not None and claimed.name != nudges.NUDGE:
        claimed = work.claim(now)
    assert claimed is not None
    send(any_portal, 2)
    work.done(claimed, now)
    assert len(waiting_jobs()) == 1
    assert nudges.due(claimed.about) is not None


UNCALLABLE = (
    *("xn--a.nl", "xn--0.nl", "xn--", "☃.net", "٣.nl", "999.1.1.1", "1.2.3.4.5", "[::1", "[v1.a]"),
    *("sis nl", "%00.nl", "a..nl", "-a.nl", "a" * 64 + ".nl", "sis.nl:x", "sis.nl:٣", "\ud800.nl"),
)


@pytest.mark.rule("SIS-9")
@pytest.mark.parametrize(
    "host",
    ["sis.example", "münchen.de", "xn--mnchen-3ya.de", "93.184.216.34", "[2a00:1450::1]:8443"],
)
def test_what_can_be_called_is_taken(one_portal: Portal, host: str) -> None:
    url = f"https://{host}/nieuws?a=b c"
    assert httpx.URL(url).host
    wanted = koppelpunten.Settings(nudge_url=url)
    koppelpunten.set_up("99XX", "99XX", wanted, clock.now(), production=True)
    assert watch.row_of("koppelpunt", code="99XX").nudge_url == url


@pytest.mark.each_run(10)
@pytest.mark.rule("SIS-9")
@pytest.mark.parametrize(
    ("url", "production"),
    [
        *(("http://sis.example/", True), ("ftp://sis.example/", False), ("sis.example", False)),
        *(
            ("https://ik:geheim@sis.example/", False),
            ("https://", False),
            ("https://x" * 999, False),
        ),
        *((f"https://{host}/nieuws", False) for host in UNCALLABLE),
        *(
            (f"https://sis.example/{path}", False)
            for path in ("\0", "\n", "\t", "\u202e", "\ud800")
        ),
    ],
)
def test_what_is_no_address_is_refused(any_portal: Portal, url: str, production: bool) -> None:
    wanted = koppelpunten.Settings(nudge_url=url)
    with pytest.raises(ValueError, match="address"):
        koppelpunten.set_up("99XX", "99XX", wanted, clock.now(), production=production)
