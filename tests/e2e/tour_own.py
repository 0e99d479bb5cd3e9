"""The student's own data: how they are reached, all that is held, and removing it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.tour import Tour

OWN = "/mijn/gegevens"


def own_data(tour: Tour) -> Iterator[str]:
    """Of who is logged in, whom nobody needs afterwards."""
    for path, name in (
        *((OWN, "gegevens-van-jou"), (f"{OWN}/bereiken", "gegevens-bereiken")),
        *((f"{OWN}/alles", "gegevens-alles"), (f"{OWN}/weghalen", "gegevens-weghalen")),
    ):
        tour.visit(path)
        yield name
    tour.page.locator("form[action=''] button, main form:not([action]) button").first.click()
    tour.page.wait_for_url("**/weggehaald")
    tour.student.settles()
    yield "gegevens-weg"
