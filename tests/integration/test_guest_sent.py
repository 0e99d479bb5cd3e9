"""An interessemelding that is left without DigiD, from the school's code to the SIS (INT-1..4)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from markupsafe import escape

from app import testdoor
from app.domain.status import INTEREST
from app.services import institutions, registratiecodes
from tests import watch
from tests.choosing import IDS, KOK, LOCKED, choose, look_at, nobody_yet, offered, who_chose
from tests.guests import DOOR, NOT_YET, SCHOOL, comes_in, enters, sends
from tests.portal import Portal, Student, cohorts
from tests.sis import sis

NEW = "Een andere 2027"
BACK = "http://localhost:9/terug?keuze=a%20b"


def ours(item: dict[str, Any]) -> dict[str, Any]:
    return dict(item["additionalObjects"]["centraalAanmelden"])


@pytest.mark.rule("INT-1", "INT-3", "CAT-5", "WIZ-15")
def test_it_reaches_the_school_as_what_it_is(any_portal: Portal) -> None:
    guest = sends(any_portal)
    row = watch.row_of("application")
    assert (row.kind, row.status, row.draft_id) == (INTEREST, "SUBMITTED", guest.draft)
    for table in ("running", "application_status", "draft"):
        assert watch.all_of(table) == []
    (item,) = sis(any_portal).fresh()
    assert item["type"] == "I"
    assert {"bsn", "correspondentieadres", "aanmeldingVoorEersteLeerjaar"}.isdisjoint(item)
    assert item["wettelijkVertegenwoordigers"] == item["vooropleidingen"] == []
    assert (item["roepnaam"], item["achternaam"]) == ("Ali", "Yılmaz")
    assert (item["geslacht"], item["instelling"]) == ("-", SCHOOL)
    told = ours(item)
    assert told["registratiecode"] == testdoor.CODES[SCHOOL]
    assert not told["geverifieerdDoorDuo"]
    assert told["zelfOpgegeven"] == ["voornamen", "achternaam", "geboortedatum"]
    assert {"opTijd", "identificatieniveau", "identificatiemoment"}.isdisjoint(told)
    student = watch.row_of("student")
    assert student.bsn_hash is None
    assert "bsn" not in watch.opened("student", student)


@pytest.mark.rule("INT-1", "DUO-1")
def test_nobody_is_asked_anything_about_them(portal: Portal) -> None:
    """Of RIO only, whether the programme is still there."""
    before = len(portal.outside.calls)
    sends(portal)
    asked = {call.url.path for call in portal.outside.calls[before:]}
    assert asked
    assert {path.split("/")[2] for path in asked} == {"rio"}


@pytest.mark.rule("INT-1")
def test_it_asks_as_little_as_can_be(portal: Portal) -> None:
    guest = enters(portal)
    met, fields = [guest.at], set(guest.fields())
    for slug in ("contact", "vooropleiding", "opleiding", "controleren"):
        guest.answer()
        met.append(guest.at)
        assert guest.at == slug
        fields |= set(guest.fields())
    assert not fields & {"sex", "postcode", "street", "first-surname", "company", "day", "sure"}


@pytest.mark.rule("INT-1")
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"email": "", "phone": "06 12345678"}, {"telefoonnummerMobiel"}),
        ({"email": "ali@voorbeeld.nl", "phone": ""}, {"emailAdres"}),
        ({}, {"emailAdres", "telefoonnummerMobiel"}),
    ],
)
def test_one_way_of_contact_will_do(portal: Portal, given: Any, kept: set[str]) -> None:
    guest = enters(portal).walk_to("contact")
    none = guest.answer(email=" ", phone="")
    assert none.status_code == 422
    assert none.text.count("Vul je e-mailadres of je telefoonnummer in") >= 2
    guest.answer(**given)
    guest.send()
    (item,) = sis(portal).fresh()
    assert {"emailAdres", "telefoonnummerMobiel"} & set(item) == kept
    assert ("Schrijf je nummer op" in guest.page.text) is ("emailAdres" not in kept)
    assert len(watch.all_of("email_link")) == ("emailAdres" in kept)


@pytest.mark.rule("INT-1", "WIZ-6")
def test_who_wants_to_tells_of_school(portal: Portal) -> None:
    guest = enters(portal).walk_to("vooropleiding")
    assert "Dat hoeft niet" in guest.page.text
    guest.answer(which="anders")
    assert guest.at == "school"
    guest.send()
    (item,) = sis(portal).fresh()
    assert [one["instelling"] for one in item["vooropleidingen"]] == ["Het Voorbeeld"]


@pytest.mark.rule("INT-4")
def test_every_page_says_what_it_is_not(portal: Portal) -> None:
    guest = enters(portal)
    while guest.at != "verstuurd":
        assert NOT_YET in watch.inside(guest.page.text), guest.page.url
        guest.answer()
    assert NOT_YET in watch.inside(guest.page.text)
    for page in (guest.get("/interesse"), guest.page):
        assert "Je interessemelding is verstuurd" in page.text
        assert "Je aanmelding" not in page.text


@pytest.mark.rule("INT-1")
def test_only_programmes_of_the_school_whose_code_it_was(portal: Portal) -> None:
    guest = enters(portal, "91XX").walk_to("opleiding")
    assert set(re.findall(r'<p lang="nl">([^<]+)</p>', guest.page.text)) == {
        "Vakcollege Het Atelier"
    }
    other = enters(portal, SCHOOL).walk_to("opleiding")
    other.look("kok")
    (shown, *_) = re.findall(r"programma=([^&]+)", str(other.page.url))
    (cohort, *_) = cohorts(other.page.text)
    page = guest.get(f"{guest.page.url.path}?programma={shown}")
    assert cohorts(page.text) == []
    assert "We vinden deze opleiding niet" in page.text
    for query in ("?school=99XX", "?q=kok&school=99XX", f"?cohort={cohort}", "?q=kok&verfijnen=1"):
        assert "ROC De Horizon" not in watch.inside(guest.get(guest.page.url.path + query).text)
    refused = guest.browser.post(
        guest.page.url.path, data={"csrf_token": watch.token(page.text), "cohort": cohort}
    )
    assert refused.status_code == 422
    assert watch.answers("draft", id=guest.draft).choice is None


@pytest.mark.rule("WIZ-9", "INT-1")
def test_a_cohort_behind_a_code_needs_none(portal: Portal) -> None:
    guest = choose(enters(portal).walk_to("opleiding"), LOCKED)
    assert guest.at == "controleren"
    assert watch.answers("draft").choice.lock  # type: ignore[union-attr]
    assert "toegangscode van de school nodig" not in look_at(guest, LOCKED).text
    guest.get(f"/aanmelding/{guest.draft}/controleren")
    guest.answer()
    (item,) = sis(portal).fresh()
    assert item["type"] == "I"


# --- exactly once -----------------------------------------------------------------------------


@pytest.mark.rule("WIZ-13", "INT-3")
def test_sent_twice_and_from_two_tabs_it_is_one(portal: Portal) -> None:
    guest = enters(portal).walk_to("controleren")
    form = {**guest.fields(), "privacy": "y"}
    first = guest.browser.post(guest.page.url.path, data=form)
    second = guest.browser.post(guest.page.url.path, data=form)
    assert first.headers["Location"].endswith("/verstuurd")
    assert second.headers["Location"].endswith("/verstuurd?al=1")
    assert len(watch.all_of("application")) == len(watch.all_of("message")) == 1
    page = guest.get(second.headers["Location"])
    assert "Deze interessemelding had je al verstuurd" in page.text


@pytest.mark.rule("WIZ-13", "WIZ-12")
def test_only_what_was_shown_is_sent(portal: Portal) -> None:
    guest = enters(portal).walk_to("controleren")
    form = {**guest.fields(), "privacy": "y"}
    guest.get(f"/aanmelding/{guest.draft}/contact")
    guest.answer(email="anders@voorbeeld.nl")
    stale = guest.browser.post(guest.page.url.path, data=form)
    assert stale.status_code == 422
    assert "Er is iets veranderd" in stale.text
    assert watch.all_of("application") == []


@pytest.mark.rule("INT-1")
def test_a_school_that_took_its_code_away_gets_nothing(portal: Portal) -> None:
    guest = enters(portal).walk_to("controleren")
    registratiecodes.keep(SCHOOL, None)
    page = guest.answer()
    assert page.status_code == 422
    assert "neemt nu geen interessemeldingen zonder DigiD aan" in page.text
    assert watch.all_of("application") == watch.all_of("email_link") == []


@pytest.mark.rule("INT-1", "WIZ-8")
def test_a_cohort_that_closes_meanwhile_is_asked_again(portal: Portal) -> None:
    guest = enters(portal).walk_to("controleren")
    until = watch.answers("draft").choice.apply_until  # type: ignore[union-attr]
    assert until is not None
    portal.move_clock(f"{until.replace(year=until.year + 1)}T12:00:00+01:00")
    page = guest.get(f"/aanmelding/{guest.draft}/")
    assert guest.at == "opleiding"
    assert NOT_YET in page.text


# --- the way back to the school ---------------------------------------------------------------


@pytest.mark.rule("DEE-2", "INT-1")
def test_who_came_by_a_link_goes_back_with_what_came_of_it(portal: Portal) -> None:
    guest = Student(portal.browser(), "")
    guest.get(f"/aanmelden?instelling={SCHOOL}&kenmerk=folder&returnUrl={BACK.replace('%', '%25')}")
    comes_in(guest)
    guest.send()
    (link,) = re.findall(r'href="(http://localhost:9/[^"]+)"', guest.page.text)
    ca_keten_id = watch.row_of("application").ca_keten_id
    wanted = f"{BACK}&amp;status=interesse&amp;caKetenId={ca_keten_id}&amp;kenmerk=folder"
    assert link == wanted


@pytest.mark.rule("DEE-3")
def test_a_link_of_another_school_leads_nowhere(portal: Portal) -> None:
    guest = Student(portal.browser(), "")
    guest.get(f"/aanmelden?instelling=91XX&returnUrl={BACK}")
    comes_in(guest, SCHOOL)
    assert watch.document("draft")["link"]["brin"] == SCHOOL
    guest.send()
    assert "localhost:9" not in guest.page.text


@pytest.mark.parametrize("typed", ['"><img src=x onerror=1>', "A {{7*7}}", "%(name)s", "A'; --"])
def test_what_is_hostile_stays_text(portal: Portal, typed: str) -> None:
    guest = enters(portal)
    guest.answer(surname=typed, first_names=typed)
    guest.send()
    assert guest.at == "verstuurd"
    assert f"<dt>Naam</dt><dd><bdi>{escape(typed)} {escape(typed)}</bdi>" in guest.page.text


@pytest.mark.rule("CAT-5")
def test_it_takes_no_place_and_asks_for_none_that_is_full(portal: Portal) -> None:
    cohort = next(one for one in offered(KOK) if one.visibility.open)
    code = cohort.choice.cohort_code
    institutions.set_places(IDS[KOK], code, 1)
    for _ in range(2):
        guest = choose(enters(portal).walk_to("opleiding"), KOK)
        guest.send()
        assert guest.at == "verstuurd"
    assert watch.row_of("place", cohort_id=cohort.choice.cohort_id).taken == 0
    late = choose(enters(portal).walk_to("opleiding"), KOK)
    assert who_chose(portal, KOK, nobody_yet(1)).send().url.path.endswith("/verstuurd")
    page = late.get(f"/aanmelding/{late.draft}/controleren")
    assert late.at == "opleiding"
    assert NOT_YET in page.text
    assert cohort.choice.cohort_id not in cohorts(look_at(late, KOK).text)


@pytest.mark.rule("DEE-1", "INT-1")
def test_who_came_by_a_programme_s_link_finds_it_chosen(portal: Portal) -> None:
    guest = Student(portal.browser(), "")
    guest.get(f"/aanmelden?opleiding={IDS[KOK]}")
    assert f'value="{SCHOOL}" selected' in guest.get(DOOR).text
    comes_in(guest)
    guest.walk_to("opleiding")
    assert {o.choice.cohort_id for o in offered(KOK)} & set(cohorts(guest.page.text))


@pytest.mark.rule("INT-1", "INT-3")
def test_a_code_that_was_replaced_meanwhile_is_asked_anew(any_portal: Portal) -> None:
    guest = enters(any_portal).walk_to("controleren")
    draft_id = guest.draft
    registratiecodes.keep(SCHOOL, NEW)
    guest.answer()
    assert guest.page.url.path == DOOR
    assert "De school heeft een nieuwe registratiecode: vul die in." in guest.page.text
    assert re.findall(r'value="([^"]*)" selected', guest.page.text) == [SCHOOL]
    assert watch.all_of("application") == []
    assert guest.post(school=SCHOOL, code=testdoor.CODES[SCHOOL]).status_code == 422
    assert 'name="verder"' in guest.page.text
    guest.post(school=SCHOOL, code=NEW)
    assert (guest.at, guest.draft) == ("controleren", draft_id)
    guest.answer()
    assert guest.at == "verstuurd"
    (item,) = sis(any_portal).fresh()
    assert ours(item)["registratiecode"] == registratiecodes.plain(NEW)
    assert len(watch.all_of("student")) == 1


@pytest.mark.rule("INT-1")
def test_the_code_of_another_school_begins_another(portal: Portal) -> None:
    guest = enters(portal)
    before = guest.draft
    guest.get(f"{DOOR}?school={SCHOOL}&verder=1")
    guest.post(school="91XX", code=testdoor.CODES["91XX"], verder="1")
    assert (guest.at, guest.draft == before) == ("over-jou", False)


@pytest.mark.rule("INT-1")
def test_whoever_types_the_code_unasked_is_somebody_new(any_portal: Portal) -> None:
    first = enters(any_portal).walk_to("controleren")
    before = first.draft
    comes_in(first)
    assert first.draft != before
    assert "Ali" not in first.page.text
