"""The address: looked up, filled in, typed by hand, abroad; in process, as every browser does."""

from __future__ import annotations

import re
from html import unescape
from itertools import count

import pytest

from digistub.people import fresh_bsn
from tests import watch
from tests.portal import ADULT, HOMELESS, MINOR, SECRET, Portal, Student

FOUND = "Gevonden: Lindelaan in Ons Dorp. Klopt dat?"
NONE = "We vinden dit adres niet. Vul je straat en woonplaats zelf in."
OUT_OF_ORDER = "Opzoeken lukt nu niet. Vul je straat en woonplaats zelf in."
NOWHERE = "We zoeken je adres nergens op."
BY_HAND = {"street": "Zelflaan", "place": "Zelfdorp"}
WAYS = ("refused", "401", "400", "429")  # beside those of test_register_outages.py
numbers = count(1)


@pytest.fixture(scope="module")
def whole(one_portal: Portal) -> Portal:
    return one_portal


@pytest.fixture
def portal(whole: Portal) -> Portal:
    whole.fault("bag", "adres", None, None)
    whole.outside.calls.clear()
    return whole


@pytest.fixture
def student(portal: Portal) -> Student:
    """Somebody new whom DUO doesn't know, at the address."""
    return portal.student(fresh_bsn("9990", next(numbers))).walk_to("adres")


def looked_up(portal: Portal) -> list[str]:
    return [call.url.params["q"] for call in portal.outside.calls if "/bag/" in call.url.path]


def offered(student: Student, field: str = "addition") -> list[str]:
    return re.findall(rf'name="{field}" value="([^"]*)"', student.page.text)


def tells(student: Student) -> str:
    return unescape(re.sub(r"<[^>]+>", "\n", student.page.text))


def is_saved(student: Student, *lines: str) -> None:
    assert student.at == "contact", tells(student)
    student.walk_to("controleren")
    assert set(lines) <= set(tells(student).splitlines())


@pytest.mark.rule("DUO-4")
def test_postcode_and_number_fill_in_street_and_place(portal: Portal, student: Student) -> None:
    page = student.post(postcode="1234 ab", number="12")
    assert (page.status_code, student.at) == (422, "adres")
    assert FOUND in tells(student)
    assert 'id="fouten"' not in page.text
    assert "<title>Wat is je adres?" in page.text
    assert student.fields()["street"] == "Lindelaan"
    assert student.fields()["place"] == "Ons Dorp"
    student.post()
    is_saved(student, "Lindelaan 12", "1234 AB Ons Dorp")
    assert set(looked_up(portal)) == {"1234AB 12"}


@pytest.mark.rule("DUO-4")
def test_the_button_looks_up_and_saves_nothing(student: Student) -> None:
    page = student.post(postcode="1234ab", number="12", look_up="1", **BY_HAND)
    assert (page.status_code, student.at) == (422, "adres")
    assert student.fields()["street"] == "Lindelaan"
    page = student.post(postcode="12", number="", look_up="1")
    assert "Deze postcode klopt niet" in page.text
    assert "Vul je huisnummer in, zoals 12" in page.text
    assert "Vul je straat in" not in page.text


@pytest.mark.rule("DUO-4")
def test_what_is_typed_by_hand_is_asked_of_nobody(portal: Portal, student: Student) -> None:
    student.post(postcode="1234ab", number="12", **BY_HAND)
    is_saved(student, "Zelflaan 12", "1234 AB Zelfdorp")
    assert looked_up(portal) == []


@pytest.mark.rule("DUO-4")
def test_what_was_filled_in_may_be_changed(student: Student) -> None:
    student.post(postcode="1234ab", number="12")
    student.post(**BY_HAND)
    is_saved(student, "Zelflaan 12")


@pytest.mark.rule("DUO-4")
def test_no_street_of_another_postcode_is_saved(student: Student) -> None:
    student.post(postcode="1234ab", number="12")
    student.post(postcode="6299xz", number="77")
    assert student.at == "adres"
    assert "Gevonden: Sint-Annapad in Maastricht." in tells(student)
    student.post(postcode="9999xz")
    assert (student.at, student.fields()["street"]) == ("adres", "")
    assert NONE in tells(student)
    student.post(**BY_HAND)
    is_saved(student, "Zelflaan 77", "9999 XZ Zelfdorp")


