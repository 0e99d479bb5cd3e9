"""The test catalogue has every state that the portal must tell apart, on any day; and so have the
ten thousand beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.ports import CohortRecord, ProgrammeRecord
from app.registers.rio import RioCatalogue
from digistub import create_world
from digistub.rio_catalogue import catalogue_of
from digistub.rio_data import OFFERS
from digistub.rio_generator import generated
from digistub.rio_schools import SCHOOLS, TRAININGS
from digistub.rio_types import Rows
from tests.contract.world import BASE, Stub
from tests.source import everything

TODAYS = [date(2026, 11, 25), date(2027, 7, 15), date(2028, 8, 1), date(2028, 2, 29)]


@pytest.fixture(params=TODAYS, ids=str)
def today(request: pytest.FixtureRequest) -> date:
    day: date = request.param
    return day


@pytest.fixture
def programmes(
    only_stub: Stub, today: date, monkeypatch: pytest.MonkeyPatch
) -> list[ProgrammeRecord]:
    monkeypatch.setattr(only_stub.world, "today", lambda: today)
    return list(everything(RioCatalogue(only_stub.rio(checked=False))))


@pytest.mark.each_run(2)
@pytest.mark.rule("CAT-3")
def test_every_kind_of_programme_is_there(programmes: list[ProgrammeRecord]) -> None:
    assert 28 <= len(programmes) <= 35
    offered = Counter(p.leertraject for p in programmes)
    assert set(offered) == {"BOL", "BBL", "EX", "OVO", "VAVO", "ODT"}
    assert offered["ODT"] == 1
    assert {p.level for p in programmes} == {1, 2, 3, 4, None}
    assert any(p.language == "ENG" for p in programmes)
    assert any(p.name != p.official_name for p in programmes)
    assert any(p.requirements for p in programmes)
    assert any("<" in p.name and '"' in p.name and not p.name.isascii() for p in programmes)
    places = {(p.crebo, p.leertraject, p.place) for p in programmes}
    assert Counter(key[:2] for key in places)["25180", "BOL"] == 2
    schools = {p.provider_code[:2] for p in programmes}
    assert schools == {"99", "91", "92"}


@pytest.mark.each_run(2)
@pytest.mark.rule("CAT-4")
def test_every_mix_of_group_and_access_code_is_there(programmes: list[ProgrammeRecord]) -> None:
    mixes = {(p.restricted, bool(c.access_code)) for p in programmes for c in p.cohorts}
    assert mixes == {(True, True), (True, False), (False, True), (False, False)}


@pytest.mark.each_run(2)
@pytest.mark.rule("CAT-4")
@pytest.mark.rule("WIZ-8")
def test_every_kind_of_intake_is_there(programmes: list[ProgrammeRecord], today: date) -> None:
    def inside(c: CohortRecord) -> bool:
        return c.apply_from <= today <= (c.apply_until or today)

    present = date(today.year - (today.month < 8), 8, 1)  # of the study year it is now
    kinds: dict[str, Callable[[CohortRecord], bool]] = {
        "fixed": lambda c: c.open and inside(c) and c.start is not None and c.start > today,
        "flexible": lambda c: c.open and inside(c) and c.start_from is not None,
        "not yet": lambda c: c.open and c.apply_from > today,
        "closed": lambda c: not c.open and inside(c),
        "over": lambda c: c.open and c.apply_until is not None and c.apply_until < today,
        "no end": lambda c: c.open and c.apply_until is None,
        "two places": lambda c: inside(c) and c.places == 2,
        "permission": lambda c: c.permission_required and 380 <= len(c.permission_note) <= 450,
        "second year": lambda c: inside(c) and c.start == present.replace(year=present.year - 1),
        "third year": lambda c: inside(c) and c.start == present.replace(year=present.year - 2),
        "long code": lambda c: 50 < len(c.code) <= 60,
    }
    cohorts = [c for p in programmes for c in p.cohorts]
    assert [name for name, fits in kinds.items() if not any(map(fits, cohorts))] == []
    assert any(not p.cohorts for p in programmes)
    starts = [{c.start for c in p.cohorts if c.start and c.start > today} for p in programmes]
    assert any(len(days) == 2 for days in starts)
    assert all(c.apply_from <= (c.apply_until or c.apply_from) for c in cohorts)


@pytest.mark.rule("CAT-2")
def test_one_school_has_only_general_contacts(only_stub: Stub) -> None:
    providers = list(RioCatalogue(only_stub.rio()).providers())
    general = {p.brin for p in providers if p.contact_context == "ALGEMEEN"}
    assert general == {"92XX"}
    assert all(p.email and p.phone and p.website for p in providers)


@pytest.fixture(scope="module")
def many() -> Rows:
    return generated()


def test_ten_thousand_are_the_same_every_time(many: Rows) -> None:
    assert generated() == many
    assert generated(seed=2) != many


def test_they_are_as_many_as_asked(many: Rows) -> None:
    assert len(many.offers) == len({offer.id for offer in many.offers}) == 10_000
    assert sum(len(offer.cohorts) for offer in many.offers) == 20_000
    assert len({school.brin for school in many.schools}) == 60
    assert len({training.crebo for training in many.trainings}) >= 200
    fewer = generated(100, 150)
    assert len(fewer.offers) == 100
    assert sum(len(offer.cohorts) for offer in fewer.offers) == 150
    with pytest.raises(ValueError, match="at most"):
        generated(1_000_000)


def test_crebos_are_those_of_the_small_catalogue(many: Rows) -> None:
    levels = {training.crebo: training.level for training in many.trainings}
    assert {t.crebo: t.level for t in TRAININGS if t.level}.items() <= levels.items()


@pytest.mark.parametrize(
    ("school", "word", "crebo", "place"),
    [
        ("Deltion College", "kapper", "25641", "Zwolle"),
        ("ROC van Amsterdam", "ict-beheerder", "27016", "Amsterdam"),
        ("Albeda", "verpleegkundige", "25655", "Rotterdam"),
        ("Rijn IJssel", "kok", "25180", "Arnhem"),
        ("Firda", "timmer", "25829", "Leeuwarden"),
    ],
)
def test_what_people_search_for_is_among_them(
    many: Rows, school: str, word: str, crebo: str, place: str
) -> None:
    brins = {row.brin for row in many.schools if row.name == school}
    providers = {row.code for row in many.providers if row.brin in brins}
    names = {row.code: row.name for row in many.trainings if row.crebo == crebo}
    places = {row.code for row in many.locations if row.place == place}
    assert [
        offer
        for offer in many.offers
        if offer.provider in providers
        and offer.location in places
        and word in (offer.name or names.get(offer.training, "")).lower()
        and offer.training in names
    ]


def test_they_stand_beside_the_three_schools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = create_world(BASE, tmp_path, programmes=50).extensions["rio"]
    assert len(rows.offers) == len(OFFERS) + 50
    assert {school.brin for school in SCHOOLS} < set(rows.schools)
    assert len(catalogue_of().offers) == len(OFFERS)
    monkeypatch.setenv("DIGISTUB_PROGRAMMES", "50")
    assert create_world(BASE, tmp_path).extensions["rio"] is rows


def test_filters_find_what_a_walk_past_all_of_them_finds() -> None:
    rows = catalogue_of(500)
    one = rows.every_offer[100]
    for names in (("kind",), ("location",), ("provider", "kind"), ("training", "kind", "provider")):
        wanted = {name: getattr(one, name) for name in names}
        walked = [o for o in rows.every_offer if all(getattr(o, n) == v for n, v in wanted.items())]
        assert one in walked
        assert list(rows.found(**wanted)) == walked
    assert list(rows.found(provider="000A000")) == []


def test_the_small_catalogue_ages_on_no_day(
    only_stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    kok = next(offer for offer in OFFERS if offer.key == "kok-bol-zwolle")
    for n in range(0, 730, 73):
        day = date(2027, 1, 1) + timedelta(days=n)
        monkeypatch.setattr(only_stub.world, "today", lambda day=day: day)
        record = RioCatalogue(only_stub.rio(checked=False)).programme(kok.id)
        assert record is not None
        assert [c.apply_from <= day <= (c.apply_until or day) for c in record.cohorts] == [
            True,
            True,
            False,
        ]
