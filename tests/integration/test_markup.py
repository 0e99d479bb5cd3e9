"""Markup in what DUO, RIO, a school or a student says is text on every page (checklist item 40)."""

from __future__ import annotations

import httpx
import pytest

from app import jobs
from tests import watch
from tests.integration.test_input import FIELDS, MARKUP, usual
from tests.portal import MINOR, UNKNOWN, Portal, Student, cohorts, open_portal


class Marked(httpx.BaseTransport):
    """DUO and RIO as they are, with markup in every name and description."""

    NAMES = ("voornamen", "voorvoegsel", "geslachtsnaam", "officieleStraatnaam", "woonplaats")
    TEXTS = ("naam", "wervingsnaam", "naamKort", "omschrijving", "plaatsnaam", "website")

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.inner.handle_request(request)
        answer.read()
        if "/duo/" not in request.url.path:
            return answer
        return httpx.Response(answer.status_code, json=self.marked(answer.json()))

    def marked(self, data: object) -> object:
        if isinstance(data, list):
            return [self.marked(item) for item in data]
        if isinstance(data, dict):
            return {k: MARKUP if k in self.NAMES else self.marked(v) for k, v in data.items()}
        return data


@pytest.mark.parametrize("bsn", [UNKNOWN, MINOR], ids=["typed", "from DUO"])
def test_markup_is_text_on_every_page(sqlite_url: str, bsn: str) -> None:
    portal = open_portal(sqlite_url, BSN_ORGANISATION=MARKUP)
    portal.outside.inside = Marked(portal.outside.inside)
    watch.set_everywhere("institution", name=MARKUP)
    watch.set_everywhere(
        "programme_facts",
        name=f"Kok {MARKUP}",
        place=MARKUP,
        leertraject="BOL",
        street=MARKUP,
        description=MARKUP,
        official_name=MARKUP,
        name_english=MARKUP,
        website=MARKUP,
    )
    watch.set_everywhere("provider", name=MARKUP, email=MARKUP, phone=MARKUP, website=MARKUP)
    watch.set_everywhere("cohort_facts", permission_required=True, permission_note=MARKUP)
    browser = portal.browser()
    trail = watch.Trail().follow(browser)
    browser.get("/")
    browser.get("/aanmelden", params={"instelling": "99XX", "kenmerk": MARKUP})
    student = Student(browser, bsn)
    student.log_in(fault="access_denied")
    student.log_in()
    typed = [name for names in FIELDS.values() for name in names]
    while student.at != "verstuurd":
        if student.at == "opleiding":
            student.look("kok")
            student.post(cohort=cohorts(student.page.text)[0])
            continue
        if student.at != "controleren":
            wrong = {name: MARKUP for name in student.fields() if name != "csrf_token"}
            student.get(str(student.post(**wrong).url))
        there = {name: MARKUP for name in typed if name in student.fields()}
        student.answer(**(usual(student) | there))
    student.get("/mijn")
    assert jobs.run_one(acts(portal))
    shown = [page for page in trail.pages if "&gt;" in page.text]
    assert len(shown) > 12
    for page in trail.pages:
        assert "<img src=x" not in page.text, page.url
        assert "onerror=1>" not in page.text, page.url
    (mail,) = (portal.settings.instance / "mail").iterdir()
    assert "img src" not in mail.read_text()


def acts(portal: Portal) -> dict[str, jobs.Act]:
    extensions = portal.app.extensions
    return jobs.acts(portal.settings, extensions["registers"], extensions["store"])
