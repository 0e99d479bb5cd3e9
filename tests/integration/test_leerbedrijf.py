"""The question where one will work: searching, looking, choosing, and going on without (WIZ-11)."""

from __future__ import annotations

import re

import pytest

from app import labels
from app.domain.leerbedrijf import Accreditation
from digistub import sbb_data as data
from tests.choosing import choose, nobody_yet, who_chose
from tests.leerbedrijven import (
    BISTRO,
    CARPENTER,
    COOK,
    IDS,
    NONE,
    NONE_THERE,
    NOTHING,
    OFFERED,
    TYPING,
    answered,
    at_the_question,
    looks_at,
    names,
    searches,
    who_works_at,
)
from tests.portal import Portal

pytestmark = pytest.mark.each_run_on("sqlite")

ME = nobody_yet(1)
HTMX = {"HX-Request": "true", "HX-Target": "main"}
SELF = "jij logt zelf in"
HELPS = "Je kunt je nu aanmelden. De school helpt je zoeken."
OTHER_CREBO = "Je koos een andere opleiding. Kies daarom je leerbedrijf opnieuw."


def main(html: str) -> str:
    """Without the token, that is another each time."""
    (found,) = re.findall(r"<main.*</main>", html, re.S)
    return re.sub(r'(csrf_token" value=")[^"]*', "", found)


@pytest.mark.rule("WIZ-1", "WIZ-11")
def test_bbl_asks_for_it_and_says_what_to_do_without(any_portal: Portal) -> None:
    student = at_the_question(any_portal, ME)
    assert student.page.text.count(SELF) == 1
    assert HELPS in student.page.text
    assert "niet verplicht" not in student.page.text
    assert "Stap 7 van 8" in student.page.text
    student.post(company=NONE)
    assert student.at == "controleren"
    assert "Nog geen leerbedrijf" in student.page.text
    assert answered(any_portal, student) == ()


@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize("programme", [OFFERED, "helpende-ex"])
def test_ex_and_ovo_offer_it(portal: Portal, programme: str) -> None:
    student = at_the_question(portal, ME, programme)
    assert "Dit is niet verplicht." in student.page.text
    student.answer()
    assert student.at == "controleren"


@pytest.mark.rule("WIZ-11")
def test_bol_is_not_asked(portal: Portal) -> None:
    student = who_chose(portal, "kok-bol-zwolle", ME).walk_to("controleren")
    assert "eerbedrijf" not in student.page.text
    assert student.get(f"/aanmelding/{student.draft}/leerbedrijf").url.path.endswith("controleren")


@pytest.mark.rule("SBB-1", "WIZ-4")
def test_results_have_pages_and_each_is_a_link(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    first, second, third = (searches(student, "", page) for page in (1, 2, 3))
    assert [len(names(page)) for page in (first, second)] == [10, 10]
    every = names(first) + names(second) + names(third)
    assert len(set(every)) == len(every) - 1  # two bear one name
    assert 'rel="prev"' not in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in third
    searches(student, "bistro brink")
    (link,) = re.findall(r'href="(\?q=bistro\+brink&amp;bedrijf=[0-9]+)"', student.page.text)
    student.get(f"{student.page.url.path}{link.replace('&amp;', '&')}")
    assert BISTRO in student.page.text
    assert "Brink 55" in student.page.text
    assert "Terug naar de resultaten" in student.page.text
    student.post(company=IDS[BISTRO])
    assert student.at == "controleren"
    assert f"{BISTRO}" in student.page.text
    assert "Brink 55, Deventer" in student.page.text


@pytest.mark.rule("WIZ-4", "SBB-1")
def test_htmx_gets_the_same_page_and_suggestions_while_typing(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    whole = searches(student, "zwolle")
    part = searches(student, "zwolle", **HTMX)
    assert "<html" not in part
    assert main(part) == main(whole)
    address = f"/aanmelding/{student.draft}/leerbedrijf?voorstel=1&q="
    some = student.browser.get(f"{address}zwolle bakk", headers=TYPING).text
    assert re.findall(r'role="option"', some) == ['role="option"']
    assert "1 leerbedrijf" in some
    assert "<main" not in some
    many = student.browser.get(f"{address}e", headers=TYPING).text
    assert many.count('role="option"') <= 9
    all_of_them = student.browser.get(f"{address}de", headers=TYPING).text
    assert "Laat er meer zien" in all_of_them
    assert all_of_them.count('role="option"') == 9
    none = student.browser.get(f"{address}xyzzy", headers=TYPING).text
    assert NOTHING in none
    assert "role" not in none


@pytest.mark.rule("WIZ-11")
def test_nothing_found_says_so_and_what_to_do(portal: Portal) -> None:
    student = at_the_question(portal, ME, NONE_THERE)
    page = searches(student, "")
    assert NOTHING in page
    assert "ga verder zonder" in page
    assert HELPS in page
    student.answer()
    assert student.at == "controleren"


@pytest.mark.rule("WIZ-11")
def test_one_by_a_crebo_that_counts_as_the_same_says_so(portal: Portal) -> None:
    words = labels.ACCREDITATION[Accreditation.EQUIVALENT]
    student = at_the_question(portal, ME, CARPENTER)
    page = searches(student, "bouwbedrijf")
    assert names(page)[0] == data.EQUIVALENTLY
    assert page.count(words) == 1
    student.post(company=IDS[data.EQUIVALENTLY])
    assert student.at == "controleren"
    assert words in student.page.text


@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        (data.EXPIRED, Accreditation.EXPIRED),
        (data.LAPSED, Accreditation.EXPIRED),
        (data.NOT_YET, Accreditation.NOT_YET),
        (data.OTHER_CREBO, Accreditation.NOT_ACCREDITED),
    ],
)
def test_who_is_not_accredited_is_refused_with_a_clear_line(
    portal: Portal, name: str, why: Accreditation
) -> None:
    student = at_the_question(portal, ME)
    page = looks_at(student, name)
    assert labels.ACCREDITATION[why] in page
    assert "Kies dit leerbedrijf" not in page
    refused = student.post(company=IDS[name])
    assert refused.status_code == 422
    assert 'id="company-fout"' in refused.text
    clear = labels.NO_LONGER[why] % {"company": name}
    assert refused.text.count(clear) == 2  # in the summary and at the field
    assert HELPS in refused.text
    assert answered(portal, student) is None


