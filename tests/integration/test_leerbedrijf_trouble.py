"""Names, numbers and words that nobody foresaw, and an SBB that is out of order (WIZ-11)."""

from __future__ import annotations

from html import unescape

import pytest
import time_machine

from app import labels
from app.domain.leerbedrijf import Accreditation
from app.services import patience
from digistub import sbb_data as data
from tests.choosing import nobody_yet
from tests.leerbedrijven import (
    BISTRO,
    IDS,
    NONE,
    NOTHING,
    TYPING,
    answered,
    at_the_question,
    looks_at,
    names,
    searches,
    who_works_at,
)
from tests.portal import Portal

ME = nobody_yet(1)


@pytest.mark.rule("WIZ-11")
def test_any_name_can_be_chosen(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    for name in (data.ABROAD, data.LONG_NAME, data.STRANGE_NAME, data.SAME_NAME):
        assert name in unescape(looks_at(student, name))
        assert "<b>Brûlée" not in student.page.text
        student.post(company=IDS[name])
        assert student.at == "controleren"
        assert name in unescape(student.page.text)
        (company,) = answered(portal, student) or ()
        assert (company.name, company.crebo) == (name, data.KOK)


@pytest.mark.rule("WIZ-11")
def test_a_number_that_is_none_chooses_nothing(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    unknown = labels.ACCREDITATION[Accreditation.UNKNOWN_COMPANY]
    for number in ("1", "999999998", "000000000", "../../x", "x" * 5000, "١٠٠٠٠٠٠٠١", "Geen"):
        refused = student.post(company=number)
        assert (refused.status_code, unknown in refused.text) == (422, True), number
        assert unknown in student.get(f"{student.page.url.path}?bedrijf={number[:99]}").text
    assert "Kies een leerbedrijf, of ga verder zonder." in student.post(company="").text
    assert answered(portal, student) is None


@pytest.mark.rule("WIZ-11")
def test_of_the_form_only_the_number_counts(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    student.post(company=IDS[BISTRO], name="Bistro Nep", crebo="99999", accreditation="valid")
    (company,) = answered(portal, student) or ()
    assert (company.name, company.place, company.crebo) == (BISTRO, "Deventer", data.KOK)


HOSTILE = (
    *('"', "'", "%", "%s", "\\", "*", "zw*", "a OR b", "NEAR(a b)", "a AND", "{{ 7*7 }}"),
    *("<script>alert(1)</script>", "x\0y", "\u202e", "\ue000", "é" * 300, " ", "日本"),
)


def test_hostile_words_find_nothing_or_something(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    for query in HOSTILE:
        page = searches(student, query)
        assert NOTHING in page or "Typ meer letters" in page or names(page), query
        assert "<script>alert" not in page
        assert 'value="49"' not in page


def test_a_page_that_is_none_is_the_first_or_empty(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    first = names(searches(student, ""))
    for page in ("0", "-1", "x", "99999", "٣", ""):
        address = f"/aanmelding/{student.draft}/leerbedrijf?q=&pagina={page}"
        assert names(student.browser.get(address).text) == first, page
    assert NOTHING in searches(student, "", 999)


@pytest.mark.rule("WIZ-11")
@pytest.mark.parametrize("call", ["bedrijf", "erkenning"])
def test_what_can_not_be_verified_is_not_chosen(portal: Portal, call: str) -> None:
    student = at_the_question(portal, ME)
    portal.fault("sbb", call, None, "500")
    assert labels.NO_SBB in looks_at(student, BISTRO)
    refused = student.post(company=IDS[BISTRO])
    assert refused.status_code == 422
    assert labels.NO_SBB in refused.text
    assert answered(portal, student) is None
    portal.fault("sbb", call, None, None)
    student.post(company=IDS[BISTRO])
    assert student.at == "controleren"


@pytest.mark.rule("WIZ-11")
def test_who_chose_already_keeps_it_while_sbb_is_out_of_order(portal: Portal) -> None:
    student = who_works_at(portal, ME, BISTRO)
    portal.fault("sbb", "erkenning", None, "500")
    student.get(f"/aanmelding/{student.draft}/leerbedrijf")
    student.post(company=IDS[BISTRO])
    assert student.at == "controleren"
    assert BISTRO in student.page.text


def test_an_old_page_finds_nothing_out_but_keeps_the_words(portal: Portal) -> None:
    student = at_the_question(portal, ME)
    address = f"{student.page.url.path}?q=zwolle"
    old = student.post(address, company=NONE, csrf_token="van gisteren")
    assert old.status_code == 400
    assert 'value="zwolle"' in old.text
    assert NOTHING not in old.text
    assert answered(portal, student) is None


@pytest.mark.rule("SBB-1")
def test_while_sbb_is_down_nobody_waits_for_it(
    portal: Portal, machine: time_machine.Traveller
) -> None:
    """And after a while it is asked again."""
    student = at_the_question(portal, ME)
    address = f"/aanmelding/{student.draft}/leerbedrijf?voorstel=1&q=bistro"
    portal.fault("sbb", "zoeken", None, "500")
    assert labels.NO_SBB in student.browser.get(address, headers=TYPING).text
    portal.world.extensions["world"].mend()
    portal.outside.calls.clear()
    assert labels.NO_SBB in student.browser.get(address, headers=TYPING).text
    assert labels.NO_SBB in searches(student, "bistro")
    assert portal.outside.calls == []
    machine.shift(patience.PAUSE)
    assert names(searches(student, "bistro"))
    assert "Bistro" in student.browser.get(address, headers=TYPING).text
