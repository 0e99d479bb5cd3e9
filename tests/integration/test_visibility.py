"""Where a programme is seen, for each reason why not; and what is hidden is as what never was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update

from app import clock, db
from app.domain.catalogue import HIDING, Reason
from app.models import institution, koppelpunt, programme, provider
from app.services import catalogue_renew, institutions
from tests import watch
from tests.choosing import IDS, KOK, in_our_copy, look_at, nobody_yet, offered
from tests.days import on_a_page
from tests.portal import ADULT, Portal, Student, cohorts, programmes

pytestmark = pytest.mark.each_run_on("sqlite")

NAME, SPORT, BRIN = "Sport- en bewegingsleider", "sport-bol", "92XX"
NOT_HERE = "We vinden deze opleiding niet (meer). Zoek een andere."
CLOSED_LINK = "Aanmelden kan nu niet"


def in_rows(table: Any, where: Any, **values: Any) -> None:
    with db.transaction() as connection:
        connection.execute(update(table).where(where).values(**values))
        catalogue_renew.touched(connection)


def dropped(portal: Portal, key: str = SPORT) -> None:
    catalogue_renew.replace(IDS[key], None)
    portal.app.extensions["store"].put(f"rio:{IDS[key]}", b"1", catalogue_renew.FRESH)


def not_ticked(_portal: Portal) -> None:
    in_rows(institution, institution.c.brin == BRIN, whitelist=True)


def of_a_provider_that_is_gone(_portal: Portal) -> None:
    in_rows(provider, provider.c.brin == BRIN, active=False)


def without_koppelpunt(_portal: Portal) -> None:
    later = clock.now() + timedelta(days=2)
    in_rows(koppelpunt, koppelpunt.c.brin == BRIN, active_from=later)


def windows(**facts: Any) -> Callable[[Portal], None]:
    return lambda portal: in_our_copy(portal, SPORT, cohorts=lambda c: replace(c, **facts))


def full(_portal: Portal) -> None:
    (only,) = offered(SPORT)
    institutions.set_places(IDS[SPORT], only.choice.cohort_code, 0)


class Case(NamedTuple):
    reason: Reason | None
    make: Callable[[Portal], None]
    says: str = ""
    found: bool | None = False  # by searching; None: not looked at


CASES = {
    "open": Case(None, lambda portal: None, found=True),
    "dropped": Case(Reason.INACTIVE, dropped),
    "of a provider that is gone": Case(Reason.INACTIVE, of_a_provider_that_is_gone, found=None),
    "ended": Case(
        Reason.ENDED, lambda p: in_our_copy(p, SPORT, ends=clock.today() - timedelta(days=1))
    ),
    "odt": Case(Reason.NOT_OFFERED, lambda p: in_our_copy(p, SPORT, leertraject="ODT")),
    "not ticked": Case(Reason.NOT_TICKED, not_ticked),
    "no koppelpunt": Case(
        Reason.NO_KOPPELPUNT,
        without_koppelpunt,
        "Deze school kan nu geen aanmeldingen ontvangen.",
    ),
    "closed": Case(Reason.CLOSED, windows(open=False), "De school heeft de aanmelding gesloten."),
    "over": Case(
        Reason.OVER,
        windows(apply_until=clock.today() - timedelta(days=1)),
        f"Aanmelden kon tot en met {on_a_page(clock.today() - timedelta(days=1))}.",
    ),
    "no start": Case(
        Reason.NO_START,
        windows(
            start=None,
            start_from=clock.today() - timedelta(days=30),
            start_until=clock.today() - timedelta(days=1),
        ),
        "Je kunt hier niet meer beginnen: de laatste startdag is voorbij.",
    ),
    "not yet": Case(
        Reason.NOT_YET,
        windows(apply_from=clock.today() + timedelta(days=1)),
        f"Je kunt je aanmelden vanaf {on_a_page(clock.today() + timedelta(days=1))}.",
        found=True,
    ),
    "full": Case(Reason.FULL, full, "Deze opleiding is vol.", found=None),
}


def test_every_reason_is_looked_at() -> None:
    assert {case.reason for case in CASES.values()} == {None, *Reason}


def searched(student: Student) -> bool:
    page = student.browser.get(
        f"/aanmelding/{student.draft}/opleiding", params={"q": "bewegingsleider"}
    )
    shown = NAME in page.text
    assert shown == bool(programmes(page.text))
    return shown


@pytest.mark.each_run(6)
@pytest.mark.rule("WIZ-8", "CAT-6", "DEE-5")
@pytest.mark.parametrize("kind", CASES)
def test_a_programme_is_where_it_may_be_and_nowhere_else(any_portal: Portal, kind: str) -> None:
    case = CASES[kind]
    student = any_portal.student(ADULT).walk_to("opleiding")
    (cohort,) = (o.choice.cohort_id for o in offered(SPORT))
    case.make(any_portal)
    (only,) = offered(SPORT)
    assert only.visibility.why == case.reason
    hidden = case.reason in HIDING
    if case.found is not None:
        assert searched(student) == case.found
    page = look_at(student, SPORT)
    assert (NAME in page.text) != hidden
    assert (NOT_HERE in page.text) == hidden
    assert NOT_HERE not in student.browser.get(str(page.url.copy_with(query=None))).text
    assert (cohort in cohorts(page.text)) == (case.reason is None)
    assert case.says in page.text
    link = any_portal.browser().get(f"/aanmelden?opleiding={IDS[SPORT]}")
    assert link.status_code == (404 if hidden else 200)
    assert (NAME in link.text) != hidden
    assert (CLOSED_LINK in link.text) == (case.reason is not None and not hidden)
    assert case.says in link.text
    look_at(student, KOK)
    posted = student.post(cohort=cohort)
    assert (posted.status_code == 422) == (case.reason is not None)
    assert case.says in posted.text
    if case.reason is None:
        assert student.at == "ouders"


# --- hidden and unknown ---------------------------------------------------------------------------


def told(answer: httpx.Response) -> tuple[Any, ...]:
    """All that somebody can tell of an answer."""
    unlike = ("date", "set-cookie", "content-length")  # packed, with a token of its own
    headers = [(name, value) for name, value in answer.headers.items() if name not in unlike]
    text = re.sub(r"\?terug=[^\"]*", "", answer.text)  # the address that they asked for
    return answer.status_code, watch.masked(text), headers, answer.history


def sibling_ticked(_portal: Portal) -> None:
    """Of the same name at the same school one is ticked, and the others aren't."""
    in_rows(programme, programme.c.id == IDS["kok-bol-deventer"], whitelisted=True)
    in_rows(institution, institution.c.brin == "99XX", whitelist=True)


