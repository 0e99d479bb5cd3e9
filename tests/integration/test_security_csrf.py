"""What changes something comes from a form of ours, drawn in this session (checklist item 36)."""

from __future__ import annotations

import re
from itertools import count

import pytest

from digistub.people import fresh_bsn
from tests import watch
from tests.portal import GUARDIAN, Portal, Student, cohorts

CHANGES = (
    "/aanmelden?instelling=99XX",
    *("/uitloggen", "/sessie/verlengen", "/mijn/nieuw", "/mijn/ID/weg"),
    *(f"/mijn/gegevens{what}" for what in ("", "/bereiken", "/weghalen")),
    *("/login/loginWithoutDigiD", "/aanmelding/ID/interesse"),
    *(f"/aanmelding/ID/{slug}" for slug in ("gegevens", "contact", "opleiding", "ouders")),
    *(f"/aanmelding/ID/{slug}" for slug in ("controleren", "duo", "verstuurd/mail")),
)
OF_SENT = (
    *("/mijn/ID/intrekken", "/mijn/ID/kiezen"),
    *("/aanmelding/ID/verstuurd/contact", "/aanmelding/ID/verstuurd/aanmelden"),
)
OF_TESTERS = "/testdeur/"  # called by tools, and not there in production
OF_MAIL = ("/mail/", "/interesse/")  # by whoever has the mailbox: test_mailbox, test_guest_link
OF_PAPER = "/controleer"  # by whoever has a proof; changes nothing: see test_proof_check
OF_SYSTEMS = ("/cambo/", "/koppelpunt-", "/login/oauth2/")  # by a SIS, with its token in a header
OF_OTHERS = (OF_TESTERS, *OF_MAIL, OF_PAPER, *OF_SYSTEMS)
STALE = "Deze pagina was te oud"
numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture
def student(portal: Portal) -> Student:
    return portal.student(fresh_bsn("9998", next(numbers))).walk_to("controleren")


@pytest.fixture(scope="module")
def unsent(portal: Portal) -> tuple[Student, str]:
    """Of whom nothing may change, and the draft."""
    student = portal.student(fresh_bsn("9998", next(numbers))).walk_to("controleren")
    return student, student.draft


@pytest.fixture(scope="module")
def sent(portal: Portal) -> tuple[Student, str]:
    """The same of who applied."""
    student = portal.student(fresh_bsn("9998", next(numbers))).walk_to("controleren")
    student.answer()
    return student, student.draft


def form(student: Student, address: str) -> dict[str, str]:
    """What would change something at this address, but for its token."""
    if address.startswith(f"/aanmelding/{student.draft}/verstuurd/c"):
        return {"email": "anders@voorbeeld.nl"}
    slug = address.rsplit("/", 1)[-1]
    if slug in ("contact", "ouders", "gegevens", "controleren"):
        fields = student.get(address)
        assert fields.status_code == 200
        typed = {
            "contact": {"roepnaam": "Anders"},
            "ouders": {**GUARDIAN, "first-surname": "X"},
            "controleren": {"privacy": "y"},
        }
        return {**student.fields(), **typed.get(slug, {})}
    if slug == "opleiding":
        student.get(address + "?q=verpleeg")
        page = student.open_first()
        return {"cohort": cohorts(page.text)[0]}
    return {}


def test_every_change_is_in_the_list(portal: Portal) -> None:
    rules = {
        re.sub("<uuid:draft_id>", "ID", rule.rule)
        for rule in portal.app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }
    steps = {a for a in (*CHANGES, *OF_SENT) if a.startswith("/aanmelding/") and a not in rules}
    assert {rule for rule in rules if not rule.startswith(OF_OTHERS)} == {
        *(address.partition("?")[0] for address in {*CHANGES, *OF_SENT} - steps),
        "/aanmelding/ID/<slug>",
        "/aanmelding/ID/verstuurd/<slug>",
    }


