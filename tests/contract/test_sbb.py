"""SBB's leerbedrijven: our adapter against the test service, in every state that a company has."""

from __future__ import annotations

import logging
import traceback
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.domain.person import Address
from app.domain.ports import (
    RegisterError,
    RequestRejected,
    Unavailable,
)
from app.registers.http import Client
from app.registers.sbb import Sbb
from digistub import sbb_data as data
from digistub.sbb_data import COMPANIES, KOK, TIMMERMAN
from digistub.world import World
from tests.contract import described
from tests.contract.digistub_process import running_digistub
from tests.contract.world import FAULTS, Stub

IDS = {company.name: company.id for company in COMPANIES}
SIZE = 10


@pytest.fixture
def today(stub: Stub) -> date:
    return stub.world.today()


def every(sbb: Sbb, crebo: str, query: str, on: date) -> list[Leerbedrijf]:
    """All that is found, page by page."""
    found: list[Leerbedrijf] = []
    for page in range(1, 99):
        companies = sbb.search(crebo, query, on, page, SIZE)
        found += companies.items
        assert len(companies.items) == SIZE or not companies.more
        if not companies.more:
            return found
    raise AssertionError("no last page")


@pytest.mark.rule("SBB-1", "WIZ-11")
def test_more_than_two_pages_in_order_of_name(stub: Stub, today: date) -> None:
    found = every(Sbb(stub.sbb()), KOK, "", today)
    assert len(found) > 20
    assert len({company.id for company in found}) == len(found)
    assert [c.name.casefold()[0] for c in found] == sorted(c.name.casefold()[0] for c in found)
    assert {company.crebo for company in found} == {KOK}


@pytest.mark.rule("SBB-1")
@pytest.mark.parametrize(
    "query",
    ["bakkerij zwolle", "zwolle bakk", "BAKKERIJ  Zwólle", "lunchroom het zw", "Bákkérij het"],
)
def test_words_begin_words_of_name_or_place(stub: Stub, today: date, query: str) -> None:
    (found,) = Sbb(stub.sbb()).search(KOK, query, today).items
    assert (found.name, found.place) == ("Bakkerij en lunchroom Het Stoepje", "Zwolle")


@pytest.mark.rule("SBB-1")
def test_a_letter_that_the_index_does_not_know_is_a_blank(stub: Stub, today: date) -> None:
    found = Sbb(stub.sbb()).search(KOK, "a\u19b0b", today)
    assert found.items
    assert found == Sbb(stub.sbb()).search(KOK, "a b", today)


@pytest.mark.rule("SBB-1")
@pytest.mark.parametrize(
    "query", ["akkerij", "xyzzy", "bakkerij arnhem", "_25180", "25180", "!!", "«»", "zwolle OR"]
)
def test_nothing_else_does(stub: Stub, today: date, query: str) -> None:
    assert Sbb(stub.sbb()).search(KOK, query, today).items == ()


@pytest.mark.rule("WIZ-11")
def test_one_crebo_has_one_and_one_has_none(stub: Stub, today: date) -> None:
    sbb = Sbb(stub.sbb())
    assert [c.name for c in sbb.search(data.AUTO, "", today).items] == [data.ONLY_ONE]
    assert sbb.search(data.ENTREE_HORECA, "", today).items == ()


@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize(
    ("name", "crebo", "answer"),
    [
        (data.SAME_NAME, KOK, Accreditation.VALID),
        (data.EQUIVALENTLY, TIMMERMAN, Accreditation.EQUIVALENT),
        (data.EXPIRED, KOK, Accreditation.EXPIRED),
        (data.NOT_YET, KOK, Accreditation.NOT_YET),
        (data.OTHER_CREBO, KOK, Accreditation.NOT_ACCREDITED),
        (data.ABROAD, KOK, Accreditation.VALID),
        (data.LAPSED, KOK, Accreditation.EXPIRED),
    ],
)
def test_every_answer_to_the_question_whether_it_is_accredited(
    stub: Stub, today: date, name: str, crebo: str, answer: Accreditation
) -> None:
    """And only a company that is can be found, but for the one that lapses meanwhile."""
    sbb = Sbb(stub.sbb())
    assert sbb.accreditation(IDS[name], crebo, today) is answer
    found = name in {company.name for company in sbb.search(crebo, name, today, size=50).items}
    assert found is (answer.holds or name == data.LAPSED)


@pytest.mark.rule("WIZ-11")
def test_the_day_counts(stub: Stub, today: date) -> None:
    sbb = Sbb(stub.sbb())
    before, after = today - timedelta(days=30), today - timedelta(days=29)
    expired, not_yet = IDS[data.EXPIRED], IDS[data.NOT_YET]
    assert sbb.accreditation(expired, KOK, before) is Accreditation.VALID
    assert sbb.accreditation(expired, KOK, after) is Accreditation.EXPIRED
    begins = today + timedelta(days=data.LATER)
    assert sbb.accreditation(not_yet, KOK, begins) is Accreditation.VALID
    assert [c.id for c in sbb.search(KOK, data.NOT_YET, begins).items] == [not_yet]


