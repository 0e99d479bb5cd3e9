"""The operator's commands: what they say, and an error as one sentence without a trace."""

from __future__ import annotations

import pytest

from app import db
from app.domain.catalogue import Reason
from tests import watch
from tests.choosing import IDS, KOK, in_our_copy, offered
from tests.line import Line
from tests.portal import Portal

pytestmark = pytest.mark.each_run_on("sqlite")

COMMANDS = {
    "catalogue sync": "--accept-shrink",
    "catalogue follow": "RIO_FEED_URL",
    "catalogue status": "--school BRIN",
    "catalogue why": "PROGRAMME_ID",
    "institution set": "--koppelpunt",
    "institution refused": "BRIN",
    "institution code": "--show",
    "programme set": "--tick / --no-tick",
    "cohort places": "[NUMBER]",
    "koppelpunt set": "--acknowledging",
    "koppelpunt list": "[BRIN]",
    "sis set": "--school",
    "sis key": "OIN FILE",
    "sis secret": "OIN",
    "sis end-key": "--after",
    "sis list": "schools and keys",
    "messages again": "--until",
}
SCHOOL = "https://www.school.example"


@pytest.fixture
def line(any_portal: Portal) -> Line:
    return Line(any_portal)


def code() -> str:
    return str(offered(KOK)[0].choice.cohort_code)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(portal: Portal, command: str) -> None:
    told = Line(portal).says(*command.split(), "--help")
    assert COMMANDS[command] in told
    assert told.count("\n") > 4


@pytest.mark.rule("CAT-5")
def test_places_are_set_and_not_counted_any_more(line: Line) -> None:
    assert line.says("cohort", "places", IDS[KOK], code(), "3") == "0 of 3 taken.\n"
    assert watch.row_of("place").maximum == 3
    assert line.says("cohort", "places", IDS[KOK].upper(), code()) == "Not counted.\n"
    assert watch.all_of("place") == []
    assert line.refuses("cohort", "places", IDS[KOK], "x", "3") == "Error: no such cohort\n"
    assert line.refuses("cohort", "places", "x", code(), "3") == "Error: no such cohort\n"
    for wrong in ("-1", "veel", "1.5", "1000000"):
        assert line.runner.invoke(args=["cohort", "places", IDS[KOK], code(), wrong]).exit_code == 2


@pytest.mark.rule("DEE-2", "WIZ-8")
def test_a_programme_is_ticked_and_gets_return_links(line: Line) -> None:
    assert line.says("programme", "set", IDS[KOK], "--tick", "--return-url", f"{SCHOOL}/kok") == ""
    row = watch.row_of("programme", id=IDS[KOK])
    assert (row.whitelisted, row.return_url, row.return_url_failed) == (True, f"{SCHOOL}/kok", "")
    line.says("programme", "set", IDS[KOK].upper(), "--no-tick", "--return-url", "")
    row = watch.row_of("programme", id=IDS[KOK])
    assert (row.whitelisted, row.return_url) == (False, "")
    assert line.refuses("programme", "set", "x", "--tick") == "Error: no such programme\n"
    for name in ("return-url", "return-url-failed"):
        told = line.refuses("programme", "set", IDS[KOK], f"--{name}", "https://evil.example/")
        assert told == f"Error: {name.replace('-', '_')}: foreign_host\n"
    assert watch.row_of("programme", id=IDS[KOK]).return_url_failed == ""


@pytest.mark.rule("DEE-3")
def test_a_school_is_set_up_and_changed(line: Line) -> None:
    line.says("institution", "set", "93XX", "--name", "School", "--domain", "a.example")
    line.says("institution", "set", "93XX", "--koppelpunt", "93XX", "--alias", "de school")
    line.says("institution", "set", "93XX", "--koppelpunt", "93XX", "--whitelist")
    line.says("institution", "set", "93XX", "--return-url", "https://a.example/klaar")
    row = watch.row_of("institution", brin="93XX")
    assert (row.name, row.domains, row.aliases) == ("School", ["a.example"], ["de school"])
    assert (row.whitelist, row.return_url) == (True, "https://a.example/klaar")
    assert len(watch.all_of("koppelpunt", brin="93XX")) == 1


