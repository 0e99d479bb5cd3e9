"""Nothing personal where it doesn't belong (checklist item 44): logs, addresses, titles, errors,
mail. Everybody walks the whole way and runs into every fault; then all that is left is searched.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app import access, db, jobs
from app.models import metadata
from app.services import messages
from tests import watch
from tests.canaries import (
    COMPANY,
    HALF_A_STUDENT,
    KNOWN,
    LINK,
    MARK,
    SECRET_ADDRESS,
    STREET,
    TYPED,
    WALKERS,
    found,
    typed,
)
from tests.choosing import choose, look_at
from tests.leerbedrijven import COOK, IDS
from tests.letters import part, read
from tests.portal import Portal, Student, open_portal

FAULTS = ("access_denied", "bsn-elfproef", "sofi", "userinfo-other")
OUT_OF_ORDER = ("500", "wrong-types", "other-person")


@dataclass
class Overheard(httpx.BaseTransport):
    """What DUO said of persons, all of it."""

    works: httpx.BaseTransport
    said: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.works.handle_request(request)
        if request.url.path.endswith("/personen"):
            self.said.append(answer.read().decode())
        return answer


@dataclass
class Evidence:
    """What is left when everybody has been everywhere."""

    portal: Portal
    log: watch.Log
    duo: Overheard
    trail: watch.Trail = field(default_factory=watch.Trail)

    @property
    def addresses(self) -> list[str]:
        """Every address that a browser asked for, or was sent to; the school's own link apart."""
        return [a for a in self.trail.addresses if f"kenmerk={MARK}" not in a]

    @property
    def mail(self) -> dict[str, str]:
        """Headers and text of each message, by the name of its file."""
        folder = self.portal.settings.instance / "mail"
        return {path.name: readable(path) for path in folder.iterdir()}


def readable(path: Path) -> str:
    message = read(path.read_bytes())
    return "\n".join([*map(str, message.values()), part(message, "plain"), part(message, "html")])


def breaking(portal: Portal) -> None:
    """Addresses at which something fails with a person in its hands."""

    def wrong_value() -> None:
        raise ValueError(" ".join(KNOWN))

    def wrong_row() -> None:
        with db.transaction() as connection:
            connection.execute(sa.insert(metadata.tables["student"]), HALF_A_STUDENT)

    for view in (wrong_value, wrong_row):
        portal.app.add_url_rule(f"/{view.__name__}", view_func=access.public(view))


def everything(portal: Portal) -> Evidence:
    breaking(portal)
    with watch.logged() as log:
        portal.outside.inside = duo = Overheard(portal.outside.inside)
        evidence = Evidence(portal, log, duo)
        for person in WALKERS:
            walked(evidence, person.bsn)
        acts = jobs.acts(
            portal.settings, *(portal.app.extensions[n] for n in ("registers", "store"))
        )
        while jobs.run_one(acts):
            pass
    return evidence


def walked(evidence: Evidence, bsn: str) -> None:
    browser = evidence.portal.browser()
    evidence.trail.follow(browser)
    student = Student(browser, bsn)
    student.follow(LINK)
    for fault in FAULTS:
        student.log_in(fault=fault)
    for fault in OUT_OF_ORDER:
        evidence.portal.fault("duo", "personen", bsn, fault)
        student.log_in()
    evidence.portal.fault("duo", "personen", bsn, None)
    student.log_in()
    while student.at != "verstuurd":
        step = student.page.url.path
        if student.at != "controleren":
            if student.at == "contact":
                browser.cookies.delete("sid")
                student.post(step, **typed(student))
                student.log_in()
            if student.at == "opleiding":
                look_at(student, COOK)
            wrong = {name: f"{TYPED[0]}\x00" for name in student.fields() if name != "csrf_token"}
            student.post(step, **wrong)
            student.get(step)
        if student.at == "opleiding":
            choose(student, COOK)
        elif student.at == "leerbedrijf":
            student.get(f"{step}?q={COMPANY}")
            student.get(f"{step}?bedrijf={IDS[COMPANY]}")
            student.answer(**typed(student))
        else:
            student.answer(**typed(student))
    for address in ("/mijn", "/wrong_value", "/wrong_row", "/bestaat-niet", f"{step}x", "/mijn"):
        student.get(address)
    browser.post("/mijn/nieuw", data=dict.fromkeys(("csrf_token", "x"), " ".join(KNOWN)))
    browser.post("/mijn/nieuw", data={"x": " ".join(KNOWN) * 3000})
    browser.post("/uitloggen", data={"csrf_token": watch.token(student.page.text)})
    student.get("/mijn")


