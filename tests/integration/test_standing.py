"""What the student reads of every move that the domain knows: in the timeline, in the panel above
it, and in the overview (MIJ-1, STA-1)."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count
from typing import NamedTuple

import pytest

from app import clock, standing
from app.domain.status import CODES, MOVES, RETRACTABLE, Source, Status
from app.services import statuses
from tests import watch
from tests.applicants import adult, cohorts_open
from tests.portal import Portal, Student
from tests.sent import applies, says

S, STUDENT, KOPPELPUNT = Status, Source.STUDENT, Source.KOPPELPUNT
WAYS = {  # what a school says to come to a status
    S.SUBMITTED: (),
    S.RECEIVED: ("AO",),
    S.OFFERED: ("AO", "OA"),
    S.ENROLLED: ("AO", "OA", "LI"),
    S.REJECTED: ("AO", "LNI"),
}
AT_ALL = (S.SUBMITTED, S.RECEIVED, S.OFFERED)
numbers = count(1)


class Words(NamedTuple):
    told: str  # in the timeline, for good
    means: str  # in the panel and in the overview, while it is so
    after: str  # as there


SENT = Words(
    "Je hebt je aanmelding verstuurd.",
    "Je aanmelding is verstuurd. De school gaat ermee aan de slag.",
    "Je hoeft nu niets te doen. De school laat van zich horen.",
)
OFFERED = "Je krijgt van de school een overeenkomst. Lees die goed, en laat weten of je komt."
ENROLLED = "De school vertelt je wanneer je begint."
REVERSED = "De school heeft de afwijzing teruggedraaid: je kunt toch komen."
TAKEN_BACK = "De school heeft het aanbod van een plek teruggenomen."
UNDONE = "De school heeft je inschrijving ongedaan gemaakt."
BY_SCHOOL = "De school heeft doorgegeven dat deze aanmelding is ingetrokken."
MISTAKE = "Klopt dat niet? Bel of mail de school. Je kunt je ook opnieuw aanmelden."
OVER = "Je hoeft niets meer te doen. Wil je toch? Begin dan een nieuwe aanmelding."
CHOSE_OTHER = Words(
    "Je koos voor een andere aanmelding.",
    "Je koos voor een andere aanmelding. Daarom is deze ingetrokken.",
    OVER,
)
SAID = [
    (
        *((S.SUBMITTED,), KOPPELPUNT, S.RECEIVED),
        "Je aanmelding kwam aan, en de school ging die bekijken.",
        "De school heeft je aanmelding en bekijkt die.",
        "De school nodigt je uit. Ga naar het gesprek: dat moet.",
    ),
    (
        *((S.OFFERED,), KOPPELPUNT, S.RECEIVED),
        *(TAKEN_BACK, TAKEN_BACK),
        "Bel of mail de school, en vraag waarom. Je aanmelding loopt nog wel.",
    ),
    (
        *((S.SUBMITTED, S.RECEIVED), KOPPELPUNT, S.OFFERED),
        "De school zei dat je kunt komen.",
        *("De school wil je graag hebben.", OFFERED),
    ),
    ((S.REJECTED,), KOPPELPUNT, S.OFFERED, REVERSED, REVERSED, OFFERED),
    (
        *(AT_ALL, KOPPELPUNT, S.ENROLLED),
        "De school schreef je in als student.",
        *("Je bent student van deze school.", ENROLLED),
    ),
    ((S.REJECTED,), KOPPELPUNT, S.ENROLLED, REVERSED, REVERSED, ENROLLED),
    (
        *(AT_ALL, KOPPELPUNT, S.REJECTED),
        "De school besloot dat je geen plek krijgt.",
        "Je krijgt geen plek bij deze opleiding.",
        "Vraag de school waarom, en wat je nog kunt doen. "
        "Je kunt je ook aanmelden voor een andere opleiding.",
    ),
    (
        *(AT_ALL, STUDENT, S.WITHDRAWN),
        "Je liet de school weten dat je niet komt.",
        *("Je hebt deze aanmelding ingetrokken.", OVER),
    ),
    (AT_ALL, KOPPELPUNT, S.WITHDRAWN, BY_SCHOOL, BY_SCHOOL, MISTAKE),
    ((S.ENROLLED,), KOPPELPUNT, S.WITHDRAWN, UNDONE, UNDONE, MISTAKE),
]
WORDS = {
    (before, source, status): Words(*words)
    for befores, source, status, *words in SAID
    for before in befores
}


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


class Applicant:
    """Somebody whose school said these things of the first application."""

    def __init__(self, portal: Portal, codes: tuple[str, ...], often: int = 1) -> None:
        bsn, self.moment = adult(next(numbers)), clock.now()
        self.drafts = [applies(portal, bsn, cohort) for cohort in cohorts_open()[:often]]
        self.status = S.SUBMITTED
        self.told = [(self.status, SENT.told)]
        for code in codes:
            self.hears(code)
        self.student = Student(portal.browser(), bsn)
        self.student.log_in()

    def hears(self, code: str) -> None:
        self.moment += timedelta(minutes=1)
        says(self.drafts[0], code, self.moment)
        self.becomes(KOPPELPUNT, CODES[code])

    def becomes(self, source: Source, status: Status, words: Words | None = None) -> Words:
        found = words or WORDS[self.status, source, status]
        self.status = status
        self.told.append((status, found.told))
        return found

    def reads(self, words: Words) -> None:
        """Of the first: each step once, and what now is so in both places."""
        page = watch.main(self.student.get(f"/mijn/{self.drafts[0]}").text)
        (timeline,) = re.findall(r'<ol class="timeline".*?</ol>', page, re.S)
        steps = [plain(step) for step in re.findall(r"<li.*?</li>", timeline, re.S)]
        for step, (status, told) in zip(steps, self.told, strict=True):
            assert step.startswith(standing.STATUS[status]), step
            assert step.count(told) == 1, step
            assert re.search(r"\d+ \w+ \d{4}, \d\d:\d\d · Door (jou|de school)", step), step
        text = plain(page)
        panel, _after = text.split("Zo ging het tot nu toe")
        assert f"{words.means} En nu? {words.after} Sinds " in panel
        for of in Status:  # neither what came next once, nor twice what comes now
            assert text.count(standing.NEXT[of]) == (standing.NEXT[of] == words.after)
        assert text.count(words.after) == 1
        assert ("Trek je aanmelding in" in text) is (self.status in RETRACTABLE)
        card = plain(watch.main(self.student.get("/mijn").text))
        assert f"{words.means} En nu? {words.after} Sinds " in card


def plain(html: str) -> str:
    """On one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_there_are_words_for_every_move_of_the_domain() -> None:
    moves = {(*origin, status) for origin, found in MOVES.items() for status in found}
    assert set(WORDS) == {move for move in moves if move[0] is not move[-1]}