@pytest.mark.rule("DEE-3")
def test_what_a_school_set_is_taken_away_by_an_empty_one(line: Line) -> None:
    link = f"{SCHOOL}/klaar"
    told = ("--domain", "www.school.example", "--domain", "*.b.example", "--alias", "de school")
    links = ("--return-url", link, "--return-url-failed", f"{link}-niet")
    line.says("institution", "set", "93XX", *told, *links)
    line.says("institution", "set", "93XX", "--name", "School")
    kept = watch.row_of("institution", brin="93XX")
    assert (kept.domains, kept.aliases) == (["www.school.example", "*.b.example"], ["de school"])
    assert (kept.return_url, kept.return_url_failed) == (link, f"{link}-niet")
    line.says("institution", "set", "93XX", "--return-url", "", "--return-url-failed", "")
    row = watch.row_of("institution", brin="93XX")
    assert (row.return_url, row.return_url_failed) == ("", "")
    assert row.domains == kept.domains
    line.says("institution", "set", "93XX", "--domain", "", "--alias", "")
    row = watch.row_of("institution", brin="93XX")
    assert (row.name, row.domains, row.aliases) == ("School", [], [])
    line.refuses("institution", "set", "93XX", "--return-url", link)
    assert '--domain ""' in line.says("institution", "set", "--help")


@pytest.mark.rule("DEE-3")
@pytest.mark.parametrize(
    "words",
    [
        ("school",),
        ("99xx", "--name", "School"),
        ("93XX", "--name", "x" * 81),
        ("93XX", "--koppelpunt", "x" * 61),
        ("93XX", "--koppelpunt", "99XX"),
        ("93XX", "--domain", "*.nl"),
        ("93XX", "--domain", "https://a.example/"),
        ("93XX", "--domain", " "),
        ("93XX", "--return-url", "https://a.example/"),
        ("93XX", "--domain", "a.example", "--return-url", "https://b.example/"),
        ("93XX", "--domain", "a.example", "--return-url", "http://a.example/"),
        ("93XX", "--domain", "a.example", "--return-url-failed", "https://a.example/" + "x" * 2048),
    ],
    ids=repr,
)
def test_what_can_not_be_a_school_is_refused(line: Line, words: tuple[str, ...]) -> None:
    before = watch.rows("audit")
    line.refuses("institution", "set", *words)
    assert watch.rows("audit") == before


@pytest.mark.rule("DEE-3")
def test_a_school_s_log_is_read(line: Line, any_portal: Portal) -> None:
    assert line.says("institution", "refused", "99XX") == ""
    for _ in range(2):
        any_portal.browser().get("/aanmelden?instelling=99XX&returnUrl=http://www.school.example/a")
    told = line.says("institution", "refused", "99XX")
    assert "  2x  returnUrl  not_https  http://www.school.example/a\n" in told
    assert line.says("institution", "refused", "91XX") == ""
    assert line.refuses("institution", "refused", "98XX") == "Error: no such school\n"


@pytest.mark.rule("CAT-6")
def test_why_a_programme_is_not_seen_and_from_when(line: Line, any_portal: Portal) -> None:
    told = line.says("catalogue", "why", IDS[KOK]).splitlines()
    by_code = dict(row.split(": ", 1) for row in told)
    assert by_code.pop("KOK-BOL-ZWOLLE-VAST").startswith("open; changes on ")
    assert by_code == {"KOK-BOL-ZWOLLE-DICHT": "closed", "KOK-BOL-ZWOLLE-VOORBIJ": "over"}
    (later,) = line.says("catalogue", "why", IDS["kinderopvang-bbl"].upper()).splitlines()
    day = offered("kinderopvang-bbl")[0].choice.apply_from
    assert later.endswith(f": not_yet until {day}; changes on {day}")
    in_our_copy(any_portal, KOK, leertraject="ODT")
    told = line.says("catalogue", "why", IDS[KOK]).splitlines()
    assert all(str(Reason.NOT_OFFERED) in row for row in told)
    for unknown in ("x", "00000000-0000-4000-8000-000000000000"):
        assert "no cohorts of such a programme" in line.refuses("catalogue", "why", unknown)


def test_without_a_feed_there_is_nothing_to_follow(line: Line) -> None:
    assert line.refuses("catalogue", "follow") == "Error: RIO_FEED_URL isn't set\n"


def test_a_database_that_is_busy_is_said(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(portal)
    monkeypatch.setattr(db, "WAIT", 0.05)
    db.connect(portal.settings.database_url)
    other = db.engine().raw_connection()
    try:
        other.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
        assert "the database is busy" in line.refuses("cohort", "places", IDS[KOK], "x", "3")
    finally:
        other.execute("ROLLBACK")  # type: ignore[attr-defined]
        other.close()
