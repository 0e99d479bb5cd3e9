"""What our adapter makes of RIO's answers, written out here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from app.domain.ports import MalformedReply
from app.registers.bounded import InProcess
from app.registers.http import Client
from app.registers.rio import RioCatalogue
from tests.source import everything

UUID = "0b6f0e1c-8d5f-4a53-9c1e-1f6d2f0a7b11"
Pages = Mapping[str, Any]


def answering(pages: Pages, page_size: int = 100) -> RioCatalogue:
    """The adapter over a RIO that says `pages`, by path (with `?page=n` from page 1 on)."""

    def app(environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        page = request.args.get("page", "0")
        key = request.path + (f"?page={page}" if page != "0" else "")
        known = key in pages
        body = json.dumps(pages.get(key, {}))
        reply = Response(body, 200 if known else 404, mimetype="application/json")
        return reply(environ, start_response)

    return RioCatalogue(Client("rio", "http://rio.example", InProcess(app)), page_size)


SCHOOL = {"id": "99XX", "code": "99XX", "wet": "WEB"}


UNIT = {"id": "991A001", "code": "991A001", "type": "ONDERWIJSAANBIEDER", "naam": "Een school"}


OFFER = {
    "id": UUID,
    "type": "AANGEBODENMBOOPLEIDING",
    "leertraject": "BOL",
    "eigennaam": "Kok",
}


COHORT = {
    "id": "1",
    "code": "KOK-1",
    "status": "O",
    "beginAanmeldperiode": "2026-10-01",
    "toestemmingVereistVoorAanmelding": "NEE",
}


BELOW = f"/aangeboden-opleidingen/{UUID}"


def pages(**changed: Any) -> dict[str, Any]:
    """A RIO with one programme, as plain arrays; by keyword another answer for one call."""
    whole = {
        "school": ("/erkenningen", [SCHOOL]),
        "unit": ("/erkenningen/99XX/organisatorische-eenheden", [UNIT]),
        "contacts": ("/organisatorische-eenheden/991A001/contactadressen", []),
        "offers": ("/aangeboden-opleidingen", [OFFER]),
        "offer": (BELOW, OFFER),
        "provider": (f"{BELOW}/onderwijsaanbieder", UNIT),
        "training": (f"{BELOW}/opleiding", {"id": "1001O0001", "volledigeNaam": "Kok"}),
        "place": (f"{BELOW}/onderwijslocatie", {"onderwijslocatiecode": "991X001"}),
        "cohorts": (f"{BELOW}/aangeboden-opleiding-cohorten", [COHORT]),
        "crebo": (
            "/opleidingen/1001O0001/opleidingserkenning",
            {"erkendeopleidingscode": "25180"},
        ),
    }
    return {path: changed.get(name, body) for name, (path, body) in whole.items()}


@pytest.mark.rule("CAT-2")
def test_contacts_of_one_context_are_read_together() -> None:
    contacts = [
        {"id": "0", "context": "ALGEMEEN", "subcontextnummer": "1", "eMailadres": "info@a.example"},
        {"id": "1", "context": "CENTRAAL_AANMELDEN_MBO", "subcontextnummer": "2",
         "telefoonnummer": "088-2", "webadres": "javascript:alert(1)"},
        {"id": "2", "context": "CENTRAAL_AANMELDEN_MBO", "subcontextnummer": "1",
         "eMailadres": "mbo@a.example"},
    ]  # fmt: skip
    (found,) = answering(pages(contacts=contacts)).providers()
    assert (found.email, found.phone, found.website) == ("mbo@a.example", "088-2", "")
    (nobody,) = answering(pages()).providers()
    assert (nobody.contact_context, nobody.email) == ("", "")


def test_plain_arrays_are_read_too() -> None:
    (programme,) = everything(answering(pages()))
    assert (programme.id, programme.crebo, len(programme.cohorts)) == (UUID, "25180", 1)
    assert answering(pages()).programme(UUID) == programme


def test_an_item_on_two_pages_counts_once() -> None:
    first = {"_embedded": {"x": [OFFER]}, "_links": {"next": {"href": "http://elsewhere/"}}}
    answers = pages(offers=first) | {"/aangeboden-opleidingen?page=1": [OFFER]}
    assert len(list(everything(answering(answers)))) == 1


def test_a_provider_of_two_schools_counts_once() -> None:
    other = {"id": "91XX", "code": "91XX", "wet": "WEB"}
    answers = pages(school=[SCHOOL, other])
    answers["/erkenningen/91XX/organisatorische-eenheden"] = [UNIT]
    assert [p.brin for p in answering(answers).providers()] == ["99XX"]
    assert len(list(everything(answering(answers)))) == 1


def test_only_schools_for_vocational_education() -> None:
    assert not list(everything(answering(pages(school=[{**SCHOOL, "wet": "WVO"}]))))


def test_an_access_code_is_kept_but_not_shown() -> None:
    cohort = {**COHORT, "toegangscodeCohort": "zon-en-maan"}
    (programme,) = everything(answering(pages(cohorts=[cohort])))
    assert programme.cohorts[0].access_code == "zon-en-maan"
    assert "zon-en-maan" not in repr(programme)


@pytest.mark.parametrize(
    "changed",
    [
        {"offers": [{**OFFER, "id": "1"}]},
        {"offers": [{**OFFER, "leertraject": None}]},
        {"offers": [{**OFFER, "mboniveau": "MBO-9"}]},
        {"offers": [{**OFFER, "einddatum": "2027-02-30"}]},
        {"offers": {"fout": "x"}},
        {"offers": "x"},
        {"training": []},
        {"crebo": {"erkendeopleidingscode": 25180}},
        {"cohorts": [{**COHORT, "status": "X"}]},
        {"cohorts": [{**COHORT, "code": ""}]},
        {"cohorts": [{**COHORT, "code": "x" * 61}]},
        {"cohorts": [{**COHORT, "beginAanmeldperiode": None}]},
        {"cohorts": [{**COHORT, "deelnemersplaatsen": "24"}]},
        {"place": {"huisnummer": True}},
        {"school": [{**SCHOOL, "code": "../x"}]},
    ],
    ids=repr,
)
def test_nonsense_fails_the_whole(changed: dict[str, Any]) -> None:
    with pytest.raises(MalformedReply):
        list(everything(answering(pages(**changed))))


def test_what_rio_lacks_is_left_empty() -> None:
    answers = pages()
    for below in ("opleiding", "onderwijslocatie", "aangeboden-opleiding-cohorten"):
        del answers[f"{BELOW}/{below}"]
    (programme,) = everything(answering(answers))
    assert (programme.crebo, programme.place, programme.cohorts) == ("", "", ())


@pytest.mark.rule("CAT-1")
def test_a_key_in_capitals_is_the_same_key() -> None:
    (record,) = everything(answering(pages(offers=[{**OFFER, "id": UUID.upper()}])))
    assert record.id == UUID