@pytest.mark.rule("WIZ-11")
def test_nobody_knows_a_number_that_is_none(stub: Stub, today: date) -> None:
    sbb = Sbb(stub.sbb())
    for number in ("999999998", "", "1", "000000001", "1000000010", "../x", "10000000١", "geen"):
        assert sbb.find(number) is None
        assert sbb.accreditation(number, KOK, today) is Accreditation.UNKNOWN_COMPANY


def test_two_of_one_name_are_told_apart_by_their_place(stub: Stub, today: date) -> None:
    found = Sbb(stub.sbb()).search(KOK, data.SAME_NAME, today).items
    assert {(c.name, c.place) for c in found} == {
        (data.SAME_NAME, "Zwolle"),
        (data.SAME_NAME, "Arnhem"),
    }


@pytest.mark.parametrize("name", [data.LONG_NAME, data.STRANGE_NAME])
def test_a_name_comes_over_as_it_is(stub: Stub, today: date, name: str) -> None:
    sbb = Sbb(stub.sbb())
    found = sbb.find(IDS[name])
    assert found is not None
    assert found.name == name
    assert [c.name for c in sbb.search(KOK, name[:90], today).items] == [name]


def test_an_address_abroad_has_lines_and_a_country(stub: Stub) -> None:
    sbb = Sbb(stub.sbb())
    abroad = sbb.find(IDS[data.ABROAD])
    assert abroad is not None
    assert abroad.address == Address(
        "9089", lines=("Rheinpromenade 21a", "46446 Emmerich am Rhein", "Duitsland")
    )
    here = sbb.find(IDS[data.ONLY_ONE])
    assert here is not None
    assert here.address == Address(
        street="Motorstraat", number="1", postcode="7411ZX", place="Deventer"
    )


@pytest.mark.each_run(12)
@pytest.mark.parametrize("call", ["zoeken", "bedrijf", "erkenning"])
@pytest.mark.parametrize(("fault", "error"), FAULTS)
def test_every_fault_is_one_of_five_errors(
    stub: Stub,
    today: date,
    call: str,
    fault: str,
    error: type[RegisterError],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    stub.world.set_fault("sbb", call, None, fault)
    sbb = Sbb(stub.sbb(0.3 if fault == "timeout" else 3, checked=fault.isdigit()))
    number, query = IDS[data.ABROAD], data.ABROAD[:7]
    asks = {
        "zoeken": lambda: sbb.search(KOK, query, today),
        "bedrijf": lambda: sbb.find(number),
        "erkenning": lambda: sbb.accreditation(number, KOK, today),
    }
    with pytest.raises(RegisterError) as caught:
        asks.pop(call)()
    assert type(caught.value) is error
    for ask in asks.values():
        assert ask()
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert not [word for word in (number, query, "Emmerich") if word in told]


def test_a_search_that_is_not_there_is_no_answer(stub: Stub, today: date) -> None:
    """A 404 means «no such company» only where one is asked for by its number."""
    stub.world.set_fault("sbb", "zoeken", None, "404")
    with pytest.raises(RequestRejected):
        Sbb(stub.sbb()).search(KOK, "", today)


@pytest.mark.parametrize(
    "asked",
    [
        {"crebo": "2518"},
        {"crebo": "25180x"},
        {"peildatum": "2026-02-30"},
        {"peildatum": "morgen"},
        {"pagina": 0},
        {"pagina": 1001},
        {"aantal": 51},
        {"aantal": "veel"},
        {"zoekterm": "x" * 101},
        {"sorteer": "naam"},
    ],
    ids=repr,
)
def test_the_test_service_refuses_what_is_not_described(
    stub: Stub, asked: dict[str, str | int]
) -> None:
    whole = {"crebo": KOK, "peildatum": "2026-11-29"}
    client = stub.sbb(checked=False)
    assert client.get_json("/leerbedrijven", whole)["leerbedrijven"]
    with pytest.raises(RequestRejected):
        client.get_json("/leerbedrijven", {**whole, **asked})


def test_over_a_real_socket(tmp_path: Path) -> None:
    with running_digistub(tmp_path) as issuer:
        transport = described.Described(httpx.HTTPTransport(), described.sbb(), "/digistub/sbb")
        sbb = Sbb(Client("sbb", f"{issuer}/sbb", transport))
        assert sbb.search(KOK, "gasthof rhein", World(tmp_path).today()).items
        World(tmp_path).set_fault("sbb", "bedrijf", None, "500")
        with pytest.raises(Unavailable):
            sbb.find(IDS[data.ABROAD])
