"""In without DigiD, with the registratiecode of a school (IDN-4, INT-1, INT-2)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app import db, keys, testdoor
from app.services import guessing, registratiecodes
from app.services.registratiecodes import ALPHABET, EACH, LENGTH, MOST
from tests import watch
from tests.guests import DOOR, SCHOOL, browser_at, comes_in, enters, tries
from tests.portal import Portal, Student

CODE = testdoor.CODES[SCHOOL]
OTHERS = testdoor.CODES["91XX"]
CANARY = "GEHEIM-CODE-73"
WRONG = {
    "wrong": "FOUTFOUT99",
    "another school's": OTHERS,
    "empty": "",
    "blanks": "    ",
    "half of it": CODE[:-1],
    "more than it": CODE + "X",
    "long": "A" * 3000,
    "hostile": "'; DROP TABLE institution; --\x00<script>",
    "no characters": "\u200b\u202e--- ",
}


def without(answer: Any, *ids: str) -> str:
    return watch.masked(answer.text, *ids)


@pytest.mark.rule("INT-1", "IDN-4")
@pytest.mark.parametrize(
    "typed", [CODE, CODE.lower(), f" {CODE[:4]} {CODE[4:]} ", "-".join(CODE), "ｈｏｒｉｚｏｎ２٠26"]
)
def test_in_any_notation_it_opens_the_first_question(portal: Portal, typed: str) -> None:
    student = Student(portal.browser(), "")
    student.get(DOOR)
    page = student.post(school=SCHOOL, code=typed)
    assert (student.at, page.status_code) == ("over-jou", 200)
    assert "Je bent hier zonder DigiD" in page.text
    assert "Uitloggen" in page.text


@pytest.mark.rule("INT-1", "IDN-4")
def test_the_ways_in_name_every_school_and_choose_the_one_whose_link_was_followed(
    portal: Portal,
) -> None:
    browser = portal.browser()
    page = browser.get(DOOR).text
    for brin, school in testdoor.SCHOOLS.items():
        assert f'<option value="{brin}" lang="nl">{school.name}</option>' in page
    assert " selected" not in page
    assert browser.get(f"/aanmelden?instelling={SCHOOL}").status_code == 200
    assert re.findall(r'value="([^"]*)" selected', browser.get(DOOR).text) == [SCHOOL]


@pytest.mark.rule("INT-2")
@pytest.mark.parametrize("kind", [kind for kind in WRONG if kind != "wrong"])
def test_every_kind_of_wrong_gets_the_same_answer(portal: Portal, kind: str) -> None:
    usual = tries(portal.browser(), WRONG["wrong"])
    answer = tries(portal.browser(), WRONG[kind])
    assert (usual.status_code, answer.status_code) == (422, 422)
    assert without(answer) == without(usual)
    assert len(answer.text) == len(usual.text)
    assert 'name="code" type="text" value=""' in answer.text


@pytest.mark.rule("INT-2")
@pytest.mark.parametrize("school", ["92XX", "98XX", "", "nee", "\x00", "99xx; --", "9" * 5000])
def test_a_school_without_a_code_or_unknown_gets_the_same_too(portal: Portal, school: str) -> None:
    registratiecodes.keep("92XX", None)
    usual = re.sub(" selected", "", without(tries(portal.browser(), "FOUTFOUT99")))
    for code in (CODE, "FOUTFOUT99", ""):
        answer = tries(portal.browser(), code, school)
        assert answer.status_code == 422
        assert re.sub(" selected", "", without(answer)) == usual


@pytest.mark.rule("INT-2")
def test_every_kind_of_wrong_is_the_same_work(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many hashes, comparisons and statements: what a stopwatch would measure."""
    done: list[str] = []

    def counted(name: str, called: Any) -> Any:
        def counting(*given: Any, **named: Any) -> Any:
            done.append(name)
            return called(*given, **named)

        return counting

    monkeypatch.setattr(keys, "_hash", counted("hash", keys._hash))
    compares = registratiecodes.hmac.compare_digest
    monkeypatch.setattr(registratiecodes.hmac, "compare_digest", counted("compare", compares))
    asked = counted("statement", lambda *_given: None)
    sa.event.listen(db.engine(), "before_cursor_execute", asked)
    works = set()
    try:
        registratiecodes.keep("92XX", None)
        for school, code in (
            *((SCHOOL, code) for code in WRONG.values()),
            *(("92XX", CODE), ("98XX", CODE), ("nee", CODE), ("", ""), (SCHOOL, CODE)),
        ):
            done.clear()
            with db.reading() as connection:
                right = registratiecodes.fits(connection, school, code)
            assert right is ((school, code) == (SCHOOL, CODE))
            works.add(tuple(done))
    finally:
        sa.event.remove(db.engine(), "before_cursor_execute", asked)
    assert works == {("statement", "hash", "compare")}


