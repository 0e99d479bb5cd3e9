"""Proofs of applications: asked for, read, and as what somebody else might have typed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import httpx
from pypdf import PdfReader

from app import db
from app.domain.draft import Personal
from app.services import dossiers
from tests import watch
from tests.applicants import adult, cohorts_open
from tests.portal import Portal, Student
from tests.sent import applies

numbers = count(2000)  # of who has none yet


class Paper:
    """A PDF, as a program sees it that reads it aloud."""

    def __init__(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, answer.status_code
        assert answer.headers["Content-Type"] == "application/pdf"
        self.bytes, self.reader = answer.content, PdfReader(io.BytesIO(answer.content))
        self.root: Any = self.reader.trailer["/Root"]

    @property
    def text(self) -> str:
        return " ".join(" ".join(page.extract_text() for page in self.reader.pages).split())

    @property
    def about(self) -> str:
        """Its metadata, as XML."""
        return str(self.root["/Metadata"].get_object().get_data().decode())

    def parts(self) -> list[str]:
        """The kinds of its parts, in the order in which they are read: /H1, /P, /L, …"""
        return [part["/S"] for part in _parts(self.root["/StructTreeRoot"].get_object())]

    def languages(self) -> list[str]:
        """Of the parts that aren't in the paper's own language."""
        every = _parts(self.root["/StructTreeRoot"].get_object())
        named = [str(part["/Lang"]) for part in every if "/Lang" in part]
        return [language for language in named if language != self.root["/Lang"]]

    def drawn_unmarked(self) -> list[str]:
        """What draws outside everything that is marked as content or as decoration."""
        page = self.reader.pages[0]
        operations = page.get_contents().operations  # type: ignore[union-attr]
        depth, found = 0, []
        for _operands, operator in operations:
            name = operator.decode()
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
            if not depth and name in ("f", "f*", "S", "s", "B", "b", "Do", "sh", "Tj", "TJ"):
                found.append(name)
        return found


def _parts(part: Any) -> Iterator[Any]:
    if isinstance(part, list):
        for each in part:
            yield from _parts(each.get_object())
    elif isinstance(part, dict):
        if "/S" in part:
            yield part
        if "/K" in part:
            yield from _parts(part["/K"].get_object())


class Applicant:
    """Somebody else each time who sent an application, for the first of the cohorts that are open
    or a later one, in a browser that is logged in."""

    def __init__(self, portal: Portal, cohort: int = 0) -> None:
        bsn = adult(next(numbers))
        self.draft = applies(portal, bsn, cohorts_open()[cohort])
        self.student = Student(portal.browser(), bsn)
        self.student.log_in()
        self.here = f"/aanmelding/{self.draft}/verstuurd"

    @property
    def row(self) -> Any:
        return watch.row_of("application", draft_id=self.draft)

    @property
    def code(self) -> str:
        return str(watch.document("application", draft_id=self.draft)["proof"])

    def file(self, name: str, language: str = "nl") -> httpx.Response:
        self.student.browser.get(f"/taal/{language}")
        return self.student.browser.get(f"{self.here}/{name}")

    def paper(self, language: str = "nl") -> Paper:
        return Paper(self.file("bewijs.pdf", language))

    def is_called(self, name: str) -> None:
        """As if DUO didn't know this student, who typed that."""
        answers = watch.answers("application", draft_id=self.draft)
        typed = Personal(first_names="", prefix="", surname=name)
        unknown = answers.person and replace(answers.person, person=None)
        self.sent(replace(answers, person=unknown, personal=typed))

    def chose(self, **facts: Any) -> None:
        """A programme with other facts."""
        answers = watch.answers("application", draft_id=self.draft)
        assert answers.choice is not None
        self.sent(replace(answers, choice=replace(answers.choice, **facts)))

    def sent(self, answers: Any) -> None:
        with db.transaction() as connection:
            dossiers.keep(connection, self.row, answers)

    def kept(self, **beside: Any) -> None:
        """Something else beside the answers; None: it isn't kept at all."""
        row = self.row
        content = dossiers.opened(row.ca_keten_id, row.document)
        other = {k: v for k, v in {**content.beside, **beside}.items() if v is not None}
        document = dossiers.sealed(row.ca_keten_id, content.answers, content.link, other)
        self.is_now(document=document)

    def is_now(self, **values: Any) -> None:
        """The columns of its row."""
        application = watch.metadata.tables["application"]
        with db.transaction() as connection:
            connection.execute(application.update().filter_by(id=self.row.id).values(values))
