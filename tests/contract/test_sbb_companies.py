"""SBB's test service itself: described answers, any question, as many companies as one likes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.registers.sbb import Sbb
from digistub import create_world
from digistub.rio_data import OFFERS
from digistub.rio_schools import TRAININGS
from digistub.sbb_data import COMPANIES, ENTREE_HORECA, KOK, Company
from digistub.sbb_generator import generated
from digistub.sbb_index import Companies, words
from tests.contract.world import BASE, Stub
from tests.e2e.server import ROOT
from tests.length import examples

MANY = 2000
CREBOS = {training.crebo for training in TRAININGS if training.level}


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Stub:
    return Stub(tmp_path_factory.mktemp("digistub"))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Companies:
    return Companies(tmp_path_factory.mktemp("digistub"), MANY)


def test_sixty_companies_in_a_dozen_places() -> None:
    assert 55 <= len(COMPANIES) <= 65
    assert len({company.id for company in COMPANIES}) == len(COMPANIES)
    assert 12 <= len({company.place for company in COMPANIES}) <= 15


def test_every_crebo_is_one_that_somebody_can_choose() -> None:
    by_code = {training.code: training.crebo for training in TRAININGS}
    bbl = {by_code[offer.training] for offer in OFFERS if offer.leertraject == "BBL"}
    assert {KOK, ENTREE_HORECA} <= bbl
    accredited = {has.crebo for company in COMPANIES for has in company.accreditations}
    assert bbl & accredited == bbl - {ENTREE_HORECA, "25808"}  # nobody can choose that one now


@pytest.mark.each_run(12)
@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.id)
def test_every_answer_about_every_company_is_as_described(stub: Stub, company: Company) -> None:
    sbb, today = Sbb(stub.sbb()), stub.world.today()
    assert sbb.find(company.id)
    for crebo in CREBOS:
        sbb.accreditation(company.id, crebo, today)


@settings(max_examples=examples(300), deadline=None)
@given(st.text(max_size=100))
def test_any_question_has_a_described_answer(stub: Stub, query: str) -> None:
    client = stub.sbb()
    asked = {"crebo": KOK, "peildatum": "2027-08-01", "zoekterm": query}
    assert len(client.get_json("/leerbedrijven", asked)["leerbedrijven"]) <= 10


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Eetcafé 't Pleintje", ["eetcafe", "t", "pleintje"]),
        ("Bakker's B.V. & Zn.", ["bakkers", "bv", "zn"]),
        ("ŁÓDŹ Øre Straße İstanbul", ["lodz", "ore", "strasse", "istanbul"]),
        ('"*" OR NEAR(x) -_^:', ["or", "near", "x"]),
        ("a\u19b0b", ["a", "b"]),  # a letter that SQLite doesn't know
        ("", []),
    ],
)
def test_words_as_they_are_compared(text: str, plain: list[str]) -> None:
    assert words(text) == plain


def test_generated_ones_are_found_as_the_invented_are(many: Companies) -> None:
    company = next(c for c in generated(MANY) if c.accreditations[0].ends is None)
    crebo = company.accreditations[0].crebo
    found = many.search(crebo, f"{company.place} {company.name}", 0, 0, 50)
    assert company.id in {row.body["leerbedrijfId"] for row in found}
    assert many.search(KOK, "eetcafe hoek zwolle", 0, 0, 50)


def test_the_same_number_gives_the_same_companies() -> None:
    assert list(generated(50)) == list(generated(50))
    assert list(generated(MANY))[:50] == list(generated(50))


def test_pages_hold_everything_once(many: Companies) -> None:
    whole = many.search(KOK, "b", 0, 0, 1000)
    paged = [row for skip in range(0, len(whole), 7) for row in many.search(KOK, "b", 0, skip, 7)]
    assert paged == whole
    assert len(whole) > 20


def test_other_code_makes_another_file_and_the_old_one_goes(tmp_path: Path) -> None:
    old = tmp_path / "sbb-0-000000000000.db"
    old.write_text("an earlier edition")
    assert Companies(tmp_path).body(COMPANIES[0].id)
    assert [path.suffix for path in tmp_path.iterdir()] == [".db"]
    assert not old.exists()


def test_processes_share_one_file(tmp_path: Path) -> None:
    """Also when they come at the same moment."""
    script = (
        "import sys; from pathlib import Path; from digistub.sbb_index import Companies;"
        "found = Companies(Path(sys.argv[1]), 500).search('25180', '', 0, 0, 1000);"
        "print(len(found))"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    running = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    counts = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(counts) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_as_many_as_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGISTUB_COMPANIES", "300")
    world = create_world(BASE, tmp_path)
    assert world.extensions["sbb"].body("200000299")
    assert not world.extensions["sbb"].body("200000300")