@pytest.mark.rule("WIZ-2", "WIZ-3")
def test_the_answer_is_shown_again_and_can_be_taken_back(any_portal: Portal) -> None:
    student = who_works_at(any_portal, ME, BISTRO)
    student.get(f"/aanmelding/{student.draft}/leerbedrijf")
    assert BISTRO in student.page.text
    assert "Zoek een ander leerbedrijf" in student.page.text
    student.post(company=NONE)
    assert student.at == "controleren"
    assert answered(any_portal, student) == ()


@pytest.mark.rule("WIZ-3")
def test_another_crebo_asks_again_and_says_why(any_portal: Portal) -> None:
    student = who_works_at(any_portal, ME, BISTRO)
    student.get(f"/aanmelding/{student.draft}/opleiding")
    choose(student, CARPENTER)
    student.walk_to("leerbedrijf")
    assert OTHER_CREBO in student.page.text
    assert BISTRO not in student.page.text
    student.post(company=IDS[data.OTHER_CREBO])
    assert student.at == "controleren"
    assert OTHER_CREBO not in student.page.text


@pytest.mark.rule("WIZ-3")
def test_another_leertraject_takes_the_question_away(portal: Portal) -> None:
    student = who_works_at(portal, ME, BISTRO)
    student.get(f"/aanmelding/{student.draft}/opleiding")
    choose(student, "kok-bol-zwolle")
    assert student.at == "controleren"
    assert OTHER_CREBO not in student.page.text
    assert BISTRO not in student.page.text
    student.get(f"/aanmelding/{student.draft}/opleiding")
    choose(student, COOK)
    student.walk_to("controleren")
    assert BISTRO in student.page.text, "the same crebo again"


@pytest.mark.rule("WIZ-11")
def test_sbb_is_asked_about_the_day_on_which_one_begins(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    searches(student, "bistro")
    looks_at(student, BISTRO)
    days = {
        call.url.params["peildatum"]
        for call in portal.outside.calls
        if "peildatum" in call.url.query.decode()
    }
    start = student.get(f"/aanmelding/{student.draft}/startdatum").text
    assert days == set(re.findall(r'type="date" value="([^"]+)"', start))


@pytest.mark.rule("DEE-6")
def test_another_application_starts_without_it(portal: Portal) -> None:
    student = who_works_at(portal, ME, BISTRO)
    student.answer()
    assert student.at == "verstuurd"
    student.post("/mijn/nieuw")
    choose(student.walk_to("opleiding"), CARPENTER)
    student.walk_to("leerbedrijf")
    assert BISTRO not in student.page.text
