"""Whoever holds a proof can check that it is genuine, and learns nothing else (WIZ-14)."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import delete

from app import db, proof
from app.models import store
from app.services import guessing, proofs
from app.services.registratiecodes import ALPHABET
from app.wizard.proof_check import MOST
from tests import watch
from tests.papers import Applicant
from tests.portal import Portal, open_portal

pytestmark = pytest.mark.rule("WIZ-14")
HERE = "/controleer"
GENUINE, UNKNOWN = "Dit bewijs is echt", "We herkennen dit bewijs niet"
CLASS = 30


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture(scope="module")
def one(portal: Portal) -> Applicant:
    return Applicant(portal)


@pytest.fixture(autouse=True)
def nobody_guessed(portal: Portal) -> None:
    with db.transaction() as connection:
        connection.execute(delete(store).where(store.c.key.startswith("guess:")))


def checks(browser: httpx.Client, reference: str, code: str) -> httpx.Response:
    token = watch.token(browser.get(HERE).text)
    form = {"csrf_token": token, "reference": reference, "code": code}
    return browser.post(HERE, data=form)


def anonymous(answer: httpx.Response) -> str:
    """Without what was typed."""
    return re.sub(r' value="[^"]*"', "", watch.masked(answer.text))


def test_a_stranger_sees_what_is_on_the_paper_and_no_more(portal: Portal, one: Applicant) -> None:
    answer = checks(portal.browser(), one.row.keten_id, one.code)
    assert answer.status_code == 200
    main = watch.inside(answer.text)
    assert GENUINE in main
    paper = one.paper().text
    shown = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", main, re.S)
    assert len(shown) == 9
    for label, value in shown:
        plain = " ".join(re.sub(r"<[^>]*>", "", value).split())
        assert f"{label} {plain}" in paper
    for never in ("Lindelaan", "student@voorbeeld.nl", one.student.bsn, one.draft, "Ingediend"):
        assert never not in answer.text
    assert proof.MEANS in main


@pytest.mark.parametrize(
    "typed",
    [
        lambda number, code: (number.lower(), code.lower()),
        lambda number, code: (number.replace(":", ""), code.replace("-", "")),
        lambda number, code: (f"  {number.replace(':', ' : ')} ", code.replace("-", " ")),
        lambda number, code: (number, " ".join(code)),
    ],
    ids=["small letters", "nothing between", "blanks between", "letter by letter"],
)
def test_it_may_be_typed_in_any_way(portal: Portal, one: Applicant, typed: object) -> None:
    number, code = typed(one.row.keten_id, one.code)  # type: ignore[operator]
    assert GENUINE in checks(portal.browser(), number, code).text


def test_every_kind_of_wrong_gets_one_answer(portal: Portal, one: Applicant) -> None:
    """One letter wrong; somebody else's code; no such number; nothing; a code that was never
    made; a document that is gone."""
    other = Applicant(portal)
    older, gone = (Applicant(portal) for _ in range(2))
    older.kept(proof=None)
    number, code = one.row.keten_id, one.code
    letter = "2" if code[-1] != "2" else "3"
    wrongs = [
        (number, code[:-1] + letter),
        (number, code[:-1]),
        (number, f"{code}A"),
        (number, other.code),
        (number, ""),
        ("99XX:90000000", code),
        ("", ""),
        ("", code),
        (older.row.keten_id, ""),
        (older.row.keten_id, "-"),
        (older.row.keten_id, code),
        (number[:4], code),
        ("<b>" * 2000, "é" * 3000),
        (f"{number}0", f"\x00{code}\u00df"),
        (gone.row.keten_id, gone.code),
    ]
    if "document" in watch.metadata.tables["application"].columns:
        nullable = watch.metadata.tables["application"].c.document.nullable
        if nullable:
            gone.is_now(document=None)
        else:
            wrongs.pop()
    browser = portal.browser()
    answers = [checks(browser, *typed) for typed in wrongs]
    assert {answer.status_code for answer in answers} == {422}
    assert len({anonymous(answer) for answer in answers}) == 1
    assert UNKNOWN in answers[0].text
    assert watch.title(answers[0].text).startswith("Fout: ")
    assert f'value="{number}"' in answers[0].text, "what was typed stays"
    assert GENUINE in checks(browser, number, code).text


def test_the_newest_is_not_taken_for_an_unknown_one(portal: Portal, one: Applicant) -> None:
    newest = Applicant(portal)
    assert checks(portal.browser(), "99XX:90000000", newest.code).status_code == 422
    assert GENUINE in checks(portal.browser(), newest.row.keten_id, newest.code).text


def test_without_any_application_it_is_wrong_too(sqlite_url: str) -> None:
    answer = checks(open_portal(sqlite_url).browser(), "99XX:91234567", "K7RM-4PQX-92HD")
    assert answer.status_code == 422


def test_nothing_of_it_is_in_an_address_a_title_or_the_log(portal: Portal, one: Applicant) -> None:
    browser = portal.browser()
    trail = watch.Trail().follow(browser)
    with watch.logged() as log:
        for code in (one.code, "K7RM-4PQX-92HD"):
            answer = checks(browser, one.row.keten_id, code)
            assert one.row.keten_id not in watch.title(answer.text)
    for secret in (one.code, one.row.keten_id, one.row.keten_id.split(":")[1]):
        assert secret not in log.text
        assert not [address for address in trail.addresses if secret in address]


def test_a_stale_form_checks_nothing_and_keeps_what_was_typed(
    portal: Portal, one: Applicant
) -> None:
    form = {"csrf_token": "x", "reference": one.row.keten_id, "code": one.code}
    answer = portal.browser().post(HERE, data=form)
    assert answer.status_code == 400
    assert GENUINE not in answer.text
    assert f'value="{one.row.keten_id}"' in answer.text


def test_it_changes_nothing(portal: Portal, one: Applicant) -> None:
    before = watch.rows("store")
    for code in (one.code, "K7RM-4PQX-92HD"):
        checks(portal.browser(), one.row.keten_id, code)
    assert watch.rows("store") == before


def test_who_guesses_has_to_wait(portal: Portal, one: Applicant) -> None:
    browser = portal.browser()
    for _ in range(MOST):
        assert checks(browser, one.row.keten_id, "K7RM-4PQX-92HD").status_code == 422
    for code in ("K7RM-4PQX-92HD", one.code):  # nobody hears whether it was right
        answer = checks(browser, one.row.keten_id, code)
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= guessing.WITHIN
        assert "te vaak" in answer.text
        assert f'value="{one.row.keten_id}"' in answer.text
    assert GENUINE not in answer.text
    elsewhere = portal.browser()
    elsewhere._transport.remote_addr = "10.0.0.9"  # type: ignore[attr-defined]
    assert checks(elsewhere, one.row.keten_id, one.code).status_code == 200


def test_a_class_behind_one_address_gets_through(portal: Portal, one: Applicant) -> None:
    """Everybody with a mistake first."""
    browser = portal.browser()
    for _ in range(CLASS):
        assert checks(browser, one.row.keten_id, "").status_code == 422
        assert checks(browser, one.row.keten_id, one.code).status_code == 200
        assert checks(browser, one.row.keten_id, one.code).status_code == 200


def test_each_code_is_another() -> None:
    codes = {proofs.new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}", c) for c in codes)
    assert len(ALPHABET) == len(set(ALPHABET)) == 31


@pytest.mark.parametrize(
    ("one_address", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::4", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("", "no address", True),
    ],
)
def test_a_network_is_what_one_household_has(one_address: str, other: str, same: bool) -> None:
    assert (guessing.network(one_address) == guessing.network(other)) is same