@pytest.mark.rule("DUO-4")
def test_a_fuzzy_hit_fills_in_nothing(student: Student) -> None:
    page = student.post(postcode="1234AB", number="13")
    assert NONE in tells(student)
    assert "Lindelaan" not in page.text


@pytest.mark.parametrize("fault", [*WAYS, "other-address"])
@pytest.mark.rule("DUO-4")
def test_by_hand_it_always_works(portal: Portal, student: Student, fault: str) -> None:
    portal.fault("bag", "adres", None, fault)
    page = student.post(postcode="1234ab", number="12")
    assert page.status_code == 422
    assert (NONE if fault == "other-address" else OUT_OF_ORDER) in tells(student)
    student.post(**BY_HAND)
    is_saved(student, "Zelflaan 12", "1234 AB Zelfdorp")


@pytest.mark.rule("DUO-4")
def test_a_register_that_died_meanwhile_stops_nobody(portal: Portal, student: Student) -> None:
    student.post(postcode="1234ab", number="12")
    portal.fault("bag", "adres", None, "500")
    student.post()
    is_saved(student, "Lindelaan 12")


# --- additions


@pytest.mark.rule("DUO-4")
def test_one_of_the_additions_must_be_chosen(student: Student) -> None:
    student.post(postcode="1234ab", number="16", suffix="C")
    assert offered(student) == ["16", "16 A", "16 B", "anders"]
    page = student.post()
    assert (page.status_code, student.at) == (422, "adres")
    assert "Kies welk adres het is" in page.text
    student.post(addition="16 B")
    is_saved(student, "Lindelaan 16 B")


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(("chosen", "kept"), [("16", "Lindelaan 16"), ("anders", "Lindelaan 16 C")])
def test_no_addition_or_one_that_is_not_listed(student: Student, chosen: str, kept: str) -> None:
    student.post(postcode="1234ab", number="16", suffix="C")
    student.post(addition=chosen)
    is_saved(student, kept)


@pytest.mark.rule("DUO-4")
def test_an_addition_that_is_not_offered_is_no_choice(student: Student) -> None:
    student.post(postcode="1234ab", number="16", suffix="C")
    assert "Kies welk adres het is" in student.post(addition="16 X").text


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("number", "suffix", "kept"),
    [("16", "a", "16 A"), ("16 b", "", "16 B"), ("16-A", "", "16 A"), ("016", "", "16")],
)
def test_an_addition_in_any_notation(student: Student, number: str, suffix: str, kept: str) -> None:
    student.post(postcode="1234ab", number=number, suffix=suffix)
    assert offered(student) == []
    student.post()
    is_saved(student, f"Lindelaan {kept}")


@pytest.mark.rule("DUO-4")
def test_a_number_with_additions_only(student: Student) -> None:
    student.post(postcode="3099xz", number="18")
    assert offered(student) == ["18 A", "18 A-2", "18 B", "18 B-2", "anders"]
    student.post(suffix="a2")
    is_saved(student, "Pakhuiskade 18 A-2")


@pytest.mark.rule("WIZ-3")
def test_who_changes_nothing_is_asked_nothing_again(portal: Portal, student: Student) -> None:
    student.post(postcode="1234ab", number="16", suffix="C")
    student.post(addition="anders")
    student.get(student.page.url.path.replace("contact", "adres"))
    portal.outside.calls.clear()
    student.post(note="bel aan bij de buren")
    assert (student.at, looked_up(portal)) == ("contact", [])
    student.get(student.page.url.path.replace("contact", "adres"))
    student.post(number="14", suffix="")
    assert (student.at, student.fields()["filled"]) == ("adres", "1234AB 14")


# --- with HTMX


@pytest.mark.rule("WIZ-4")
def test_while_typing_only_the_block_comes_back(student: Student) -> None:
    form = {**student.fields(), "postcode": "1234ab", "number": "16", "look_up": "1"}
    headers = {"HX-Request": "true", "HX-Target": "opgezocht"}
    answer = student.browser.post(student.page.url, data=form, headers=headers)
    assert answer.headers["HX-Push-Url"] == "false"
    assert answer.text.lstrip().startswith('<div class="stack" id="opgezocht">')
    assert 'hx-swap-oob="innerHTML">Gevonden: Lindelaan in Ons Dorp. Op dit num' in answer.text
    form["number"], form["suffix"] = "16", "C"
    answer = student.browser.post(student.page.url, data=form, headers=headers)
    assert "Gevonden: Lindelaan in Ons Dorp. Kies nog welk adres het is.</p>" in answer.text
    assert 'value="Lindelaan"' in answer.text
    assert "<main" not in answer.text
    assert "postcode" not in re.findall(r'name="([^"]*)"', answer.text)
    assert 'value="Lindelaan"' not in student.get(str(student.page.url.path)).text