@pytest.mark.parametrize(
    "token",
    [
        *("none", "made up", "another's"),
        *(
            pytest.param(wrong, marks=pytest.mark.long)
            for wrong in ("empty", "zeros", "a spoilt one")
        ),
    ],
)
@pytest.mark.parametrize("address", [*CHANGES, *OF_SENT])
def test_without_its_token_nothing_changes(
    portal: Portal,
    unsent: tuple[Student, str],
    sent: tuple[Student, str],
    address: str,
    token: str,
) -> None:
    student, draft_id = sent if address in OF_SENT else unsent
    student.get(f"/aanmelding/{draft_id}/")
    address = address.replace("ID", draft_id)
    fields = form(student, address)
    own = watch.token(student.get("/mijn").text)
    if token == "another's":
        fields["csrf_token"] = watch.token(
            portal.student(fresh_bsn("9998", next(numbers))).page.text
        )
    elif token == "none":
        fields.pop("csrf_token", None)
    else:
        fields["csrf_token"] = {
            "empty": "",
            "made up": "x.y.z",
            "zeros": "0" * len(own),
            "a spoilt one": own[:-2] + ("01" if own.endswith("00") else "00"),
        }[token]
    before = watch.rows("store")
    answer = student.browser.post(address, data=fields)
    assert answer.status_code == 400
    assert STALE in answer.text
    assert watch.rows("store") == before
    assert student.browser.get("/mijn").status_code == 200


@pytest.mark.parametrize("address", [*CHANGES, *OF_SENT])
def test_with_its_token_it_does(student: Student, address: str) -> None:
    if address in OF_SENT:
        student.answer()
    address = address.replace("ID", student.draft)
    fields = form(student, address)
    fields["csrf_token"] = watch.token(student.get("/mijn").text)
    answer = student.browser.post(address, data={**fields, "privacy": "y"})
    nothing_to_choose = address.endswith("/kiezen") and answer.status_code == 409
    assert nothing_to_choose or answer.status_code in (200, 204, 303)


def test_a_token_looks_different_on_each_page(student: Student) -> None:
    """The length of a compressed page would tell a secret that is always the same."""
    tokens = [watch.token(student.get("/mijn").text) for _ in range(20)]
    assert len({token[:8] for token in tokens}) > 10
    assert len({token[-8:] for token in tokens}) > 10
    assert student.browser.post("/mijn/nieuw", data={"csrf_token": tokens[0]}).status_code == 303


@pytest.mark.parametrize("how", ["as a query", "as json", "as a header of another"])
def test_a_token_in_another_place_is_none(portal: Portal, student: Student, how: str) -> None:
    token = watch.token(student.get("/mijn").text)
    before = watch.rows("store")
    if how == "as a query":
        answer = student.browser.post(f"/mijn/nieuw?csrf_token={token}")
    elif how == "as json":
        answer = student.browser.post("/mijn/nieuw", json={"csrf_token": token})
    else:
        other = portal.student(fresh_bsn("9998", next(numbers)))
        header = {"X-CSRFToken": watch.token(other.page.text)}
        before = watch.rows("store")
        answer = student.browser.post("/mijn/nieuw", headers=header)
    assert answer.status_code == 400
    assert watch.rows("store") == before


@pytest.mark.rule("WIZ-2")
@pytest.mark.rule("WIZ-4")
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("slug", ["contact", "ouders", "opleiding"])
def test_a_stale_step_shows_what_was_typed_and_pressing_again_works(
    portal: Portal, slug: str, htmx: bool
) -> None:
    student = portal.student(fresh_bsn("9998", next(numbers))).walk_to("controleren")
    fields = form(student, f"/aanmelding/{student.draft}/{slug}")
    address = student.page.url.copy_with(query=None)
    student.log_in()  # in another tab: a new session, so the form's token is of the old one
    headers = {"HX-Request": "true", "HX-Target": "main"} if htmx else {}
    stale = student.browser.post(
        address, data={**fields, "csrf_token": "oud.van.toen"}, headers=headers
    )
    assert stale.status_code == 400
    assert "Deze pagina was te oud. Wat je typte, staat er nog." in stale.text
    assert ("<!doctype" in stale.text) is not htmx
    student.page = stale
    shown = student.fields()
    assert {k: v for k, v in shown.items() if k != "csrf_token"}.items() >= {
        k: v for k, v in fields.items() if k != "csrf_token"
    }.items()
    again = student.browser.post(address, data=shown)
    assert (again.status_code, again.headers["Location"].rsplit("/", 1)[-1]) == (
        303,
        "controleren",
    )