@pytest.mark.rule("MIJ-1", "STA-1")
def test_what_was_sent_is_told(portal: Portal) -> None:
    Applicant(portal, ()).reads(SENT)


@pytest.mark.each_run(8)
@pytest.mark.rule("MIJ-1", "STA-1", "STA-3")
@pytest.mark.parametrize(("before", "status"), [(b, s) for b, by, s in WORDS if by is KOPPELPUNT])
def test_what_a_school_says_is_told(portal: Portal, before: Status, status: Status) -> None:
    applicant = Applicant(portal, WAYS[before])
    (code,) = (code for code, found in CODES.items() if found is status)
    applicant.hears(code)
    applicant.reads(WORDS[before, KOPPELPUNT, status])


@pytest.mark.rule("MIJ-1", "MIJ-2")
@pytest.mark.parametrize("before", [b for b, by, _status in WORDS if by is STUDENT])
@pytest.mark.parametrize("chose", [False, True], ids=["withdraws", "chooses another"])
def test_that_a_student_stops_is_told(portal: Portal, before: Status, chose: bool) -> None:
    applicant = Applicant(portal, WAYS[before], 2 if chose else 1)
    first, *others = applicant.drafts
    student_id = watch.row_of("application", draft_id=first).student_id
    later = applicant.moment + timedelta(minutes=1)
    if chose:
        says(others[0], "OA")
        statuses.keep_one(student_id, others[0], [first], later)
    else:
        statuses.withdraw(student_id, first, "", later)
    applicant.reads(applicant.becomes(STUDENT, S.WITHDRAWN, CHOSE_OTHER if chose else None))


@pytest.mark.rule("MIJ-1", "STA-3")
def test_an_offer_that_comes_again_is_one(portal: Portal) -> None:
    """What was taken back stays in the timeline, and is not said above it any more."""
    applicant = Applicant(portal, ("AO", "OA", "AO", "OA"))
    applicant.reads(WORDS[S.RECEIVED, KOPPELPUNT, S.OFFERED])
