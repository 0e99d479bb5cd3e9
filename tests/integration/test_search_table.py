"""What people type, and what they find, on both databases (WIZ-7)."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from sqlalchemy import Connection

from app.domain.words import folded
from app.services.search import Filters, Group, search
from tests.programmes import NOW


class Case(NamedTuple):
    query: str
    name: str = ""  # the first has this in its name
    school: str = ""  # and in its school's
    place: str = ""  # and among its places
    never: str = ""  # nothing found has this in its name
    level: int = 0  # all have this level
    leertraject: str = ""  # and all have this leertraject


ONE_OF_ALL = [
    # whole words, in any order and case, accents or not
    Case("kok", "kok", never="kapper"),
    Case("VERPLEEGKUNDIGE", "verpleegkundige", never="verzorgende"),
    Case("kök", "kok", never="bakker"),
    Case("albeda verpleegkundige", "verpleegkundige", "Albeda"),
    Case("verpleegkundige rotterdam albeda", "verpleegkundige", "Albeda", "Rotterdam"),
    Case("Rotterdam  verpleegkundige", "verpleegkundige", "", "Rotterdam"),
    Case("industriele technicus", "industriële", never="lasser"),
    Case("management office", "office & management"),
    # typing errors
    Case("verplegkundige", "verpleegkundige", never="verzorgende"),
    Case("verpelegkundige", "verpleegkundige"),
    Case("ferpleegkundige", "verpleegkundige"),
    Case("software devloper", "software developer", never="monteur"),
    Case("tandartsasistent", "tandartsassistent", never="dokters"),
    Case("schonheidsspecialist", "schoonheidsspecialist"),
    Case("administratief finacieel", "financieel administratief"),
    Case("hoornbeeck metselar", "metselaar", "Hoornbeeck"),
    Case("amsterdm kok", "kok", "", "Amsterdam"),
    Case("stewardes", "stewardess"),
    Case("dokterassistent", "doktersassistent"),
    Case("autotecnicus", "autotechnicus", never="elektro"),
    # while typing
    Case("ver", "ver"),
    Case("verplegk", "verpleegkundige"),
    Case("pedag mede", "pedagogisch medewerker"),
    Case("kok zwo", "kok", "", "Zwolle"),
    Case("kok va", "kok"),
    Case("kok z", "kok"),
    Case("a", "procesoperator a"),
    Case("timmerm", "timmerman", never="metselaar"),
    # within a compound
    Case("kundige", "verpleegkundige", never="kok"),
    Case("systeem beheer", "systeembeheerder", never="kapper"),
    Case("onderwijs assistent", "onderwijsassistent", never="tandarts"),
    Case("dieren arts assistent", "dierenartsassistent"),
    Case("ict beheer amsterdam", "beheer", "", "Amsterdam", never="kok"),
    Case("auto monteur groningen", "monteur", "", "Groningen"),
    # spelling habits from elsewhere
    Case("Tımmerman", "timmerman"),
    Case("KAPPER ZWOLLE", "k", "", "Zwolle"),
    Case("schiłder", "schilder", never="metselaar"),
    Case("Łasser", "lasser"),
    Case("elektromontør", "elektromonteur"),
    Case("٢٥٦٥٥", "verpleegkundige", never="verzorgende"),
    Case("nurse", "verpleegkundige"),
    Case("truck driver", "chauffeur"),
    Case("i want to become a nurse", "verpleegkundige"),
    # everyday words
    Case("juf", "onderwijsassistent", never="kok"),
    Case("zuster", "verzorgende"),
    Case("automonteur", "autotechnicus"),
    Case("programmeren", "software developer", never="kok"),
    Case("kinderopvang", "kinderopvang", never="timmerman"),
    Case("ict", "ict"),
    # schools as people say them
    Case("deltion kapper", "haar", "Deltion"),
    Case("rocva kok", "kok", "ROC van Amsterdam"),
    Case("ROC van Amsterdam", "", "ROC van Amsterdam", "Amsterdam"),
    Case("het albeda", "", "Albeda"),
    Case("nova", "", "Nova College"),
    Case("rijnijssel danser", "danser", "Rijn IJssel"),
    Case("kw1c", "", "Koning Willem I"),
    Case("rocmn lasser", "lasser", "Midden Nederland"),
    Case("friese poort", "", "Firda"),
    Case("summa colege", "", "Summa"),
    # places
    Case("kok zwolle", "kok", "", "Zwolle", never="kapper"),
    Case("kapper leeuwarden", "", "Firda", "Leeuwarden"),
    Case("den bosch kapper", "haar", "Koning Willem I", "'s-Hertogenbosch"),
    Case("haarverzorging s-hertogenbosch", "haarverzorging", "", "'s-Hertogenbosch"),
    Case("opleiding tot kok in emmen", "kok", "Drenthe", "Emmen"),
    # crebo
    Case("25655", "verpleegkundige", never="verzorgende"),
    Case("2565", "ver", never="kok"),
    Case("25180 zwolle", "kok", "", "Zwolle", never="chef"),
    # level and leertraject
    Case("niveau 2 zorg", "zorg", level=2, never="kok"),
    Case("zorg nivo 4", "zorg", level=4),
    Case("mbo4 ict", "ict", level=4),
    Case("bbl timmerman", "timmerman", leertraject="BBL", never="metselaar"),
    Case("BBL elektro utrecht", "elektro", "", "Utrecht", leertraject="BBL"),
    Case("beveiliger 2", "beveiliger 2", never="kok"),
    # signs
    Case("  kok   ", "kok", never="kapper"),
    Case("kok\\", "kok", never="kapper"),
    Case("'kok'; --", "kok", never="kapper"),
    Case("🙂 kok 🙂", "kok", never="kapper"),
    Case('"sport en bewegen"', "sport en bewegen"),
    Case("fotos", "foto's en beeld"),
    Case("gastheer/-vrouw", "gastheer/-vrouw", never="kok"),
]
NOTHING = [
    "%",
    "_",
    "100%",
    "zzzzzz",
    "mechatroniker",
    "🙂",
    "25656789",
    "\x00",
    "x' OR 'x'='x",
]
PARTIAL = [("kok zzzzzz", "kok"), ("kok alkmaar zwolle", "kok"), ("kellner schilder", "schilder")]


def found(connection: Connection, query: str, most: int = 1000) -> tuple[Group, ...]:
    return search(connection, query, Filters(), NOW, most=most).groups


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize("case", ONE_OF_ALL, ids=lambda case: case.query.encode().decode("latin-1"))
def test_what_is_typed_is_found(catalogued: Connection, case: Case) -> None:
    result = search(catalogued, case.query, Filters(), NOW, most=1000)
    assert result.groups
    assert not result.partial
    first = result.groups[0]
    assert folded(case.name) in folded(first.name)
    assert case.school in first.institution
    assert not case.place or case.place in first.places
    for group in result.groups:
        assert not case.never or folded(case.never) not in folded(group.name), group
        assert not case.level or group.level == case.level
        assert not case.leertraject or group.leertrajecten == (case.leertraject,)
        assert not case.place or case.place in group.places or case.place in group.institution


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize("query", NOTHING)
def test_nonsense_finds_nothing(catalogued: Connection, query: str) -> None:
    assert search(catalogued, query, Filters(), NOW).total == 0


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize(("query", "name"), PARTIAL)
def test_the_most_words_when_nothing_has_all(catalogued: Connection, query: str, name: str) -> None:
    result = search(catalogued, query, Filters(), NOW)
    assert result.partial
    assert folded(name) in folded(result.groups[0].name)


@pytest.mark.rule("WIZ-7")
def test_exact_words_come_before_beginnings_and_short_titles_before_long(
    catalogued: Connection,
) -> None:
    open_now = [g for g in found(catalogued, "kok") if g.open and folded(g.name).startswith("kok")]
    assert [len(g.name) for g in open_now] == sorted(len(g.name) for g in open_now)
    names = [folded(group.name) for group in found(catalogued, "lasser")]
    assert names.index("lasser") < names.index("basislasser")