@pytest.mark.rule("INT-2")
def test_what_was_typed_stands_nowhere(portal: Portal) -> None:
    browser = portal.browser()
    trail = watch.Trail().follow(browser)
    with watch.logged() as log:
        tries(browser, CANARY)
        guest = Student(browser, "")
        comes_in(guest)
        guest.send()
        guest.get("/interesse")
    for code in (CANARY, registratiecodes.plain(CANARY), CODE):
        assert code not in log.text
        assert code not in "".join(trail.addresses)
        assert not [page.url for page in trail.pages if code in page.text]
        assert code not in repr(watch.rows())
    assert log.events("registratiecode_refused")


# --- not too often ----------------------------------------------------------------------------


FEW = 20  # wrong ones of an address, in place of MOST


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registratiecodes, "MOST", FEW)


@pytest.mark.rule("INT-2")
def test_a_class_behind_one_address_gets_in(portal: Portal) -> None:
    """Thirty students, each with two mistakes; and one who plays."""
    player = browser_at(portal, "192.0.2.7")
    played = [tries(player, "FOUTFOUT99").status_code for _ in range(EACH + 2)]
    assert played == [422] * EACH + [429] * 2
    assert tries(player, CODE).status_code == 429
    for _student in range(30):
        with browser_at(portal, "192.0.2.7") as browser:
            assert tries(browser, "HORISON2026").status_code == 422
            assert tries(browser, "HORIZON2O26").status_code == 422
            assert tries(browser, CODE).status_code == 303
    assert 30 * 2 + EACH < MOST


def guesses(portal: Portal, address: str) -> list[int]:
    """Each time in another browser: what somebody gets who keeps no cookie."""
    return [tries(browser_at(portal, address), "FOUTFOUT99").status_code for _ in range(FEW + 2)]


@pytest.mark.rule("INT-2")
@pytest.mark.usefixtures("few")
def test_after_too_many_a_right_one_waits_too_and_others_do_not(portal: Portal) -> None:
    assert guesses(portal, "2001:db8:0:7::1") == [422] * FEW + [429] * 2
    right = tries(browser_at(portal, "2001:db8:0:7:9::2"), CODE)
    assert right.status_code == 429
    assert 0 < int(right.headers["Retry-After"]) <= guessing.WITHIN
    assert "log in met DigiD" in right.text
    assert tries(browser_at(portal, "2001:db8:0:7::1"), OTHERS, "91XX").status_code == 303
    for address in ("2001:db8:0:8::1", "192.0.2.8"):
        assert tries(browser_at(portal, address), CODE).status_code == 303


@pytest.mark.rule("INT-2")
def test_who_comes_too_late_to_a_busy_door_reads_of_no_mistake(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registratiecodes, "GUESTS", 3)
    said = [tries(browser_at(portal, "192.0.2.11"), CODE) for _ in range(4)]
    assert [answer.status_code for answer in said] == [303] * 3 + [429]
    assert "verkeerd" not in said[-1].text
    assert tries(browser_at(portal, "192.0.2.12"), CODE).status_code == 303


@pytest.mark.rule("INT-2")
@pytest.mark.usefixtures("few")
def test_an_address_of_both_kinds_is_one(portal: Portal) -> None:
    guesses(portal, "::ffff:192.0.2.9")
    assert tries(browser_at(portal, "192.0.2.9"), CODE).status_code == 429
    assert tries(browser_at(portal, "::ffff:192.0.2.10"), CODE).status_code == 303


