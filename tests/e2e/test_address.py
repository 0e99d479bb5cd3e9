"""The address in a browser: filled in while one types, or by a button; with keys only; abroad."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from digistub.people import PEOPLE
from tests.e2e.student import ADDRESS, CONTACT, NEXT, Student
from tests.e2e.windows import BOTH_AT_LENGTH

SECRET, HOMELESS = PEOPLE[3].bsn, PEOPLE[2].bsn
FOUND = "Gevonden: Lindelaan in Ons Dorp. Klopt dat?"
ELSEWHERE = "Mijn adres is niet in Nederland"


@pytest.fixture
def typing(student: Student) -> Student:
    """Somebody at the address."""
    student.is_logged_in_as(HOMELESS, at="adres")
    student.sees(ADDRESS)
    return student


def focus(student: Student) -> str:
    return str(student.page.evaluate("document.activeElement.id"))


@pytest.mark.rule("WIZ-4")
def test_typing_fills_in_street_and_place(typing: Student) -> None:
    page, before = typing.page, typing.page.evaluate("history.length")
    typing.field("Postcode").press_sequentially("1234ab")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    typing.finds("Straat", "Lindelaan")
    typing.finds("Woonplaats", "Ons Dorp")
    expect(page.get_by_role("status").filter(has_text=FOUND)).to_be_visible()
    assert (focus(typing), typing.at) == ("number", "adres")
    assert page.evaluate("history.length") == before
    assert "?" not in page.url
    typing.fills(Postcode="1234")
    expect(page.get_by_role("status").filter(has_text=FOUND)).to_have_count(0)
    typing.fills(Postcode="1234ab")
    typing.field("Huisnummer").focus()
    page.keyboard.press("Enter")
    typing.sees(CONTACT)


@pytest.mark.long
@pytest.mark.rule("WIZ-4")
def test_an_addition_by_keyboard(typing: Student) -> None:
    page = typing.page
    typing.fills(Postcode="1234 AB")
    typing.field("Huisnummer").focus()
    page.keyboard.type("16")
    page.keyboard.press("Tab")
    page.keyboard.type("C")
    expect(typing.main.get_by_role("radio")).to_have_count(4)
    assert focus(typing) == "suffix"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(typing.main.get_by_role("radio", name="16 B")).to_be_checked()
    page.keyboard.press("Enter")
    typing.sees(CONTACT)
    page.go_back()
    typing.sees(ADDRESS)
    typing.finds("Toevoeging", "B")


@pytest.mark.rule("WIZ-4")
def test_what_is_typed_meanwhile_stays(typing: Student) -> None:
    held: list[Route] = []
    typing.page.route("**/adres", lambda route: held.append(route))
    typing.fills(Postcode="1234 AB", Huisnummer="12")
    with typing.page.expect_event("requestfinished", lambda r: r.method == "POST"):
        typing.page.wait_for_timeout(400)
        typing.fills(Straat="Zelf")
        held[0].continue_()
    typing.finds("Straat", "Zelf")
    typing.finds("Woonplaats", "")


@pytest.mark.long
@pytest.mark.rule("WIZ-4")
def test_nothing_is_asked_of_half_a_postcode(typing: Student) -> None:
    asked: list[str] = []
    typing.page.on("request", lambda request: asked.append(request.method))
    for postcode, number in (("1234", "12"), ("1234 A", "12"), ("1234 AB", ""), ("", "12")):
        typing.fills(Postcode=postcode, Huisnummer=number)
        typing.page.wait_for_timeout(400)
    assert asked == []


@pytest.mark.rule("DUO-3")
def test_typing_asks_nothing_for_who_is_secret(student: Student) -> None:
    student.is_logged_in_as(SECRET, at="adres")
    student.reads("We zoeken je adres nergens op.")
    asked: list[str] = []
    student.page.on("request", lambda request: asked.append(request.method))
    student.fills(Postcode="1234 AB", Huisnummer="12")
    student.page.wait_for_timeout(500)
    assert asked == []


@BOTH_AT_LENGTH
@pytest.mark.rule("WIZ-4")
def test_saving_looks_up_what_is_left_empty(typing: Student) -> None:
    typing.fills(Postcode="1234 AB", Huisnummer="12")
    typing.presses(NEXT)
    typing.reads(FOUND)
    if typing.javascript:
        expect(typing.page.locator("#gevonden")).to_be_focused()
    typing.finds("Straat", "Lindelaan")
    typing.presses(NEXT)
    typing.sees(CONTACT)


@pytest.mark.parametrize("javascript", [False])
@pytest.mark.rule("WIZ-4")
def test_without_scripts_there_is_a_button(typing: Student) -> None:
    typing.fills(Postcode="1234 AB", Huisnummer="16")
    typing.presses("Zoek straat en woonplaats op")
    typing.reads("Gevonden: Lindelaan in Ons Dorp.")
    typing.finds("Straat", "Lindelaan")
    typing.fills(Straat="Zelflaan")
    typing.field("Straat").press("Enter")  # saves, as Enter does everywhere
    typing.sees(CONTACT)


@pytest.mark.long
@BOTH_AT_LENGTH
@pytest.mark.rule("DUO-4")
def test_an_address_abroad(typing: Student) -> None:
    here = typing.page.url
    typing.presses(ELSEWHERE)
    typing.fills(Land="guin", Straat_en_nummer="Rue du Pont 3")
    typing.presses(NEXT)
    typing.reads("Welk land bedoel je?")
    typing.chooses("Guinee-Bissau")
    typing.presses(NEXT)
    typing.sees(CONTACT)
    typing.page.goto(here)
    typing.finds("Land", "Guinee-Bissau")
    typing.presses("Mijn adres is in Nederland")
    typing.reads("Huisnummer")  # the other page has a field that begins with «Postcode», too
    typing.gives_address()
    typing.sees(CONTACT)


@BOTH_AT_LENGTH
@pytest.mark.rule("DUO-1")
def test_post_goes_elsewhere(student: Student) -> None:
    student.is_logged_in_as(student.server.fresh())
    student.main.get_by_text("Stuur mijn post naar een ander adres").click()
    student.confirms_data()
    student.sees("Naar welk adres mag de post?")
    expect(student.page).to_have_title(re.compile("Naar welk adres mag de post"))
    student.gives_address()
    student.sees(CONTACT)


@BOTH_AT_LENGTH
@pytest.mark.rule("DUO-4")
def test_a_dead_register_stops_nobody(typing: Student) -> None:
    typing.server.world.set_fault("bag", "adres", None, "500")
    typing.fills(Postcode="1234 AB", Huisnummer="12")
    typing.presses(NEXT)
    typing.reads("Opzoeken lukt nu niet. Vul je straat en woonplaats zelf in.")
    typing.fills(Straat="Zelflaan", Woonplaats="Zelfdorp")
    typing.presses(NEXT)
    typing.sees(CONTACT)
