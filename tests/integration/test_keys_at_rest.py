"""What somebody reads who has the database and not the keys: nothing about anybody."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Table, make_url, select, update

from app import clock, db, keys
from app.models import application, metadata, student
from app.services import koppelpunten, students
from digistub.people import PEOPLE
from tests import services, watch
from tests.applicants import a_cohort, adult, ready
from tests.portal import MINOR, Portal
from tests.sis import number, sis
from tests.status_items import item, result

BORN = PEOPLE[0].born(clock.today()).strftime("%Y%m%d")
CANARIES = (
    *(MINOR, "Noor", "Elisabeth", "Weide", "Kastanjelaan", "8019XK", BORN),
    *("Canarietje", "canarie@voorbeeld.nl", "612345678", "Anna Maria", "Jansen", "KENMERK-42"),
)


def fill(portal: Portal) -> None:
    """An application, a draft, a session, a job and a link, all of one person; and what a SIS
    says of it."""
    person = portal.student(MINOR)
    person.follow("/aanmelden?instelling=99XX&kenmerk=KENMERK-42")
    person.walk_to("contact")
    person.answer(roepnaam="Canarietje", email="canarie@voorbeeld.nl")
    person.send()
    person.follow("/aanmelden?instelling=91XX&kenmerk=KENMERK-42")
    assert person.at == "opleiding", "the rest is known"
    reader = sis(portal)
    (one,) = reader.fresh()
    reader.post(f"{number(one)}/foutmelding", json={"foutmelding": f"{MINOR} van der Weide"})
    facts = {"pgn": MINOR, "postcode": "8019XK", "geboortedatum": "2010-03-14"}
    result(reader, item(watch.row_of("application"), "AO", **facts))
    provider = watch.all_of("provider", brin="99XX")[0].code
    extra = koppelpunten.Settings(providers=[provider])
    koppelpunten.set_up("99XX-extra", "99XX", extra, clock.now(), production=False)


def at_rest(url: str) -> Iterator[tuple[str, bytes]]:
    """Each file of SQLite; each table as PostgreSQL would dump it, and what pg_dump writes."""
    if url.startswith("sqlite"):
        for file in Path(url.removeprefix("sqlite:///")).parent.glob("portal.db*"):
            yield file.name, file.read_bytes()
        return
    with db.reading() as connection:
        raw = connection.connection.cursor()
        for table in metadata.sorted_tables:
            with raw.copy(f"COPY {table.name} TO STDOUT (FORMAT binary)") as dump:
                yield table.name, b"".join(bytes(part) for part in dump)
    options = (f"--host={services.postgresql()}", "--username=portal", "--schema=public")
    program = services.postgresql_program("pg_dump")
    yield "pg_dump", subprocess.check_output([program, *options, make_url(url).database or ""])


@pytest.mark.rule("RET-2")
def test_the_database_holds_nothing_personal_that_can_be_read(any_portal: Portal) -> None:
    fill(any_portal)
    files = dict(at_rest(any_portal.settings.database_url))
    assert any(b"Verpleegkundige" in content for content in files.values()), "this can be read"
    for canary in CANARIES:
        assert [name for name, content in files.items() if canary.encode() in content] == [], canary


@pytest.mark.rule("RET-2")
def test_each_personal_table_has_been_looked_at(any_portal: Portal) -> None:
    fill(any_portal)
    with db.reading() as connection:
        empty = {
            table.name
            for table in metadata.sorted_tables
            if connection.execute(select(table)).first() is None
        }
    assert empty == {
        *("place", "tester_clock", "refused_link", "catalogue_run", "catalogue_read"),
    }


@pytest.mark.rule("RET-2")
def test_a_document_in_another_row_opens_nothing(any_portal: Portal) -> None:
    first, second = (ready(any_portal, adult(n), a_cohort()) for n in (1, 2))
    with db.transaction() as connection:
        theirs = connection.scalar(
            select(student.c.document).where(student.c.id == second.student_id)
        )
        connection.execute(
            update(student).where(student.c.id == first.student_id).values(document=theirs)
        )
    with db.reading() as connection, pytest.raises(InvalidTag):
        students.of(connection, first.student_id)


@pytest.mark.rule("RET-2")
def test_after_rotation_old_rows_open_and_new_ones_have_the_new_key(any_portal: Portal) -> None:
    person = any_portal.student(MINOR).walk_to("controleren")
    keys.use((("fresh", b"f" * 32), *keys._keys.items()))
    person.get(person.page.url.path)
    person.answer()
    assert person.at == "verstuurd"
    assert key_of(application) == "fresh"
    assert key_of(student) != "fresh"
    assert any_portal.student(MINOR).get("/mijn").status_code == 200
    assert key_of(student) == "fresh"


def key_of(table: Table) -> str:
    with db.reading() as connection:
        sealed = connection.execute(select(table.c.document)).scalar_one()
    return str(sealed[2 : 2 + sealed[1]].decode())
