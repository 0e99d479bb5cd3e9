"""What programmes are found by, written and removed along with them, on both databases."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from app import db
from app.models import (
    catalogue,
    institution,
    programme_facts,
    search_entry,
    search_inner,
    search_place,
    search_posting,
    search_title,
    search_trace,
    search_word,
)
from app.services import search_index, search_synonyms
from app.services.search import Filters, search
from tests.programmes import EDITION, NOW, columns, facts, fill, offered

FEW = 300
TABLES = (
    *(search_entry, search_title, search_word, search_posting, search_inner, search_trace),
    search_place,
)


@pytest.fixture
def filled(database_url: str) -> str:
    db.connect(database_url)
    with db.transaction() as connection:
        fill(connection, FEW)
    return database_url


def sizes(connection: Connection) -> dict[str, int]:
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in TABLES
    }


def words_of(connection: Connection) -> list[tuple[Any, ...]]:
    """Every word with the title that it leads to, whatever their ids."""
    statement = (
        select(search_word.c.word, search_title.c.digest, search_posting.c.weight)
        .join(search_posting, search_posting.c.word_id == search_word.c.id)
        .join(search_title, search_title.c.id == search_posting.c.title_id)
    )
    return sorted(tuple(row) for row in connection.execute(statement))


def found(connection: Connection, query: str) -> int:
    return search(connection, query, Filters(), NOW).total


def tidy(connection: Connection) -> None:
    for table, key, used in search_index.OUTLIVING:
        left = search_index.unused(connection, key, used)
        search_index.remove(connection, table, key, used, left)


@pytest.mark.rule("WIZ-7")
@pytest.mark.each_run_on("sqlite")
def test_words_go_with_the_last_programme_that_has_them(filled: str) -> None:
    with db.transaction() as connection:
        assert all(sizes(connection).values())
        tidy(connection)
        before = sizes(connection)
        kok = programme_facts.c.official_name.ilike("%kok%")
        cooks = connection.execute(select(func.count()).where(kok)).scalar_one()
        assert found(connection, "kok") > 0 < cooks
        connection.execute(delete(programme_facts).where(kok))
        assert found(connection, "kok") == 0
        tidy(connection)
        after = sizes(connection)
        assert after["search_word"] < before["search_word"]
        assert after["search_title"] < before["search_title"]
        connection.execute(delete(programme_facts))
        tidy(connection)
        assert not any(sizes(connection).values())


@pytest.mark.rule("CAT-1")
@pytest.mark.each_run_on("sqlite")
def test_an_edition_counts_at_once_and_a_retired_row_no_more(filled: str) -> None:
    row = dict(next(row for row in facts(FEW) if row["brin"] == "20FX" and row["active"]))
    new = row | {
        **{"id": FEW + 1, "name": "Ballonvaarder", "official_name": "Ballonvaarder"},
        **{"edition": EDITION + 1, "group_key": "ballon", "opens": NOW.date()},
        **{"closes": NOW.date(), "until": 2**62, "leertraject": "BOL"},
    }
    with db.transaction() as connection:
        old = programme_facts.c.id == row["id"]
        connection.execute(update(programme_facts).where(old).values(until=EDITION + 1))
        connection.execute(insert(programme_facts), columns(new))
        search_index.add(connection, [offered(new)])
        entry = select(search_entry.c.until).where(search_entry.c.facts_id == row["id"])
        assert connection.execute(entry).scalar_one() == EDITION + 1
    with db.transaction() as connection:
        assert found(connection, "ballonvaarder") == 0
        connection.execute(update(catalogue).values(edition=EDITION + 1))
        assert found(connection, "ballonvaarder") == 1
        connection.execute(update(programme_facts).values(until=EDITION + 1))
        assert found(connection, "ballonvaarder") == 0


@pytest.mark.each_run_on("sqlite")
def test_the_same_programmes_again_write_the_same(filled: str) -> None:
    with db.transaction() as connection:
        sized, known = sizes(connection), words_of(connection)
        search_index.rebuild(connection)
        assert (sizes(connection), words_of(connection)) == (sized, known)
        search_index.add(connection, [])
        assert sizes(connection) == sized


@pytest.mark.rule("WIZ-7")
@pytest.mark.each_run_on("sqlite")
def test_other_synonyms_count_from_the_next_migrating(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as connection:
        before = sizes(connection), words_of(connection)
        search_index.keep_up(connection)
        assert (sizes(connection), words_of(connection)) == before
        assert found(connection, "potlepel") == 0
    more = tmp_path / "synonyms.csv"
    more.write_text(search_synonyms.LIST.read_text(encoding="utf-8") + "potlepel,kok\n", "utf-8")
    monkeypatch.setattr(search_synonyms, "LIST", more)
    for module, name in ((search_index, "_rules"), (search_synonyms, "_synonyms")):
        # as in a process that has just started
        monkeypatch.setattr(module, name, cache(getattr(module, name).__wrapped__))
    with db.transaction() as connection:
        search_index.keep_up(connection)
        assert found(connection, "potlepel") == found(connection, "kok") > 0
        after = words_of(connection)
        search_index.keep_up(connection)
        assert words_of(connection) == after


def test_what_can_never_be_offered_has_no_entry(filled: str) -> None:
    with db.reading() as connection:
        entries = set(connection.execute(select(search_entry.c.facts_id)).scalars())
    offered = {
        row["id"]
        for row in facts(FEW)
        if row["active"] and row["leertraject"] != "ODT" and row["closes"]
    }
    assert entries == offered


@pytest.mark.rule("WIZ-7")
@pytest.mark.each_run_on("sqlite")
def test_a_renamed_school_is_found_by_its_new_name_at_once(filled: str) -> None:
    with db.transaction() as connection:
        assert found(connection, "deltion") > 0
        assert found(connection, "windkracht") == 0
        renamed = update(institution).where(institution.c.name == "Deltion College")
        connection.execute(renamed.values(name="Windkracht", aliases=["De Molen"]))
        assert found(connection, "windkracht") == found(connection, "molen") > 0


@pytest.mark.rule("CAT-8")
def test_a_school_can_receive_from_the_moment_that_its_koppelpunt_is_active(filled: str) -> None:
    with db.reading() as connection:
        query = "rivierengebied"
        assert search(connection, query, Filters(), NOW).total == 0
        later = NOW + timedelta(days=1)
        assert search(connection, query, Filters(), later).total > 0


@pytest.mark.rule("WIZ-7")
@pytest.mark.parametrize(
    ("register", "typed"),
    [
        ("haarverzorging", "kapper"),
        ("verpleegkundige", "nurse"),
        ("it", "ict"),
        ("slager", "butcher"),
        ("kok", "طباخ"),
        ("kok", "asci"),
        ("verpleegkundige", "pielegniarka"),
    ],
)
def test_synonyms_are_folded_and_lead_somewhere(register: str, typed: str) -> None:
    assert typed in search_synonyms.of(register)


def test_a_whole_word_is_no_beginning() -> None:
    assert "ict" not in search_synonyms.of("italiaans")
    assert "hovenier" not in search_synonyms.of_name("groenlo")


def test_names_are_in_the_order_of_the_alphabet() -> None:
    names = [
        *("Allround kapper", "Allround timmerman", "Élan", "Kok", "Kok in opleiding"),
        *("Software developer", "Software developer verkort", "Zorg"),
    ]
    numbers = [search_index.called(name) for name in names]
    assert sorted(numbers) == numbers
    assert len(set(numbers)) == len(names)
    assert search_index.called("Z" * 225) < 2**63
    assert search_index.called("٣") >= 0
