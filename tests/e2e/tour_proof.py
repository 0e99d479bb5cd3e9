"""The stops of whoever holds a proof, with a mistake and without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def checked(tour: Any) -> Iterator[str]:
    """Of the application that was just sent; back at its page afterwards."""
    here = tour.page.url
    facts = tour.page.locator(".cheer dd").all_inner_texts()
    tour.visit("/controleer")
    tour.page.fill("#reference", next(fact for fact in facts if ":9" in fact))
    yield from tour.refused("bewijs-onbekend")
    tour.page.fill("#code", facts[-1])
    tour.presses()
    tour.page.locator(".cheer").wait_for()
    tour.student.settles()
    yield "bewijs-echt"
    tour.page.goto(here)
