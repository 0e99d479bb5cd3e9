"""What is stored is what was answered; what an earlier release stored can be read."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import given, settings

from app.codec import decode, encode
from app.domain.deeplink import Link
from app.domain.draft import Contact, Draft, Known, Outcome
from app.domain.person import Person
from tests.length import examples
from tests.unit.answers import DRAFTS, open_choice


def stored(value: Any) -> Any:
    return json.loads(json.dumps(encode(value)))


@settings(max_examples=examples(300), deadline=None)
@given(DRAFTS)
def test_a_draft_comes_back_as_it_was(draft: Draft) -> None:
    assert decode(Draft, stored(draft)) == draft


def test_no_answer_is_not_the_answer_none() -> None:
    assert decode(Draft, stored(Draft(guardians=()))).guardians == ()
    assert decode(Draft, stored(Draft(guardians=None))).guardians is None
    assert encode(Draft()) == {}


def test_types_come_back_and_not_only_their_text() -> None:
    draft = Draft(
        person=Known(Outcome.FOUND, Person(surname="Jansen")), choice=open_choice(date(2026, 2, 28))
    )
    back = decode(Draft, stored(draft))
    assert back.person is not None
    assert back.person.outcome is Outcome.FOUND
    assert back.choice is not None
    assert back.choice.apply_from == date(2026, 2, 27)


def test_a_field_that_is_no_longer_there_is_dropped() -> None:
    old = stored(Draft(contact=Contact("Ali", "ali@voorbeeld.nl")))
    old["nationality"] = "0001"
    old["contact"]["fax"] = "038"
    assert decode(Draft, old) == Draft(contact=Contact("Ali", "ali@voorbeeld.nl"))


def test_a_field_that_was_not_there_yet_has_its_default() -> None:
    old = stored(Draft(choice=open_choice(date(2026, 11, 25))))
    for name in ("version", "open", "apply_until"):
        old["choice"].pop(name, None)
    read = decode(Draft, old).choice
    assert read is not None
    assert (read.version, read.open, read.apply_until) == (0, True, None)


def test_a_link_comes_back() -> None:
    link = Link("99XX", crebo="25180", return_url="https://www.school.example/?a=1", kenmerk="x&y")
    assert decode(Link, stored(link)) == link
