"""Which koppelpunt an application goes to, and what the operator sets of one (ADM-4, CAT-8)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app import clock, db
from app.domain.catalogue import Choice
from app.models import job, message
from app.services import applications, catalogue, koppelpunten, oversight, sis_clients
from app.services.catalogue import counts_now, facts
from app.services.koppelpunten import Settings
from tests import watch
from tests.applicants import adult, open_now, ready
from tests.line import Line
from tests.portal import MINOR, Portal
from tests.race import Raised, at_once
from tests.sis import number, sis
from tests.sis_keys import EC, RSA, THEIRS

pytestmark = pytest.mark.each_run_on("sqlite")

HOUR = timedelta(hours=1)


@pytest.fixture
def line(any_portal: Portal) -> Line:
    return Line(any_portal)


def provider_of(choice: Choice) -> str:
    with db.reading() as connection:
        of = select(facts.provider_code).where(counts_now())
        found = connection.execute(of.where(facts.programme_id == choice.programme_id))
        return str(found.scalar_one())


def at_school(brin: str = "99XX") -> Choice:
    return next(choice for choice in open_now() if choice.brin == brin)


def put(code: str, **settings: Any) -> None:
    koppelpunten.set_up(code, "99XX", Settings(**settings), clock.now(), production=False)


def reached(portal: Portal, person: int, choice: Choice) -> str:
    """The koppelpunt that an application goes to."""
    receipt = applications.submit(*ready(portal, adult(person), choice.cohort_id).sends())
    row = watch.row_of("application", id=receipt.application_id)
    return str(watch.row_of("koppelpunt", id=row.koppelpunt_id).code)


@pytest.mark.rule("ADM-4")
def test_an_extra_one_for_a_provider_from_a_moment_on(any_portal: Portal) -> None:
    choice = at_school()
    provider = provider_of(choice)
    put("99XX-extra", providers=[provider], active_from=clock.now() + HOUR)
    assert reached(any_portal, 1, choice) == "99XX"
    put("99XX-extra", active_from=clock.now() - HOUR)
    assert reached(any_portal, 2, choice) == "99XX-extra"
    put("99XX-later", active_from=clock.now() - HOUR)  # a later default
    assert reached(any_portal, 3, choice) == "99XX-extra"
    put("99XX-extra", off=True)
    assert reached(any_portal, 4, choice) == "99XX-later"
    put("99XX-extra", off=False, providers=[])  # now the school's latest default
    put("99XX-extra", active_from=clock.now())
    assert reached(any_portal, 5, choice) == "99XX-extra"
    kept = [row.koppelpunt_id for row in watch.all_of("application")]
    assert len(set(kept)) == 3  # an application keeps the koppelpunt that it went to


@pytest.mark.rule("CAT-8")
def test_a_provider_that_has_none_takes_no_applications(any_portal: Portal) -> None:
    choice = at_school()
    other = next(
        code
        for code in (row.code for row in watch.all_of("provider", brin="99XX"))
        if code != provider_of(choice)
    )
    applicant = ready(any_portal, adult(1), choice.cohort_id)
    put("99XX", providers=[other])
    with db.reading() as connection:
        (seen,) = (
            one
            for one in catalogue.of_programme(connection, choice.programme_id, clock.now())
            if one.choice.cohort_id == choice.cohort_id
        )
    assert not seen.choice.receives
    with pytest.raises(applications.CannotReceive):
        applications.submit(*applicant.sends())
    put("99XX", off=True, providers=[])
    page = any_portal.browser().get("/aanmelden?instelling=99XX")
    assert "Deze school kan nu geen aanmeldingen ontvangen" in page.text
    put("99XX", off=False)
    assert applications.submit(*applicant.sends())


@pytest.mark.rule("ADM-4")
@pytest.mark.rule("SIS-3")
def test_a_code_is_the_only_one_whatever_its_capitals(line: Line) -> None:
    assert "differs in capitals only" in line.refuses("koppelpunt", "set", "99xx", "99XX")
    assert "another school's" in line.refuses("koppelpunt", "set", "99XX", "91XX")
    for bad in ("", "a b", "a/b", "é", "x" * 61, ".x"):
        assert "at most 60 letters" in line.refuses("koppelpunt", "set", bad, "99XX")


@pytest.mark.rule("ADM-4")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_a_code_taken_twice_at_once_is_taken_once(any_portal: Portal) -> None:
    calls = [(code, "99XX", Settings(), clock.now(), False) for code in ("Nieuw", "nieuw") * 4]
    answers = at_once(any_portal.settings.database_url, koppelpunten.set_up, calls)
    assert len(watch.all_of("koppelpunt", code_key="nieuw")) == 1
    assert {a.kind for a in answers if isinstance(a, Raised)} <= {"ValueError", "IntegrityError"}


@pytest.mark.rule("ADM-4")
def test_the_operator_sets_a_koppelpunt(line: Line) -> None:
    provider = watch.all_of("provider", brin="99XX")[0].code
    words = ("--name", "Zorg", "--from", "2027-08-01", "--sis", "Osiris", "--acknowledging")
    line.says("koppelpunt", "set", "Zorg.1", "99XX", *words, "--provider", provider)
    row = watch.row_of("koppelpunt", code="Zorg.1")
    assert (row.name, row.sis, row.acknowledging, row.off) == ("Zorg", "Osiris", True, False)
    assert row.active_from.isoformat() == "2027-07-31T22:00:00+00:00"
    told = line.says("koppelpunt", "list", "99XX")
    assert "Zorg.1  from 2027-07-31 22:00  Osiris  0 waiting  seen never: let its supplier" in told
    assert f"only {provider}\n" in told
    line.says("koppelpunt", "set", "Zorg.1", "99XX", "--off", "--provider", "")
    assert "Zorg.1  off" in line.says("koppelpunt", "list")
    assert watch.all_of("koppelpunt_provider") == []
    for words, said in {
        ("--sis", "Excel"): "a SIS is one of",
        ("--from", "morgen"): "no day",
        ("--name", "x" * 81): "at most 80",
        ("--provider", "000A000"): "no provider 000A000",
        ("--nudge-url", "sis.nl"): "https://",
    }.items():
        assert said in line.refuses("koppelpunt", "set", "Zorg.1", "99XX", *words)
    assert "no school 98XX" in line.refuses("koppelpunt", "set", "98XX", "98XX")
    with pytest.raises(ValueError, match="no Stub SIS"):
        koppelpunten.set_up("99XX", "99XX", Settings(sis="Stub SIS"), clock.now(), production=True)


@pytest.mark.rule("SIS-6")
def test_the_operator_lets_a_sis_in(line: Line, tmp_path: Path) -> None:
    line.says("sis", "set", THEIRS, "--name", "Leverancier", "--school", "99XX")
    key = tmp_path / "sleutel.json"
    key.write_text(json.dumps(RSA.as_dict(private=False)))
    assert line.says("sis", "key", THEIRS, str(key)) == "een\n"
    key.write_text(json.dumps(EC.as_dict(private=True)))
    assert "keep the private half" in line.refuses("sis", "key", THEIRS, str(key))
    secret = line.says("sis", "secret", THEIRS).strip()
    with db.reading() as connection:
        assert sis_clients.has_secret(connection, THEIRS, secret, clock.real_now())
    line.says("sis", "end-key", THEIRS, "een", "--after", "2")
    told = line.says("sis", "list")
    assert f"{THEIRS}  Leverancier  99XX\n    jwk  een  from " in told
    assert " until " in told
    assert secret not in told
    assert "no such key" in line.refuses("sis", "end-key", THEIRS, "twee")
    assert "no such SIS" in line.refuses("sis", "secret", "0" * 20)
    assert "20 digits" in line.refuses("sis", "set", "kort", "--name", "x")
    assert "no school 98XX" in line.refuses("sis", "set", THEIRS, "--name", "x", "--school", "98XX")
    trail = [(t.action, t.object) for t in watch.all_of("audit", actor_kind="operator")]
    assert trail[0] == ("sis set", f"oin={THEIRS} name=Leverancier brins=99XX")
    assert trail[2:4] == [
        ("sis key", f"oin={THEIRS} file={key}"),
        ("sis key", f"oin={THEIRS} file={key} een"),
    ]
    assert ("sis end-key", f"oin={THEIRS} kid=twee after=0") in trail, "what was tried is noted too"
    results = [row.result for row in watch.all_of("audit", actor_kind="operator")]
    assert results == ["gevraagd", "gedaan"] * 2 + ["gevraagd", "mislukt"] + [
        *["gevraagd", "gedaan"] * 2,
        *["gevraagd", "mislukt"] * 4,
    ]
    assert secret not in str(trail)
    assert watch.all_of("audit", action="sis set")[0].brin == "99XX"


@pytest.mark.rule("SIS-5")
def test_the_operator_sets_a_period_ready_again(any_portal: Portal, line: Line) -> None:
    for person in (1, 2):
        reached(any_portal, person, at_school())
    first, second = sis(any_portal).fresh()
    today = str(clock.today())
    assert line.says("messages", "again", "99XX", "--from", today) == "2 set ready again.\n"
    assert line.says("messages", "again", "99XX", "--from", today, "--until", today) == (
        "2 set ready again.\n"
    )
    words = ("--id", first["ketenId"], "--id", second["caKetenId"])
    assert line.says("messages", "again", "99XX", *words) == "2 set ready again.\n"
    assert line.says("messages", "again", "91XX", "--from", today) == "0 set ready again.\n"
    (*_, last) = watch.all_of("audit", action="messages again", brin="99XX")
    assert last.object == f"brin=99XX ids={first['ketenId']},{second['caKetenId']}"
    line.refuses("messages", "again", "99XX")
    assert "at most 366 days back" in line.refuses(
        "messages", "again", "99XX", "--from", "2024-01-01"
    )
    line.refuses("messages", "again", "99XX", "--from", "gisteren")
    for far in ("0001-01-01", "9999-12-31"):
        line.refuses("messages", "again", "99XX", "--from", far, "--until", far)
    line.refuses("messages", "again", "91XX", *words)


@pytest.mark.rule("SIS-1")
def test_the_operator_reads_what_a_sis_reported(any_portal: Portal, line: Line) -> None:
    """In one line each, without a BSN, also when it would steer a terminal; until confirmed."""
    for person in (1, 2):
        reached(any_portal, person, at_school())
    reader = sis(any_portal)
    first, second = reader.fresh()
    for item, text in ((first, "Geen intake."), (second, f"\x1b[2J{MINOR}\nonbekend ✓")):
        reader.post(f"{number(item)}/foutmelding", json={"foutmelding": text})
    told = line.says("messages", "errors", "99XX").splitlines()
    assert [one.split("  ")[:2] for one in told] == [
        [second["ketenId"], "2"],
        [first["ketenId"], "1"],
    ]
    assert [one.split(" UTC  ")[1] for one in told] == [" [2J********* onbekend ✓", "Geen intake."]
    assert watch.all_of("audit", action="messages errors", brin="99XX")
    assert line.says("messages", "errors", "91XX") == ""
    reader.confirm(second)
    assert line.says("messages", "errors", "99XX") == f"{told[1]}\n"


@pytest.mark.rule("OPS-4")
def test_nothing_waits_silently(any_portal: Portal, line: Line) -> None:
    """Checklist item 56: what the outbox gave up, what nobody fetches, what has no message."""
    assert line.says("jobs", "failed") == ""
    reached(any_portal, 1, at_school())
    nobody = "1 wait and no worker was there yet: start `jobs run`\n"
    assert line.says("jobs", "failed") == nobody
    (row,) = watch.all_of("application")
    later = clock.now() + timedelta(hours=49)
    with db.reading() as connection:
        assert oversight.silent(connection, clock.now() + timedelta(hours=47)) == []
        (silent,) = oversight.silent(connection, later)
    assert (silent.code, silent.waiting, silent.seen_at) == ("99XX", 1, None)
    with db.transaction() as connection:
        connection.execute(update(job).values(failed_at=1.0, last_error="Unavailable", attempts=9))
        connection.execute(update(message).values(latest=False, waiting=False))
    told = line.says("jobs", "failed")
    assert "mail  given up  9x since -  Unavailable" in told
    assert f"{row.ca_keten_id}  has no message" in told
    assert line.says("jobs", "failed", "--again").startswith("1 due again.\n")
    assert watch.row_of("job").failed_at is None
    line.says("messages", "again", "99XX", "--id", row.ca_keten_id)
    assert "has no message" not in line.says("jobs", "failed")
    any_portal.move_clock(later.isoformat())
    assert "99XX  99XX  1 wait since" in line.says("jobs", "failed")


@pytest.mark.rule("OPS-4")
def test_a_worker_that_is_gone_is_noticed(
    any_portal: Portal, line: Line, machine: Traveller
) -> None:
    """Checklist item 56: what it would have done has no error, and waits all the same."""
    line.says("jobs", "run", "--once")
    reached(any_portal, 1, at_school())
    assert line.says("jobs", "failed") == ""
    seen = f"{clock.real_now():%Y-%m-%d %H:%M} UTC"
    machine.shift(timedelta(hours=1, seconds=1))
    told = f"1 wait and no worker was there since {seen}: start `jobs run`\n"
    assert line.says("jobs", "failed") == told
    line.says("jobs", "run", "--once")
    assert line.says("jobs", "failed") == ""
