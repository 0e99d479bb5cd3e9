"""Who is asked for a leerbedrijf, which one counts, and about which day SBB is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain import rules
from app.domain.draft import Draft, StartDay
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.domain.person import Address
from tests.unit.answers import open_choice

TODAY = date(2026, 11, 29)
KOK, TIMMERMAN = "25180", "25829"
ABROAD = Address("9089", lines=("Rheinpromenade 21a", "46446 Emmerich am Rhein", "Duitsland"))
HOME = Address(street="Brink", number="3", suffix="A", postcode="7411ZX", place="Deventer")


def chose(leertraject: str = "BBL", crebo: str = KOK, **facts: date) -> Draft:
    choice = replace(open_choice(TODAY), leertraject=leertraject, crebo=crebo, **facts)  # type: ignore[arg-type]
    return Draft(choice=choice)


def company(
    crebo: str = KOK, accreditation: Accreditation = Accreditation.VALID, address: Address = HOME
) -> Leerbedrijf:
    return Leerbedrijf("100000001", "Bistro Op de Brink", address, crebo, accreditation)


@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize(
    ("leertraject", "crebo", "asked", "needed"),
    [
        ("BBL", KOK, True, True),
        ("EX", KOK, True, False),
        ("OVO", KOK, True, False),
        ("BOL", KOK, False, False),
        ("VAVO", "", False, False),
        ("BBL", "", False, True),
    ],
)
def test_bbl_asks_for_one_and_ex_and_ovo_offer_it(
    leertraject: str, crebo: str, asked: bool, needed: bool
) -> None:
    draft = chose(leertraject, crebo)
    assert rules.works_while_learning(draft, TODAY) is asked
    assert rules.needs_leerbedrijf(draft) is needed
    assert not rules.works_while_learning(Draft(), TODAY)


@pytest.mark.rule("WIZ-3", "WIZ-11")
@pytest.mark.parametrize("accreditation", Accreditation)
def test_one_counts_for_its_own_crebo_while_it_is_accredited(accreditation: Accreditation) -> None:
    holds = accreditation in (Accreditation.VALID, Accreditation.EQUIVALENT)
    assert rules.accredited(chose(), (company(KOK, accreditation),), TODAY) is holds
    assert not rules.accredited(chose(), (company(TIMMERMAN, accreditation),), TODAY)


@pytest.mark.rule("WIZ-11")
def test_none_yet_always_counts() -> None:
    assert rules.accredited(chose(), (), TODAY)
    assert rules.accredited(chose("OVO", TIMMERMAN), (), TODAY)


@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize(
    ("facts", "chosen", "day"),
    [
        ({"start": date(2027, 8, 1)}, None, date(2027, 8, 1)),
        ({"start": date(2026, 8, 1)}, None, TODAY),
        ({"start_from": date(2027, 2, 1)}, date(2027, 3, 15), date(2027, 3, 15)),
        ({"start_from": date(2026, 2, 1)}, date(2026, 11, 1), TODAY),
        ({"start_from": date(2027, 2, 1)}, None, date(2027, 2, 1)),
        ({}, None, TODAY),
    ],
)
def test_sbb_is_asked_about_the_first_day(
    facts: dict[str, date], chosen: date | None, day: date
) -> None:
    draft = chose(**facts)
    if chosen is not None:
        draft = replace(draft, start_day=StartDay("cohort", chosen))
    assert rules.first_day(draft, TODAY) == day


def test_a_company_says_where_it_is_also_abroad() -> None:
    assert (company().street, company().place) == ("Brink 3 A", "Deventer")
    abroad = company(address=ABROAD)
    assert abroad.street == "Rheinpromenade 21a"
    assert abroad.place == "46446 Emmerich am Rhein, Duitsland"
