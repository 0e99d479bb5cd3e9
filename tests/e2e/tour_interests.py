"""The pages of an interessemelding: left without DigiD, and after it without an access code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.testdoor import CODES
from tests.e2e.tour_own import own_data
from tests.guests import DOOR, SCHOOL

if TYPE_CHECKING:
    from tests.e2e.tour import Tour


def interests(tour: Tour, ids: dict[str, str]) -> Iterator[str]:
    """`ids` are of programmes, by their name in the test service."""
    yield from by_code(tour, ids["kok-bol-zwolle"])
    yield from behind_a_lock(tour, ids["verzorgende-bbl"])


def by_code(tour: Tour, programme: str) -> Iterator[str]:
    page = tour.page
    page.context.clear_cookies(name="sid")
    tour.visit(DOOR)
    for name, code in (("interesse-code-fout", "fout"), ("interesse-wie", CODES[SCHOOL])):
        page.locator("#school").select_option(SCHOOL)
        page.locator("#code").fill(code)
        if name == "interesse-code-fout":
            yield from tour.refused(name)
        else:
            tour.goes_on()
            yield name
    for field, text in (
        *(("first_names", "Isa Maria"), ("surname", "Terbeek"), ("birth_date-year", "2010")),
        *(("birth_date-day", "14"), ("birth_date-month", "3")),
    ):
        page.locator(f"[name={field}]").fill(text)
    tour.goes_on()
    yield from tour.refused("interesse-contact-fout")
    page.locator("[name=email]").fill("isa@voorbeeld.nl")
    tour.goes_on()
    yield "interesse-vooropleiding"
    tour.goes_on()
    yield "interesse-opleiding"
    yield from chosen_and_sent(tour, programme, "interesse")
    tour.visit("/interesse/bestaat-niet")
    yield "interesse-link-weg"


def behind_a_lock(tour: Tour, programme: str) -> Iterator[str]:
    page = tour.page
    page.context.clear_cookies(name="sid")
    tour.student.is_logged_in_as(tour.server.fresh(), at="opleiding")
    yield from chosen_and_sent(tour, programme, "interesse-zonder-code")
    draft = page.url.split("/")[-2]
    tour.visit("/mijn")
    yield "interesse-mijn"
    tour.visit(f"/mijn/{draft}")
    yield "interesse-pagina"
    yield from own_data(tour)


def chosen_and_sent(tour: Tour, programme: str, name: str) -> Iterator[str]:
    page = tour.page
    tour.visit(f"{page.url.split('?')[0].removeprefix(tour.server.base)}?programma={programme}")
    page.locator("input[name=cohort]").first.check()
    tour.goes_on()
    if "toegangscode" in page.url:
        page.locator("form[action$=interesse] button").click()
        page.wait_for_url("**/controleren*")
        tour.student.settles()
    yield f"{name}-controleren"
    page.locator("[name=privacy]").check()
    tour.goes_on()
    yield f"{name}-verstuurd"
