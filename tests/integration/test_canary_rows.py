"""Nothing personal where it doesn't belong: what may vanish, rows in each other's place, errors."""

from __future__ import annotations

import pytest
import redis
import sqlalchemy as sa

from app import db
from app.models import metadata
from digistub.people import PEOPLE
from tests import watch
from tests.canaries import HALF_A_STUDENT, LINK, MARK, found, typed
from tests.portal import SECRET, Portal, Student, open_portal


@pytest.mark.rule("DUO-3")
@pytest.mark.rule("RET-2")
def test_what_may_vanish_names_nobody_in_redis(sqlite_url: str, redis_url: str) -> None:
    portal = open_portal(sqlite_url, redis_url)
    student = Student(portal.browser(), SECRET)
    student.follow(LINK)
    student.log_in(fault="access_denied")
    student.log_in()
    student.walk_to("contact")
    waiting = portal.browser()
    waiting.get("/login/digid")
    waiting.post(str(student.page.url), data=typed(student))
    client = redis.Redis.from_url(redis_url)
    kept = b" ".join(key + (client.get(key) or b"") for key in client.scan_iter()).decode("latin-1")
    assert kept.count("session:") == 2
    assert kept.count("login:") == 1
    assert found(kept) == []
    assert MARK not in kept
    client.close()


@pytest.mark.rule("RET-2")
def test_an_error_of_the_database_does_not_say_what_it_was_given(database_url: str) -> None:
    db.connect(database_url)
    with pytest.raises(sa.exc.IntegrityError) as error:
        with db.transaction() as connection:
            connection.execute(sa.insert(metadata.tables["student"]), HALF_A_STUDENT)
    assert "student" in str(error.value)
    assert found(str(error.value)) == []


# --- sealed where they stand ---------------------------------------------------------------------


@pytest.mark.rule("RET-2")
@pytest.mark.parametrize("table", ["draft", "student", "application"])
def test_a_document_in_another_s_place_opens_nothing(portal: Portal, table: str) -> None:
    first, second = portal.student(PEOPLE[0].bsn), portal.student(PEOPLE[1].bsn)
    for student in (first, second):
        if table == "application":
            student.send()
        else:
            student.get(str(student.page.url))
    one, other = watch.all_of(table)
    with db.transaction() as connection:
        for row, document in ((one, other.document), (other, one.document)):
            known = metadata.tables[table]
            connection.execute(
                sa.update(known).where(known.c.id == row.id).values(document=document)
            )
    with watch.logged() as log:
        page = first.get(str(first.page.url))
    assert page.status_code == 500
    assert "Er ging bij ons iets mis" in page.text
    assert "InvalidTag" not in page.text
    assert [line["kind"] for line in log.events("error")] == ["InvalidTag"]
    assert found(watch.inside(page.text) + log.text) == []
    assert second.get(str(second.page.url)).status_code == 500
