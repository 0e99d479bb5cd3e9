"""Nothing personal where it doesn't belong (checklist item 44): logs, addresses, titles, errors,
mail. Everybody walks the whole way and runs into every fault; then all that is left is searched.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import db
from app.letters import LETTERS
from app.services import messages
from app.services.notices import Kind
from tests import watch
from tests.canaries import (
    COMPANY,
    MARK,
    SECRET_ADDRESS,
    STREET,
    TYPED,
    WALKERS,
    found,
)
from tests.canary_walk import GONE, Evidence, everything
from tests.letters import subjects
from tests.portal import Portal, open_portal

NAMED = "Content-Disposition"


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
    assert len(evidence.log.events("submitted")) == len(WALKERS) + 3
    assert len(evidence.log.events("error")) == 2 * len(WALKERS)
    never = {Kind.GUEST_REMOVAL}
    sent = {*subjects(evidence.portal)}
    assert sent == {letter.subject for kind, letter in LETTERS.items() if kind not in never}
    assert len(evidence.mail) == 3 * len(WALKERS) + 6


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
        told = set(found(mail))
        assert told <= {"kanarie@voorbeeld.nl"}
        assert mail.count("kanarie@voorbeeld.nl") == len(told), "in its head only"
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


@pytest.mark.rule("RET-2")
def test_no_file_that_somebody_saves_is_named_after_them(evidence: Evidence) -> None:
    names = {a.headers["Content-Disposition"] for a in evidence.trail.ours if NAMED in a.headers}
    assert len(names) >= 3, "the proof, the calendar, and all that is held"
    assert found(" ".join(names)) == []


@pytest.mark.rule("RET-2")
def test_no_byte_of_the_database_or_of_the_ledger_names_anybody(evidence: Evidence) -> None:
    ours = ("portal.db", "deletions.log")  # what SBB and RIO are made of has names of its own
    kept = [path for path in files(evidence.portal) if path.name.startswith(ours)]
    assert {path.name for path in kept} >= set(ours)
    for path in kept:
        said = set(found(path.read_bytes().decode("latin-1")))
        assert said <= {"zorg en welzijn"}, f"{path.name}: a programme is called so too"


@pytest.mark.rule("MIJ-3", "RET-1")
def test_who_removed_everything_is_nowhere(evidence: Evidence) -> None:
    everywhere = [
        evidence.log.text,
        *(path.read_bytes().decode("latin-1") for path in files(evidence.portal)),
        *(json.dumps(document) for document in watch.documents().values()),
    ]
    assert found(" ".join(everywhere), (GONE,)) == []


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
    for row in watch.all_of("application", removed_at=None):
        with db.reading() as connection:
            yield messages.of_application(connection, row.id)


def files(portal: Portal) -> list[Path]:
    """Of the database, and what lies in the portal's folder; DigiStub's own apart."""
    path = Path(portal.settings.database_url.removeprefix("sqlite:///"))
    own = [p for p in portal.settings.instance.rglob("*") if p.is_file()]
    return [p for p in [*path.parent.glob("portal.db*"), *own] if "digistub" not in p.name]