@pytest.mark.rule("WIZ-4")
def test_with_htmx_the_same_page(student: Student) -> None:
    form = {**student.fields(), "postcode": "1234ab", "number": "12"}
    headers = {"HX-Request": "true", "HX-Target": "main"}
    part = student.browser.post(student.page.url, data=form, headers=headers)
    page = student.browser.post(student.page.url, data=form)
    assert (part.status_code, page.status_code) == (422, 422)
    assert watch.main(part.text) == watch.main(page.text)
    assert 'tabindex="-1" data-begin>Gevonden' in part.text


# --- secret, and elsewhere


@pytest.mark.rule("DUO-3")
def test_for_who_is_secret_nothing_is_looked_up(portal: Portal) -> None:
    student = portal.student(SECRET).walk_to("adres")
    assert NOWHERE in tells(student)
    assert not re.search(r'hx-post|name="look_up"', student.page.text)
    for more in ({}, {"look_up": "1"}, {"filled": "1234AB 14"}):
        page = student.post(postcode="1234ab", number="12", **more)
        assert page.status_code == 422
        assert "Lindelaan" not in page.text
    student.post(**BY_HAND)
    is_saved(student, "Zelflaan 12")
    assert looked_up(portal) == []


@pytest.mark.rule("DUO-1")
def test_post_may_go_elsewhere(portal: Portal) -> None:
    student = portal.student(MINOR)
    student.post(post_elsewhere="y")
    assert "<title>Naar welk adres mag de post?" in student.page.text
    assert "Naar welk adres mag de post?</h1>" in student.page.text
    student.answer()
    is_saved(student, "Lindelaan 12", "Adres")
    assert "Kastanjelaan" not in student.page.text, "it isn't sent"
    student.get(student.page.url.path.replace("controleren", "gegevens"))
    assert student.fields()["post_elsewhere"] == "y"
    form = {name: text for name, text in student.fields().items() if name != "post_elsewhere"}
    student.page = student.browser.post(student.page.url, data=form, follow_redirects=True)
    assert student.at == "controleren"
    assert "Lindelaan" not in student.page.text


@pytest.mark.rule("DUO-1")
@pytest.mark.parametrize("bsn", [HOMELESS, SECRET])
def test_who_has_no_address_at_duo_is_asked_without_a_tick(portal: Portal, bsn: str) -> None:
    student = portal.student(bsn)
    student.get(f"/aanmelding/{student.draft}/gegevens")
    assert "post_elsewhere" not in student.page.text
    student.post(post_elsewhere="y")
    student.get(f"/aanmelding/{student.draft}/adres")
    assert "<title>Wat is je adres?" in student.page.text


@pytest.mark.rule("RET-2")
def test_no_address_in_an_address_or_a_log(portal: Portal) -> None:
    trail = watch.Trail()
    with watch.logged() as log:
        browser = portal.browser()
        trail.follow(browser)
        student = Student(browser, ADULT)
        student.log_in()
        student.post(post_elsewhere="y")
        student.post(postcode="1234ab", number="12")
        student.post(number="13")
        student.post(number="12", look_up="1")
        student.post(switch="anders")
        student.post(country="belg", line1="Rue du Pont 3")
        assert student.at == "contact"
    told = " ".join([log.text, *trail.addresses])
    assert not re.search(r"1234.?ab|Lindelaan|Rue du|Ons.?Dorp|belg", told, re.I)
    bag = [call for call in portal.outside.calls if "/bag/" in call.url.path]
    assert {tuple(sorted(call.url.params)) for call in bag} == {("fq", "q", "rows")}
    assert set(looked_up(portal)) == {"1234AB 12", "1234AB 13"}
    kept = ("host", "accept", "accept-encoding", "connection", "user-agent")
    assert {name for call in bag for name in call.headers} <= set(kept)
