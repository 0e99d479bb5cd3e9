"""What the check page shows is what a SIS is served, both ways (WIZ-12)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings

from app.domain.dossier import Dossier
from app.domain.draft import QUESTIONS, Draft
from app.domain.journey import path
from app.domain.message import served
from app.i18n import translate
from app.wizard.steps import STEPS
from tests.contract.described import cambo
from tests.length import examples
from tests.unit.complete import KEPT, TODAY, changed_drafts, complete_drafts
from tests.unit.rereading import Reading

SHOWN_BY_CODE = {
    "choice": "RIO's words for the programme and cohort of which the codes are sent",
    "key": "only that the access code was right; the code itself is kept nowhere",
}
OURS = "additionalObjects.centraalAanmelden"
NOT_SHOWN = {
    "$type": "what kind of thing it is",
    "type": "every message of this page is an application",
    "ingetrokken": "nothing is withdrawn before it is sent",
    "caKetenId": "made when it is sent",
    "ketenId": "made when it is sent; the confirmation shows it",
    "datumTijdIndienen": "the moment of sending",
    "bsn": "who is logged in; no page shows a BSN (RET-2)",
    "instelling": "the code of the school that is shown",
    "opleiding": "the code of the programme that is shown",
    "opleidingCohort": "the code of the start that is shown",
    "aanmeldingVoorEersteLeerjaar": "true unless another leerjaar is shown",
    "extraOndersteuning": "always false: nobody is asked (WIZ-17)",
    "leerbedrijf.$type": "what kind of thing it is",
    "leerbedrijf.leerbedrijfId": "the number of the company that is shown",
    "leerbedrijf.erkenning": "the crebo of the programme that is shown",
    "leerbedrijf.adres.$type": "what kind of thing it is",
    "leerbedrijf.adres.postcode": "of the company's address that is shown",
    "leerbedrijf.adres.land": "of the company's address that is shown",
    "leerbedrijf.adres.huisnummerToelichting": "of the company's address that is shown",
    f"{OURS}.geboorteplaats": "DUO-2: the page says in a sentence that it is sent",
    f"{OURS}.geboorteland": "DUO-2: the page says in a sentence that it is sent",
    f"{OURS}.geverifieerdDoorDuo": "shown as who said it",
    f"{OURS}.opTijd": "the page says so in a sentence (WIZ-16)",
    f"{OURS}.identificatieniveau": "how the student logged in (IDN-9)",
    f"{OURS}.identificatiemoment": "when the student logged in (IDN-9)",
}
thorough = settings(max_examples=examples(60), deadline=None)


@pytest.fixture(scope="module", autouse=True)
def in_dutch() -> Iterator[None]:
    """Countries are called what the reader calls them."""
    with Flask("page").test_request_context():
        yield


def shown(question: str, answer: Any) -> list[tuple[str, str]]:
    return [(label, translate("nl", value)) for label, value in STEPS[question].lines(answer)]


def leaves(data: dict[str, Any], at: str = "") -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{at}{name}.")
        else:
            yield at + name


@pytest.mark.rule("WIZ-12")
@pytest.mark.rule("SIS-4")
@thorough
@given(changed_drafts(TODAY))
def test_the_check_page_can_be_drawn_from_the_message_and_nothing_else_is_in_it(
    draft: Draft,
) -> None:
    dossier = Dossier.of(draft, TODAY)
    message = served(dossier, KEPT)
    cambo().check("vca_Aanmelding", message)
    reading = Reading(message)
    read = reading.answers()
    asked = set(path(draft, TODAY))
    held = {question for question in QUESTIONS if dossier.answers.answer(question) is not None}
    assert held == asked, "left behind by a change"
    for question in asked - set(SHOWN_BY_CODE):
        assert shown(question, read[question]) == shown(question, dossier.answers.answer(question))
    assert set(leaves(reading.left)) <= set(NOT_SHOWN)


@pytest.mark.long
@pytest.mark.rule("WIZ-12")
def test_every_reason_not_to_show_something_is_needed() -> None:
    met: set[str] = set()

    @settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(complete_drafts(TODAY))
    def collect(draft: Draft) -> None:
        reading = Reading(served(Dossier.of(draft, TODAY), KEPT))
        reading.answers()
        met.update(leaves(reading.left))

    collect()
    assert met == set(NOT_SHOWN)
