"""DUO's prior education: our adapter against the test service, and its answers written out."""

from __future__ import annotations

import logging
import traceback
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.education import Diploma, EducationLevel, PriorEducation, Subject
from app.domain.ports import (
    RegisterError,
    RequestRejected,
    Unavailable,
)
from app.registers.duo import DuoPersons
from app.registers.duo_education import DuoEducation
from app.registers.http import Client
from digistub.people import FIRST_FIVE, PEOPLE, fresh_bsn, prefixes
from digistub.rio_schools import SCHOOLS
from digistub.world import World
from tests.contract import described
from tests.contract.digistub_process import running_digistub
from tests.contract.world import ANOTHER_PERSON, FAULTS, NOT_FOUND, Stub

FIRST = FIRST_FIVE[0].bsn
RICH, STALLED = "999602950", "999602901"
TODAY = date(2026, 11, 29)
ANSWERING = [person for person in PEOPLE if not person.education_fault]


@pytest.fixture
def stub(only_stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Stub:
    only_stub.world.mend()
    monkeypatch.setattr(only_stub.world, "today", lambda: TODAY)
    return only_stub


@pytest.mark.rule("DUO-1", "IDN-3")
def test_the_first_person_brings_a_diploma_of_last_summer(stub: Stub) -> None:
    (vmbo,) = DuoEducation(stub.duo_education()).educations(FIRST)
    assert vmbo.school == "Vmbo-school De Kastanje"
    assert vmbo.brin not in {school.brin for school in SCHOOLS}
    assert vmbo.programme == "Vmbo kaderberoepsgericht, zorg en welzijn"
    assert (vmbo.level, vmbo.ilt_code) == (EducationLevel.VMBO_KB, "2831")
    assert (vmbo.started, vmbo.ended) == (date(2022, 8, 1), date(2026, 7, 31))
    assert vmbo.decided == date(2026, 6, 14)
    assert (vmbo.diploma, vmbo.result) == (Diploma.YES, "Geslaagd")
    assert len(vmbo.subjects) == 6
    assert vmbo.subjects[0] == Subject("Nederlands", "6")
    assert vmbo.by_duo


@pytest.mark.rule("IDN-3")
@pytest.mark.parametrize("person", ANSWERING, ids=lambda person: person.name)
def test_everybody_has_what_the_table_says(stub: Stub, person: Any) -> None:
    register = DuoEducation(stub.duo_education())
    for bsn in (person.bsn, *(fresh_bsn(prefix, 1) for prefix in prefixes(person))):
        assert len(register.educations(bsn)) == len(person.educations)


def test_a_number_that_duo_doesnt_know_has_none(stub: Stub) -> None:
    assert DuoEducation(stub.duo_education()).educations(fresh_bsn("9990", 1)) == ()


@pytest.mark.rule("DUO-7")
def test_a_rich_history_comes_newest_first(stub: Stub) -> None:
    found = DuoEducation(stub.duo_education()).educations(RICH)
    assert [(e.school, e.level, e.diploma) for e in found] == [
        ("Hogeschool De Brink", EducationLevel.OTHER, None),
        ("ROC De Maas", EducationLevel.MBO_4, Diploma.NO),
        ("Vavo Rijnmond", EducationLevel.HAVO, Diploma.YES),
        ("81XX", EducationLevel.VMBO_TL, Diploma.YES),
    ]
    assert [e.ended is None for e in found] == [True, False, False, False]


@pytest.mark.rule("DUO-6")
def test_somebodys_prior_education_never_comes(stub: Stub) -> None:
    """At once for the variants: a test that walks everybody has no seconds for this."""
    person = next(person for person in PEOPLE if person.bsn == STALLED)
    with pytest.raises(Unavailable, match="no answer in time"):
        DuoEducation(stub.duo_education(0.3)).educations(STALLED)
    for prefix in prefixes(person):
        with pytest.raises(Unavailable, match="500"):
            DuoEducation(stub.duo_education()).educations(fresh_bsn(prefix, 1))
        assert DuoPersons(stub.duo()).person(fresh_bsn(prefix, 1)) is not None


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize(("fault", "error"), [*FAULTS, NOT_FOUND, ANOTHER_PERSON])
def test_every_fault_is_one_of_five_errors(
    stub: Stub, fault: str, error: type[RegisterError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    stub.world.set_fault("duo", "vooropleidingen", FIRST, fault)
    seconds = 0.3 if fault == "timeout" else 3
    with pytest.raises(RegisterError) as caught:
        DuoEducation(stub.duo_education(seconds, checked=fault.isdigit())).educations(FIRST)
    assert type(caught.value) is error
    assert DuoEducation(stub.duo_education()).educations(RICH)
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert not [word for word in (FIRST, "Kastanje") if word in told]


@pytest.mark.parametrize("number", ["", "12345678", "123456789", FIRST + "0", None, int(FIRST)])
def test_the_test_service_refuses_what_is_no_bsn(stub: Stub, number: Any) -> None:
    client = stub.duo_education(checked=False)
    with pytest.raises(RequestRejected):
        client.post_json("/vooropleidingen", {"burgerservicenummer": number})
    with pytest.raises(RequestRejected):
        client.post_json("/vooropleidingen", [number])


def test_over_a_real_socket(tmp_path: Path) -> None:
    with running_digistub(tmp_path) as issuer:
        description = described.duo_education()
        transport = described.Described(httpx.HTTPTransport(), description, "/digistub/duo")
        register = DuoEducation(Client("duo", f"{issuer}/duo", transport))
        assert len(register.educations(RICH)) == 4
        World(tmp_path).set_fault("duo", "vooropleidingen", RICH, "500")
        with pytest.raises(Unavailable):
            register.educations(RICH)


@pytest.mark.parametrize("month", range(1, 13))
def test_no_diploma_is_of_a_summer_to_come(
    stub: Stub, month: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = date(2029, month, 1)
    monkeypatch.setattr(stub.world, "today", lambda: today)
    for bsn in (FIRST, RICH):
        for education in DuoEducation(stub.duo_education()).educations(bsn):
            ended = education.ended or date.min
            assert education.started is not None
            assert education.started < today
            assert max(ended, education.decided or date.min) < today
            assert isinstance(education, PriorEducation)
