"""What our adapter makes of SBB's answers, written out here: nonsense is refused, not shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from app.domain.leerbedrijf import Accreditation
from app.domain.ports import MalformedReply
from app.registers.bounded import InProcess
from app.registers.http import Client
from app.registers.sbb import Sbb

CANARY = "Geheime Zaak"
DAY = date(2027, 8, 1)
KOK, OTHER, NUMBER = "25180", "25182", "100000001"
HOME = {
    "straat": "Brink",
    "huisnummer": "3",
    "toevoeging": "A",
    "postcode": "7411 zx",
    "plaats": "Deventer",
    "land": {"code": "6030", "naam": "Nederland"},
}
COMPANY = {"leerbedrijfId": NUMBER, "naam": CANARY, "vestigingsadres": HOME}
FOUND = {**COMPANY, "erkendVoor": KOK}
PAGE = {"leerbedrijven": [FOUND], "pagina": 1, "meer": False}
ACCREDITED = {
    "leerbedrijfId": NUMBER,
    "crebo": KOK,
    "peildatum": "2027-08-01",
    "status": "ERKEND",
    "erkendVoor": KOK,
}


def answering(body: Any) -> Sbb:
    """The adapter over an SBB that always says `body`."""

    def app(environ: Any, start_response: Any) -> Any:
        Request(environ).get_data()
        return Response(json.dumps(body), mimetype="application/json")(environ, start_response)

    return Sbb(Client("sbb", "http://sbb.example", InProcess(app)))


def refused(ask: Callable[[], Any]) -> None:
    with pytest.raises(MalformedReply) as caught:
        ask()
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    "page",
    [
        [],
        None,
        {},
        {**PAGE, "leerbedrijven": {}},
        {**PAGE, "leerbedrijven": [CANARY]},
        {**PAGE, "leerbedrijven": [FOUND] * 11},
        {**PAGE, "meer": None},
        {**PAGE, "meer": "nee"},
        {**PAGE, "meer": 0},
    ],
    ids=lambda page: repr(page)[:40],
)
def test_a_page_that_is_none(page: Any) -> None:
    refused(lambda: answering(page).search(KOK, "", DAY))


WRONG = [
    {"leerbedrijfId": "12345678"},
    {"leerbedrijfId": "012345678"},
    {"leerbedrijfId": 100000001},
    {"leerbedrijfId": None},
    {"naam": ""},
    {"naam": "  "},
    {"naam": "\u202e\u200b"},
    {"naam": None},
    {"naam": ["x"]},
    {"naam": "x" * 201},
    {"naam": "x\0"},
    {"naam": "\ud800"},
    {"vestigingsadres": None},
    {"vestigingsadres": CANARY},
    {"vestigingsadres": {**HOME, "plaats": ""}},
    {"vestigingsadres": {**HOME, "plaats": "x" * 81}},
    {"vestigingsadres": {**HOME, "straat": 7}},
    {"vestigingsadres": {**HOME, "land": None}},
    {"vestigingsadres": {**HOME, "land": {"code": "NL", "naam": "Nederland"}}},
    {"vestigingsadres": {**HOME, "land": {"code": "9089", "naam": ""}}},
    {"vestigingsadres": {**HOME, "land": {"code": "0000", "naam": "Onbekend"}}},
    {"vestigingsadres": {**HOME, "land": {"code": "1234", "naam": "Nergens"}}},
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: repr(wrong)[:50])
def test_a_company_that_is_none(wrong: dict[str, Any]) -> None:
    refused(lambda: answering({**COMPANY, **wrong}).find(NUMBER))
    refused(lambda: answering({**PAGE, "leerbedrijven": [{**FOUND, **wrong}]}).search(KOK, "", DAY))


@pytest.mark.parametrize("other", [{"leerbedrijfId": "100000002"}])
def test_another_company_than_asked_for(other: dict[str, Any]) -> None:
    refused(lambda: answering({**COMPANY, **other}).find(NUMBER))


@pytest.mark.parametrize("erkend", [None, "", "2518", 25180])
def test_a_found_company_says_for_which_crebo(erkend: Any) -> None:
    page = {**PAGE, "leerbedrijven": [{**FOUND, "erkendVoor": erkend}]}
    refused(lambda: answering(page).search(KOK, "", DAY))


@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({}, Accreditation.VALID),
        ({"erkendVoor": OTHER}, Accreditation.EQUIVALENT),
        ({"status": "VERLOPEN"}, Accreditation.EXPIRED),
        ({"status": "NOG_NIET_ERKEND"}, Accreditation.NOT_YET),
        ({"status": "NIET_ERKEND", "erkendVoor": None}, Accreditation.NOT_ACCREDITED),
    ],
)
def test_what_an_accreditation_means(said: dict[str, Any], answer: Accreditation) -> None:
    assert answering({**ACCREDITED, **said}).accreditation(NUMBER, KOK, DAY) is answer


@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "JA"},
        {"status": None},
        {"status": True},
        {"erkendVoor": None},
        {"erkendVoor": "x"},
        {"leerbedrijfId": "100000002"},
        {"crebo": OTHER},
        {"peildatum": "2027-08-02"},
        {"peildatum": None},
        {"peildatum": "1 augustus"},
    ],
    ids=repr,
)
def test_the_answer_to_another_question_is_none(wrong: dict[str, Any]) -> None:
    refused(lambda: answering({**ACCREDITED, **wrong}).accreditation(NUMBER, KOK, DAY))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("  Bistro \n Op de Brink ", "Bistro Op de Brink"),
        ("Bistro\u202e Peper\u200b", "Bistro Peper"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("%(company)s {{ 7 * 7 }}", "%(company)s {{ 7 * 7 }}"),
        ("x" * 200, "x" * 200),
        ("مطعم", "مطعم"),
    ],
)
def test_a_name_stands_on_one_line_without_what_can_not_be_seen(name: str, shown: str) -> None:
    found = answering({**COMPANY, "naam": name}).find(NUMBER)
    assert found is not None
    assert found.name == shown


def test_a_dutch_address() -> None:
    found = answering({**COMPANY, "onbekend": {"veld": 1}}).find(NUMBER)
    assert found is not None
    address = found.address
    assert (address.street, address.number, address.suffix) == ("Brink", "3", "A")
    assert (address.postcode, address.place, address.lines) == ("7411ZX", "Deventer", ())


@pytest.mark.rule("WIZ-11", "SIS-2")
@pytest.mark.parametrize(
    "odd",
    [
        *({"huisnummer": text} for text in ("12345678901", "3 t/m 17 achter")),
        {"toevoeging": "achterom bij de poort"},
        *({"postcode": text} for text in ("NIET BEKEND 1234", "0411ZX", "7411", "٧٤١١ZX", "")),
    ],
    ids=repr,
)
def test_of_a_dutch_address_what_does_not_fit_is_not_there(odd: dict[str, str]) -> None:
    company = answering({**COMPANY, "vestigingsadres": {**HOME, **odd}}).find(NUMBER)
    assert company is not None
    address = company.address
    assert (address.number, address.suffix, address.postcode) == ("", "", "")
    assert (address.street, address.place) == ("Brink", "Deventer")


@pytest.mark.rule("WIZ-11")
def test_a_house_number_stands_on_one_line() -> None:
    company = answering(
        {**COMPANY, "vestigingsadres": {**HOME, "huisnummer": "12\n13", "straat": "\u200d"}}
    ).find(NUMBER)
    assert company is not None
    assert (company.address.number, company.address.street) == ("12 13", "")


@pytest.mark.rule("WIZ-11")
def test_one_odd_company_hides_no_others() -> None:
    odd = [{**FOUND, "naam": "  "}, CANARY, {**FOUND, "leerbedrijfId": "x"}]
    other = {**FOUND, "leerbedrijfId": "100000002"}
    for rows in ([*odd, FOUND, other], [FOUND, *odd, other], [FOUND, other, *odd]):
        found = answering({**PAGE, "leerbedrijven": rows}).search(KOK, "", DAY)
        assert [company.id for company in found.items] == [NUMBER, "100000002"]
    refused(lambda: answering({**PAGE, "leerbedrijven": odd}).search(KOK, "", DAY))
