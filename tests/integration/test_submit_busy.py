"""Another writer that doesn't let go: said in time, with what was typed kept, and nothing sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app import db
from app.models import application, draft
from tests.portal import ADULT, Portal, open_portal

BUSY = "Het is nu te druk om dit op te slaan. Wat je typte, staat er nog. Probeer het zo weer."


@pytest.fixture
def hasty(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Portal:
    """A portal that waits for a moment only."""
    monkeypatch.setattr(db, "WAIT", 0.1)
    return open_portal(database_url)


@contextmanager
def another_writer(portal: Portal) -> Iterator[None]:
    """Somebody who has locked what an answer and an application need."""
    other = sa.create_engine(portal.settings.database_url)
    with other.connect() as connection:
        if other.dialect.name == "sqlite":
            connection.connection.cursor().execute("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.text("LOCK TABLE draft IN EXCLUSIVE MODE"))
        yield
        connection.rollback()
    other.dispose()


@pytest.mark.rule("WIZ-2")
def test_an_answer_that_can_not_be_saved_stays_on_the_page(hasty: Portal) -> None:
    student = hasty.student(ADULT).walk_to("contact")
    with another_writer(hasty):
        page = student.post(roepnaam="Semmie", email="sem@voorbeeld.nl")
    assert page.status_code == 503
    assert BUSY in page.text
    assert student.fields()["roepnaam"] == "Semmie"
    student.post()
    assert student.at == "vooropleiding"


@pytest.mark.rule("WIZ-13")
def test_what_can_not_be_sent_now_can_be_sent_later(hasty: Portal) -> None:
    student = hasty.student(ADULT).walk_to("controleren")
    form, address = {**student.fields(), **student.usual()}, student.page.url
    with another_writer(hasty):
        page = student.browser.post(address, data=form)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "60"
    with db.reading() as connection:
        assert connection.execute(select(application)).all() == []
        assert len(connection.execute(select(draft)).all()) == 1
    assert student.browser.post(address, data=form).status_code == 303


def test_who_only_reads_waits_for_nobody(hasty: Portal) -> None:
    student = hasty.student(ADULT).walk_to("controleren")
    with another_writer(hasty):
        assert student.get(student.page.url.path).status_code == 200
        assert student.get("/mijn").status_code == 200