HIDDEN = {
    **{kind: (SPORT, case.make) for kind, case in CASES.items() if case.reason in HIDING},
    "sibling": (KOK, sibling_ticked),
    "sibling of one that was dropped": (KOK, lambda portal: dropped(portal, KOK)),
    "born as ODT": ("media-odt", lambda portal: None),
}


@pytest.mark.each_run(4)
@pytest.mark.rule("DEE-5", "WIZ-8")
@pytest.mark.parametrize("kind", HIDDEN)
def test_what_is_hidden_is_answered_as_what_never_was(any_portal: Portal, kind: str) -> None:
    key, make = HIDDEN[kind]
    cohort = offered(key)[0].choice.cohort_id
    make(any_portal)
    assert all(o.visibility.hidden for o in offered(key))
    never, id_ = str(uuid4()), IDS[key]
    student = any_portal.student(ADULT).walk_to("opleiding")
    step = f"/aanmelding/{student.draft}/opleiding"
    for browser in (student.browser, any_portal.browser()):
        for more in ("", "&cohort=X", "&returnUrl=https://www.school.example/&kenmerk=a"):
            asked = [browser.get(f"/aanmelden?opleiding={i}{more}") for i in (id_, never)]
            assert told(asked[0]) == told(asked[1])
            assert asked[0].status_code == 404
    for query in ("?programma={}", "?programma={}&q=kok", "?voorstel=1&programma={}"):
        asked = [student.browser.get(step + query.format(i)) for i in (id_, never)]
        assert told(asked[0]) == told(asked[1])
        assert NOT_HERE in asked[0].text
    form = {"csrf_token": watch.token(student.get(step).text)}
    for data in ({"cohort": "{}"}, {"cohort": "{}", "q": "kok"}):
        asked = [
            student.browser.post(step, data=form | {n: v.format(i) for n, v in data.items()})
            for i in (cohort, never)
        ]
        assert told(asked[0]) == told(asked[1])
        assert asked[0].status_code == 422
        assert NOT_HERE not in asked[0].text, "the error says so"
    assert watch.all_of("refused_link") == []


@pytest.mark.rule("WIZ-8", "DEE-5")
def test_what_is_hidden_is_not_shown_beside_what_bears_its_name(any_portal: Portal) -> None:
    sibling_ticked(any_portal)
    student = any_portal.student(ADULT).walk_to("opleiding")
    page = look_at(student, "kok-bol-deventer").text
    assert cohorts(page) == [
        o.choice.cohort_id for o in offered("kok-bol-deventer") if o.visibility.open
    ]
    assert "Deventer" in page
    assert 'lang="nl">Zwolle<' not in page
    link = any_portal.browser().get("/aanmelden?instelling=99XX&crebo=25180")
    assert "Deventer" in link.text
    assert "Zwolle" not in link.text


@pytest.mark.rule("DEE-5")
def test_no_school_and_no_crebo_are_answered_alike(portal: Portal) -> None:
    browser = portal.browser()
    queries = (
        *("instelling=98XX", "instelling=", "instelling=9999", "instelling=99XX%00", "crebo=25180"),
        *("instelling=99XX&crebo=00000", "instelling=98XX&crebo=25180", "opleiding=x", "cohort=x"),
        *("instelling=99XX&crebo=2518", f"opleiding={UUID(int=0)}", "instelling[]=99XX"),
        *("opleiding=&instelling=", "instelling=99XX&crebo=٢٥١٨٠", "=", "opleiding=%ED%A0%80"),
        *(f"opleiding={IDS[KOK]}%20", f"opleiding={{{IDS[KOK]}}}", "instelling=" + "9" * 6000),
        *(f"opleiding={UUID(int=1)}&opleiding={IDS[KOK]}", "instelling=98XX&instelling=99XX"),
    )
    first, *others = (told(browser.get(f"/aanmelden?{query}")) for query in queries)
    assert first[0] == 404
    for query, other in zip(queries[1:], others, strict=True):
        assert other == first, query


@pytest.mark.each_run(4)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "GET"])
@pytest.mark.parametrize("header", ["Purpose", "Sec-Purpose", "X-Moz", "X-Purpose"])
def test_looking_ahead_is_harmless(portal: Portal, method: str, header: str) -> None:
    student = portal.student(nobody_yet(1))
    address = f"/aanmelden?opleiding={IDS[KOK]}&kenmerk={quote('a b')}"
    for browser in (portal.browser(), student.browser):
        for _ in range(2):
            answer = browser.request(method, address, headers={header: "prefetch"})
            assert answer.status_code in (200, 303)
            assert method == "GET" or answer.content == b""
    assert len(watch.all_of("draft")) <= 2