@pytest.fixture(scope="module")
def evidence(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    path = tmp_path_factory.mktemp("canary") / "portal.db"
    shutil.copyfile(sqlite_template, path)
    return everything(open_portal(f"sqlite:///{path}"))


def test_everybody_has_been_everywhere(evidence: Evidence) -> None:
    """Or the tests below would look at nothing."""
    statuses = {page.status_code for page in evidence.trail.pages}
    assert statuses == {200, 400, 401, 404, 413, 422, 500}
    shown = found("".join(page.text for page in evidence.trail.pages))
    assert {"Weide", "Bakhuis", "Lindeboom", "Overdijk", *TYPED} <= set(shown)
    assert len(evidence.log.events("submitted")) == len(WALKERS)
    assert len(evidence.log.events("error")) == 2 * len(WALKERS)
    assert len(evidence.mail) == len(WALKERS)


@pytest.mark.rule("RET-2")
def test_no_log_names_anybody(evidence: Evidence) -> None:
    assert found(evidence.log.text) == []
    assert MARK not in evidence.log.text


def test_a_line_of_the_log_has_these_keys_only(evidence: Evidence) -> None:
    lines = [line for line in evidence.log.lines if "route" in line]
    assert len(lines) > 100
    assert {frozenset(line) for line in lines} == {
        frozenset(("time", "reference", "method", "route", "status", "ms", "actor"))
    }
    assert not [line for line in lines if re.search(r"[0-9a-f]{8}-", line["route"])]


def tokens(addresses: list[str]) -> Iterator[str]:
    """What a signed token in an address says."""
    for address in addresses:
        for middle in re.findall(r"eyJ[\w-]+\.([\w-]+)\.", address):
            yield base64.urlsafe_b64decode(middle + "===").decode()


@pytest.mark.rule("RET-2")
def test_no_address_names_anybody(evidence: Evidence) -> None:
    asked = [str(call.url) for call in evidence.portal.outside.calls]
    assert [call for call in asked if "/duo/personen" in call]
    assert found(" ".join([*evidence.addresses, *asked])) == []
    said = list(tokens(evidence.addresses))
    assert len(said) == len(WALKERS)  # the hint for logging out
    assert found(" ".join(said)) == []


@pytest.mark.rule("RET-2")
def test_no_title_names_anybody(evidence: Evidence) -> None:
    titles = {watch.title(page.text) for page in evidence.trail.pages}
    assert len(titles) > 12
    # A company that somebody looks at stands there, as a programme does: it says who it is, not
    # who looks.
    assert found(" ".join(titles)) == [COMPANY]


@pytest.mark.rule("RET-2")
def test_no_error_page_says_what_it_was_about(evidence: Evidence) -> None:
    for page in evidence.trail.pages:
        if page.status_code in (400, 401, 404, 413, 500):
            assert found(watch.inside(page.text)) == [], page.url


@pytest.mark.rule("RET-2")
def test_no_page_shows_a_bsn(evidence: Evidence) -> None:
    numbers = tuple(person.bsn for person in WALKERS)
    for page in evidence.trail.pages:
        assert found(page.text + str(page.headers), numbers) == [], page.url


@pytest.mark.rule("RET-2")
@pytest.mark.rule("MIJ-4")
def test_no_mail_says_who_it_is_for(evidence: Evidence) -> None:
    for name, mail in evidence.mail.items():
        assert found(name) == []
        assert set(found(mail)) == {"kanarie@voorbeeld.nl"}
        assert mail.count("kanarie@voorbeeld.nl") == 1, "in its head only"
        assert "Kok" not in mail


@pytest.mark.rule("DUO-3")
def test_a_secret_address_is_nowhere(evidence: Evidence) -> None:
    told = found(" ".join(evidence.duo.said), SECRET_ADDRESS)
    assert told == [STREET, "7941ZZ", "7551ZZ"], "or nothing could have leaked"
    hidden = [person.bsn for person in WALKERS if person.data.get("indicatieGeheim") == 7]
    for bsn in hidden:
        assert [said for said in evidence.duo.said if bsn in said and STREET in said]
    everywhere = [
        evidence.log.text,
        *evidence.addresses,
        *(page.text for page in evidence.trail.ours),
        *evidence.mail.values(),
        *(path.read_bytes().decode("latin-1") for path in files(evidence.portal)),
        *(json.dumps(document, ensure_ascii=False) for document in watch.documents().values()),
        *(json.dumps(message, ensure_ascii=False) for message in served()),
    ]
    assert found(" ".join(everywhere), SECRET_ADDRESS) == []
    shown = [page for page in evidence.trail.pages if "gemarkeerd als geheim" in page.text]
    assert shown


@pytest.mark.rule("SIS-4")
def test_a_school_gets_what_was_typed(evidence: Evidence) -> None:
    """In which the search for a secret address would find it."""
    assert any(call.url.path.endswith("/personen") for call in evidence.portal.outside.calls)
    sent = list(served())
    assert len(sent) == len(WALKERS)
    assert set(found(json.dumps(sent, ensure_ascii=False), TYPED)) == set(TYPED)
    assert {message["leerbedrijf"]["naam"] for message in sent} == {COMPANY}


def served() -> Iterator[dict[str, Any]]:
    """What a SIS will be served of every application."""
    for row in watch.all_of("application"):
        with db.reading() as connection:
            yield messages.of_application(connection, row.id)


def files(portal: Portal) -> list[Path]:
    """Of the database, and what lies in the portal's folder; DigiStub's own apart."""
    path = Path(portal.settings.database_url.removeprefix("sqlite:///"))
    own = [p for p in portal.settings.instance.rglob("*") if p.is_file()]
    return [p for p in [*path.parent.glob("portal.db*"), *own] if "digistub" not in p.name]