# --- the code itself --------------------------------------------------------------------------


@pytest.mark.rule("INT-1")
def test_one_that_we_make_is_hard_to_guess_and_easy_to_read() -> None:
    made = [registratiecodes.generated() for _ in range(300)]
    assert len(set(made)) == len(made)
    assert {len(code) for code in made} == {LENGTH}
    assert set("".join(made)) == set(ALPHABET)
    assert len(ALPHABET) ** LENGTH > 2**49
    assert not set(ALPHABET) & set("01OIL")


@pytest.mark.rule("INT-1")
@given(st.text())
def test_a_plain_code_is_plain(typed: str) -> None:
    plain = registratiecodes.plain(typed)
    assert registratiecodes.plain(plain) == plain
    assert registratiecodes.plain(f" {plain[:3]}-{plain[3:].lower()}\t") == plain


@pytest.mark.rule("INT-1")
def test_a_code_that_was_replaced_or_ended_opens_nothing(portal: Portal) -> None:
    registratiecodes.keep(SCHOOL, "Nieuwe code 27")
    assert tries(portal.browser(), CODE).status_code == 422
    assert tries(portal.browser(), "nieuwecode27").status_code == 303
    registratiecodes.keep(SCHOOL, None)
    assert tries(portal.browser(), "nieuwecode27").status_code == 422


@pytest.mark.rule("INT-1", "RET-2")
def test_it_is_kept_sealed_and_shown_again(portal: Portal) -> None:
    with db.reading() as connection:
        assert registratiecodes.shown(connection, SCHOOL) == CODE
    row = watch.row_of("institution", brin=SCHOOL)
    assert CODE.encode() not in row.registratiecode
    # What is sealed is what is hashed: with another key it can be hashed anew.
    kept = keys.unseal(f"institution.registratiecode.{SCHOOL}", row.registratiecode)
    assert row.registratiecode_hash == keys.lookup("registratiecode", kept)
    assert row.registratiecode_hash != watch.row_of("institution", brin="91XX").registratiecode_hash


@pytest.mark.parametrize("guessed", ["", "KORT123", "-- - -", "99XX99XX9", "A" * 12, "ABAB ABAB"])
def test_one_that_is_guessed_is_refused(portal: Portal, guessed: str) -> None:
    with pytest.raises(ValueError, match="registratiecode"):
        registratiecodes.keep(SCHOOL, guessed)
    assert tries(portal.browser(), CODE).status_code == 303


# --- sessions ---------------------------------------------------------------------------------


@pytest.mark.rule("IDN-7")
def test_coming_in_makes_a_new_session(portal: Portal) -> None:
    student = Student(portal.browser(), "")
    student.get(DOOR)
    before = student.browser.cookies["sid"]
    comes_in(student)
    assert student.browser.cookies["sid"] != before
    old = portal.browser(Cookie=f"sid={before}")
    assert old.get("/interesse").headers["Location"] == "/sessie-verlopen"


@pytest.mark.rule("INT-1")
def test_who_is_logged_in_with_digid_stays_who_they_are(portal: Portal) -> None:
    student = portal.student()
    page = student.get(DOOR)
    assert "Je bent al ingelogd met DigiD" in page.text
    assert 'id="code"' not in page.text
    before = watch.rows()
    answer = student.browser.post(
        DOOR, data={"csrf_token": watch.token(page.text), "school": SCHOOL, "code": CODE}
    )
    assert answer.headers["Location"] == DOOR
    assert watch.rows() == before
    assert student.browser.get("/mijn").status_code == 200


@pytest.mark.rule("INT-1")
def test_logging_in_with_digid_leaves_nothing_of_the_guest(portal: Portal) -> None:
    guest = enters(portal)
    theirs = guest.page.url.path
    guest.bsn = portal.student().bsn
    guest.get("/login")
    assert guest.log_in().status_code == 200
    assert "Je bent hier zonder DigiD" not in guest.page.text
    assert guest.browser.get(theirs).status_code == 404
    assert guest.browser.get("/mijn").status_code == 200
