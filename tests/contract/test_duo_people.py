"""Every test person through our adapter: each answer is as described, and all variants occur."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app.domain.person import Address, Person
from app.domain.ports import Unavailable
from app.registers.duo import FIELDS, DuoPersons
from digistub.faults import AT_FIRST
from digistub.people import PEOPLE, fresh_bsn, prefixes
from digistub.people_names import LONG_SURNAME
from digistub.people_types import TestPerson
from digistub.world import AT_FIRST_SECONDS, FORGET_SECONDS
from tests.contract.world import Stub

LATE = next(person for person in PEOPLE if person.persons_fault == AT_FIRST)
CANARY = "Geheimestraat"


def known(stub: Stub, bsn: str) -> Person:
    person = DuoPersons(stub.duo()).person(bsn)
    assert person is not None
    return person


@pytest.mark.rule("DUO-5")
def test_every_variant_of_the_description_is_somebody(stub: Stub) -> None:
    """As the test service writes it, checked against the description on the way."""
    asked = [person.bsn for person in PEOPLE if person is not LATE]
    answers: list[dict[str, Any]] = []
    for some in (asked[:20], asked[20:]):
        question = {"burgerservicenummer": some, "fields": FIELDS}
        question |= {"type": "RaadpleegMetBurgerservicenummer"}
        answers += stub.duo().post_json("/personen", question)["personen"]
    dates = {answer["geboorte"]["datum"]["type"] for answer in answers}
    assert dates == {"Datum", "JaarMaandDatum", "JaarDatum", "DatumOnbekend"}
    assert {answer["verblijfplaats"]["type"] for answer in answers} == {
        *("Adres", "VerblijfplaatsBuitenland", "Locatie", "VerblijfplaatsOnbekend"),
    }
    uses = {answer["naam"]["aanduidingNaamgebruik"]["code"] for answer in answers}
    assert uses == set("EPVN")
    assert {answer["geslacht"]["code"] for answer in answers} == set("MVO")
    assert {answer["indicatieGeheim"] for answer in answers} == set(range(8))
    reasons = [answer.get("opschortingBijhouding", {}).get("reden", {}) for answer in answers]
    assert {reason.get("code", "") for reason in reasons} == {"", *"OEMRWF"}


@pytest.mark.rule("IDN-2", "DUO-5")
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_everybody_comes_over_at_any_age(stub: Stub, person: TestPerson) -> None:
    persons = DuoPersons(stub.duo())
    for prefix in prefixes(person):
        bsn = fresh_bsn(prefix, 3)
        if person is LATE:
            with pytest.raises(Unavailable, match="503"):
                persons.person(bsn)
            continue
        found = persons.person(bsn)
        assert (found is None) is (not person.persons_bsn)
        assert found is None or found.surname == person.data["naam"]["geslachtsnaam"]
        assert CANARY not in repr(vars(found) if found else "")


@pytest.mark.rule("DUO-5")
def test_what_the_rows_show(stub: Stub) -> None:
    belgium = known(stub, "999600850").address
    assert belgium == Address(country="5010", lines=("Rue du Pont 3", "1000 Bruxelles"))
    assert known(stub, "999600801").address == Address(
        street="Lange Jan", number="41", suffix="A-2", postcode="3811ZX", place="Amersfoort"
    )
    for bsn in ("999601970", "999602019", "999600710"):
        assert known(stub, bsn).address is None
    assert known(stub, "999602159").address == Address(country="7028"), "and no line of it"
    assert known(stub, "999600710").address_secret
    assert (known(stub, "999601088").first_names, known(stub, "999601179").surname) == ("", ".")
    assert known(stub, "999601830").surname == LONG_SURNAME
    assert len(known(stub, "999601830").name) > 60
    partner = known(stub, "999601921")
    assert (partner.name_use, partner.partner_prefix, partner.partner_surname) == (
        *("V", "van der", "Meer"),
    )
    assert [known(stub, bsn).gone for bsn in ("999602068", "999603127", "999602159")] == [
        *(True, True, False),
    ]
    assert {known(stub, bsn).address.note for bsn in ("999600199", "999601088")} == {"to", "by"}  # type: ignore[union-attr]


@pytest.mark.rule("DUO-6")
def test_somebody_comes_over_when_asked_again_a_little_later(stub: Stub) -> None:
    late = DuoPersons(stub.duo(0.2))
    with time_machine.travel(1_800_000_000, tick=False) as machine:
        with pytest.raises(Unavailable, match="no answer in time"):
            late.person(LATE.bsn)
        machine.shift(timedelta(seconds=AT_FIRST_SECONDS - 0.5))
        with pytest.raises(Unavailable):
            late.person(LATE.bsn)
        machine.shift(timedelta(seconds=1))
        assert known(stub, LATE.bsn).surname == "Wachters"
        machine.shift(timedelta(seconds=FORGET_SECONDS - AT_FIRST_SECONDS - 5))
        assert known(stub, LATE.bsn).surname == "Wachters"
        machine.shift(timedelta(seconds=10))
        with pytest.raises(Unavailable):
            late.person(LATE.bsn)
        stub.world.mend()
        stub.world.set_fault("duo", "personen", LATE.bsn, "500")
        with pytest.raises(Unavailable, match="500"):
            late.person(LATE.bsn)
