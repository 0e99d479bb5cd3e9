"""DUO's persons: our adapter against the test service."""

from __future__ import annotations

import logging
import traceback
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.person import Address, ages
from app.domain.ports import (
    RegisterError,
    RequestRejected,
    Unavailable,
)
from app.registers.duo import FIELDS, DuoPersons
from app.registers.http import Client
from digistub.people import FIRST_FIVE
from digistub.world import World
from tests.contract import described
from tests.contract.digistub_process import running_digistub
from tests.contract.world import ANOTHER_PERSON, FAULTS, Stub

CANARY = "Geheimestraat"
MINOR, ADULT, HOMELESS, HIDDEN, UNKNOWN = (person.bsn for person in FIRST_FIVE)


@pytest.mark.rule("DUO-1")
def test_the_first_person_comes_over_whole(stub: Stub) -> None:
    person = DuoPersons(stub.duo()).person(MINOR)
    assert person is not None
    assert person.name == "Noor Elisabeth van de Weide"
    assert (person.sex, person.name_use) == ("V", "E")
    assert (person.birth_place, person.birth_country) == ("Zwolle", "6030")
    assert ages(person.birth_date, stub.world.today()) == (16, 16)
    assert person.address == Address(
        street="Kastanjelaan", number="12", suffix="B", postcode="8019XK", place="Zwolle"
    )
    assert not person.address_secret
    assert not person.gone


@pytest.mark.rule("DUO-5")
def test_somebody_without_a_known_residence_has_no_address(stub: Stub) -> None:
    person = DuoPersons(stub.duo()).person(HOMELESS)
    assert person is not None
    assert person.address is None
    assert not person.address_secret


@pytest.mark.rule("DUO-5")
def test_somebody_unknown_is_nobody(stub: Stub) -> None:
    assert DuoPersons(stub.duo()).person(UNKNOWN) is None


@pytest.mark.rule("IDN-3")
@pytest.mark.parametrize("bsn", [MINOR, ADULT, HOMELESS, HIDDEN])
def test_the_answer_is_about_the_number_asked_for(stub: Stub, bsn: str) -> None:
    question = {
        "type": "RaadpleegMetBurgerservicenummer",
        "burgerservicenummer": [bsn],
        "fields": ["burgerservicenummer"],
    }
    answer = stub.duo().post_json("/personen", question)
    assert [p["burgerservicenummer"] for p in answer["personen"]] == [bsn]
    assert "naam" not in answer["personen"][0]


@pytest.mark.rule("DUO-2")
def test_the_nationality_is_never_asked_for() -> None:
    assert not [field for field in FIELDS if "nationalit" in field.lower()]
    assert {field.split(".")[0] for field in FIELDS} == {
        "burgerservicenummer", "naam", "geslacht", "geboorte", "verblijfplaats", "partners",
    }  # fmt: skip


def test_over_a_real_socket(tmp_path: Path) -> None:
    with running_digistub(tmp_path) as issuer:
        transport = described.Described(httpx.HTTPTransport(), described.brp(), "/digistub/duo")
        persons = DuoPersons(Client("duo", f"{issuer}/duo", transport))
        found = persons.person(ADULT)
        assert found is not None
        assert found.name == "Sem Bakhuis"
        World(tmp_path).set_fault("duo", "personen", ADULT, "500")
        with pytest.raises(Unavailable):
            persons.person(ADULT)
        assert persons.person(MINOR) is not None


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize(("fault", "error"), [*FAULTS, ANOTHER_PERSON])
def test_every_fault_is_one_of_five_errors(
    stub: Stub, fault: str, error: type[RegisterError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stub.world.set_fault("duo", "personen", HIDDEN, fault)
    persons = DuoPersons(stub.duo(0.3 if fault == "timeout" else 3, checked=fault.isdigit()))
    with pytest.raises(RegisterError) as caught:
        persons.person(HIDDEN)
    assert type(caught.value) is error
    assert DuoPersons(stub.duo()).person(ADULT) is not None
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert not [word for word in (CANARY, HIDDEN, "Overdijk") if word in told]


@pytest.mark.rule("DUO-3")
def test_a_secret_address_stays_outside(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    person = DuoPersons(stub.duo()).person(HIDDEN)
    assert person is not None
    assert person.address is None
    assert person.address_secret
    assert CANARY not in repr(person) + repr(vars(person)) + caplog.text
    assert person.birth_place == "Meppel"  # of birth: that one isn't secret


@pytest.mark.parametrize(
    "question",
    [
        {"fields": []},
        {"fields": ["nationaliteiten"]},
        {"fields": ["geheimhoudingPersoonsgegevens"]},
        {"burgerservicenummer": []},
        {"burgerservicenummer": ["12345678"]},
        {"type": "ZoekMetPostcodeEnHuisnummer"},
    ],
    ids=repr,
)
def test_the_test_service_refuses_what_duo_would(stub: Stub, question: dict[str, Any]) -> None:
    whole = {
        "type": "RaadpleegMetBurgerservicenummer",
        "burgerservicenummer": [MINOR],
        "fields": ["naam"],
    }
    client = stub.duo(checked=False)
    assert client.post_json("/personen", whole)["personen"]
    with pytest.raises(RequestRejected):
        client.post_json("/personen", {**whole, **question})


@pytest.mark.parametrize("path", ["/duo/personen", "/duo/vooropleidingen"])
def test_a_question_that_is_too_deep_is_refused(stub: Stub, path: str) -> None:
    answer = stub.app.test_client().post(path, data="[" * 100_000, content_type="application/json")
    assert answer.status_code == 400


def test_nobody_ages_by_the_calendar(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    for today in (date(2027, 2, 28), date(2028, 6, 8), date(2035, 12, 31)):
        monkeypatch.setattr(stub.world, "today", lambda today=today: today)
        person = DuoPersons(stub.duo()).person(MINOR)
        assert person is not None
        assert ages(person.birth_date, today) == (16, 16)
