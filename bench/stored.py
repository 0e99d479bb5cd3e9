"""Applications of one school by the thousand: copies of a few that students of the test people
sent, each with ids and a sealed message of its own."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import click
import httpx
import sqlalchemy as sa

from app import config, db, keys
from app.models import application, cohort, koppelpunt, message, student
from app.services import messages
from bench.server import Server
from tests.copies import driver
from tests.portal import ADULT, HOMELESS, MINOR, SECRET, Student

CODE = "99XX"
CHUNK = 5000
OF_A_PERSON = 100  # copies
YEAR, MINUTE = timedelta(days=365), timedelta(minutes=1)


class Copies:
    """Applications of 99XX, stored by the thousand: spread over a year, a hundred of a person, and
    the first hundred for a cohort that has no others."""

    def __init__(self, portal: Server) -> None:
        for bsn in (MINOR, ADULT, HOMELESS, SECRET):
            with httpx.Client(base_url=portal.address) as browser:
                applicant = Student(browser, bsn)
                applicant.log_in()
                applicant.send()
        settings = config.read(portal.environ)
        keys.use(settings.data_keys, settings.secret_key)
        self.engine = db.connect(settings.database_url)
        with db.reading() as connection:
            self.point = connection.execute(
                sa.select(koppelpunt.c.id).filter_by(code=CODE)
            ).scalar_one()
            self.rows = [
                dict(row._mapping)
                for row in connection.execute(
                    sa.select(application).filter_by(koppelpunt_id=self.point)
                )
            ]
            self.bodies = [messages.of_application(connection, row["id"]) for row in self.rows]
            self.last = connection.execute(
                sa.select(koppelpunt.c.last_change).filter_by(id=self.point)
            ).scalar_one()
            self.next = connection.execute(sa.select(sa.func.max(application.c.id))).scalar_one()
            self.person = dict(connection.execute(sa.select(student)).mappings().first() or {})
            of = sa.select(cohort.c.id, cohort.c.programme_id)
            self.programmes = dict(connection.execute(of).tuples().all())
        self.often = self.programmes[self.rows[0]["cohort_id"]]
        taken = {self.programmes[row["cohort_id"]] for row in self.rows}
        self.rare = next(one for one, of in self.programmes.items() if of not in taken)
        self.stored, self.until = 0, datetime.now(UTC)

    def store(self, number: int, waiting: bool) -> None:
        with click.progressbar(length=number, file=sys.stderr, label="Storing") as bar:
            for first in range(0, number, CHUNK):
                size = min(CHUNK, number - first)
                made = [self._made(waiting) for _ in range(size)]
                persons = {m[0]["student_id"]: m[2] for m in made}
                with db.transaction() as connection:
                    connection.execute(
                        db.insert(connection, student).on_conflict_do_nothing(),
                        list(persons.values()),
                    )
                    connection.execute(sa.insert(application), [m[0] for m in made])
                    connection.execute(sa.insert(message), [m[1] for m in made])
                    connection.execute(
                        sa.update(koppelpunt)
                        .where(koppelpunt.c.id == self.point)
                        .values(last_change=self.last)
                    )
                bar.update(size)
                self.stored += size

    def _made(self, waiting: bool) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        self.next, self.last = self.next + 1, self.last + 1
        which = self.next % len(self.rows)
        uuid = str(UUID(int=self.next))
        ids = {"caKetenId": uuid, "ketenId": f"99XX:8{self.next:07d}"}  # ours begin with a 9
        sealed = keys.seal(messages.place(self.point, self.last), {**self.bodies[which], **ids})
        row = {**self.rows[which], "id": self.next, "draft_id": uuid}
        row["requested_at"] = self.until - MINUTE * (self.next * 7919 % (YEAR // MINUTE))
        bsn, who = bsn_of(self.next), str(UUID(int=self.next // OF_A_PERSON))
        if self.next % 50 == 0 and self.next < 50 * OF_A_PERSON:
            row["cohort_id"] = self.rare
        return (
            {**row, "ca_keten_id": uuid, "keten_id": ids["ketenId"], "student_id": who},
            {
                "koppelpunt_id": self.point,
                "change_number": self.last,
                "application_id": self.next,
                "programme_id": self.programmes[row["cohort_id"]],
                "kind": "new",
                "created_at": datetime.now(UTC),
                "document": sealed,
                "waiting": waiting,
                "given_at": None if waiting else datetime.now(UTC),
            },
            {**self.person, "id": who, "bsn_hash": keys.lookup("bsn", bsn)},
        )

    def settle(self) -> None:
        """As after a night: the planner knows how much there is, and what was written is in its
        place."""
        with driver(self.engine) as run:
            if self.engine.dialect.name == "sqlite":
                run("ANALYZE")
                run("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                run("VACUUM ANALYZE")


def bsn_of(number: int) -> str:
    return f"{10**8 + number // OF_A_PERSON}"
