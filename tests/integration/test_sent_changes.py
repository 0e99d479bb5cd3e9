"""What a student still changes of an application that was sent; the school hears of it (MIJ-5)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app import clock, db
from app.domain.draft import Contact
from app.domain.status import Status
from app.services import changes, mailbox
from app.services.changes import Ended
from app.services.drafts import NoSuchDraft
from tests import watch
from tests.applicants import a_cohort, adult, cohorts_open
from tests.leerbedrijven import BISTRO, BRASSERIE, COOK, IDS, at_the_question
from tests.letters import do_everything, mails, text
from tests.portal import Portal, Student
from tests.race import Raised, at_once, own_act
from tests.sent import applies, says
from tests.sis import sis

pytestmark = pytest.mark.each_run_on("sqlite")

OLD = Contact("Sem", "student@voorbeeld.nl")
NEW = Contact("Sem", "nieuw@voorbeeld.nl", "+31687654321")
SAVED = "Je wijziging is opgeslagen. De school krijgt die ook."


def who_sent(portal: Portal, number: int = 1) -> tuple[str, str]:
    draft_id = applies(portal, adult(number), a_cohort())
    return watch.row_of("application", draft_id=draft_id).student_id, draft_id


def change(student_id: str, draft_id: str, given: Any = NEW, question: str = "contact") -> bool:
    return changes.change(student_id, draft_id, question, given, "nl", True, clock.now())


def kinds(draft_id: str) -> list[str]:
    sent = watch.row_of("application", draft_id=draft_id)
    told = watch.all_of("message", application_id=sent.id)
    return [m.kind for m in sorted(told, key=lambda m: m.change_number)]


@pytest.mark.rule("MIJ-5", "SIS-1")
def test_a_change_is_read_by_the_sis_under_a_higher_number(any_portal: Portal) -> None:
    student_id, draft_id = who_sent(any_portal)
    (before,) = sis(any_portal).fresh()
    assert change(student_id, draft_id)
    (after,) = sis(any_portal).items(vanafWijziging=before["wijzigingsvolgnummer"] + 1)
    assert after["wijzigingsvolgnummer"] > before["wijzigingsvolgnummer"]
    assert sis(any_portal).fresh() == [after], "it waits again"
    assert (after["emailAdres"], after["telefoonnummerMobiel"]) == (NEW.email, "0687654321")
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"emailAdres", "telefoonnummerMobiel", "wijzigingsvolgnummer"}


@pytest.mark.rule("MIJ-5")
def test_the_same_again_is_no_news(any_portal: Portal) -> None:
    student_id, draft_id = who_sent(any_portal)
    assert not change(student_id, draft_id, OLD)
    assert change(student_id, draft_id)
    assert not change(student_id, draft_id)
    assert kinds(draft_id) == ["new", "change"]


@pytest.mark.rule("MIJ-5")
@pytest.mark.parametrize(
    ("code", "status"),
    [("LI", Status.ENROLLED), ("LNI", Status.REJECTED), ("AI", Status.WITHDRAWN)],
)
def test_not_after_the_end(any_portal: Portal, code: str, status: Status) -> None:
    student_id, draft_id = who_sent(any_portal)
    says(draft_id, code)
    before = watch.rows()
    with pytest.raises(Ended) as ended:
        change(student_id, draft_id)
    assert ended.value.status is status
    assert watch.rows() == before


@pytest.mark.rule("MIJ-5")
def test_nobody_changes_another_s(any_portal: Portal) -> None:
    _student_id, draft_id = who_sent(any_portal)
    other, _draft = who_sent(any_portal, 2)
    before = watch.rows()
    with pytest.raises(NoSuchDraft):
        change(other, draft_id)
    assert watch.rows() == before


def changes_phone(student_id: str, draft_id: str, phone: str) -> bool:
    given = Contact("Sem", "student@voorbeeld.nl", phone)
    return changes.change(student_id, draft_id, "contact", given, "nl", True, clock.now())


@pytest.mark.rule("MIJ-5", "SIS-1")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_two_tabs_at_once_change_one_after_the_other(any_portal: Portal) -> None:
    student_id, draft_id = who_sent(any_portal)
    calls = [(student_id, draft_id, f"+3161234567{n}") for n in range(4)]
    assert at_once(any_portal.settings.database_url, changes_phone, calls) == [True] * 4
    assert kinds(draft_id) == ["new", *["change"] * 4]
    contact = watch.answers("application", draft_id=draft_id).contact
    assert contact is not None
    (served,) = sis(any_portal).fresh()
    assert contact.phone.endswith(served["telefoonnummerMobiel"][1:]), (
        "the last one is what is served"
    )


@pytest.mark.rule("MIJ-5", "STA-3")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_a_change_and_the_end_at_once_come_one_after_the_other(any_portal: Portal) -> None:
    for number in range(3):
        student_id, draft_id = who_sent(any_portal, 20 + number)
        calls = [
            (changes_phone, student_id, draft_id, "+31687654321"),
            (says, draft_id, "AI"),
        ]
        changed, _ = at_once(any_portal.settings.database_url, own_act, calls)
        told = ["new", "change", "withdrawn"] if changed is True else ["new", "withdrawn"]
        assert changed in (True, Raised("Ended"))
        assert kinds(draft_id) == told
        served = sis(any_portal).items()[-1]
        assert served["ingetrokken"]
        assert ("telefoonnummerMobiel" in served) is (changed is True)


@pytest.mark.rule("MIJ-5", "WIZ-5")
def test_a_new_address_gets_a_link_and_counts_once_it_is_pressed(any_portal: Portal) -> None:
    student_id, draft_id = who_sent(any_portal)
    do_everything(any_portal)
    first = len(mails(any_portal))
    change(student_id, draft_id)
    do_everything(any_portal)
    (mail,) = (m for m in mails(any_portal) if m["To"] == NEW.email)
    assert len(mails(any_portal)) == first + 1
    assert mail["Subject"] == "Bevestig je nieuwe e-mailadres"
    (token,) = re.findall(r"/mail/([\w-]+)", text(mail))
    with db.reading() as connection:
        assert not mailbox.is_confirmed(connection, student_id, NEW.email)
    assert mailbox.confirm(token, clock.now())
    with db.reading() as connection:
        assert mailbox.is_confirmed(connection, student_id, NEW.email)
    change(student_id, draft_id, OLD)
    change(student_id, draft_id)
    do_everything(any_portal)
    assert len([m for m in mails(any_portal) if m["To"] == NEW.email]) == 1, "it is theirs already"


# The pages.


def sends(portal: Portal, number: int) -> Student:
    """BBL, without a leerbedrijf."""
    student = at_the_question(portal, adult(number), COOK)
    student.answer()
    student.send()
    assert student.at == "verstuurd"
    return student


@pytest.mark.rule("MIJ-5")
def test_a_student_changes_how_the_school_reaches_them(any_portal: Portal) -> None:
    student = sends(any_portal, 11)
    address = f"/aanmelding/{student.draft}/verstuurd/contact"
    assert f'href="{address}"' in student.get(f"/mijn/{student.draft}").text
    page = student.get(address)
    assert "roepnaam" not in student.fields(), "the name stays"
    assert student.fields()["email"] == "student@voorbeeld.nl"
    wrong = student.post(email="nee", phone="06 87654321")
    assert wrong.status_code == 422
    assert "Dit e-mailadres klopt niet" in wrong.text
    assert student.fields()["phone"] == "06 87654321"
    typo = student.post(email="sem@hotmial.com")
    assert (typo.status_code, "Bedoel je sem@hotmail.com?" in typo.text) == (422, True)
    page = student.post(meant="1")
    assert page.url.path.startswith("/mijn/")
    for said in (SAVED, "sem@hotmail.com", "06 87654321", "Je e-mailadres is nog niet bevestigd."):
        assert said in page.text
    assert SAVED not in student.get(page.url.path).text, "said once"
    student.get(address)
    assert "Er is niets veranderd." in student.post().text


@pytest.mark.rule("MIJ-5", "WIZ-11")
def test_a_leerbedrijf_is_added_and_changed_with_what_sbb_says(any_portal: Portal) -> None:
    student = sends(any_portal, 12)
    draft = student.draft
    address = f"/aanmelding/{draft}/verstuurd/leerbedrijf"
    assert "Voeg toe" in student.get(f"/mijn/{draft}").text
    page = student.get(address)
    assert "geen" not in re.findall(r'name="company" value="([^"]*)"', page.text), "it has none"
    for company, other in ((BISTRO, BRASSERIE), (BRASSERIE, BISTRO)):
        assert IDS[company] in student.get(f"{address}?q={company}").text
        student.get(f"{address}?bedrijf={IDS[company]}")
        page = student.post(company=IDS[company])
        assert SAVED in page.text
        assert company in page.text
        assert other not in page.text
        (served,) = sis(any_portal).fresh()
        assert served["leerbedrijf"]["leerbedrijfId"] == IDS[company]
    any_portal.fault("sbb", "erkenning", None, "expired")
    student.get(f"{address}?bedrijf={IDS[BISTRO]}")
    assert student.post(company=IDS[BISTRO]).status_code == 422
    any_portal.fault("sbb", "erkenning", None, None)
    student.get(address)
    assert SAVED in student.post(company="geen").text
    assert "leerbedrijf" not in sis(any_portal).fresh()[0]


@pytest.mark.rule("MIJ-5")
def test_only_where_it_is_asked(any_portal: Portal) -> None:
    student = any_portal.student(adult(13))
    student.send()
    draft = student.draft
    assert "Leerbedrijf" not in student.get(f"/mijn/{draft}").text
    for slug in ("leerbedrijf", "adres"):
        assert student.get(f"/aanmelding/{draft}/verstuurd/{slug}").url.path == f"/mijn/{draft}"
    assert student.get(f"/aanmelding/{draft}/verstuurd/ouders").status_code == 404


@pytest.mark.rule("MIJ-5")
def test_whom_the_school_was_before_hears_it(any_portal: Portal) -> None:
    student = sends(any_portal, 14)
    draft = student.draft
    student.get(f"/aanmelding/{draft}/verstuurd/contact")
    says(draft, "LI")
    page = student.post(email=NEW.email)
    assert page.url.path == f"/mijn/{draft}"
    assert "Dat kan niet meer: de school heeft je al ingeschreven." in page.text
    assert NEW.email not in page.text
    assert kinds(draft) == ["new"]


@pytest.mark.rule("MIJ-5")
def test_who_forgets_another_application_is_told(any_portal: Portal) -> None:
    drafts = [applies(any_portal, adult(17), cohort) for cohort in cohorts_open()[:3]]
    student = any_portal.student(adult(17))
    links = [f"/aanmelding/{draft}/verstuurd/contact" for draft in drafts]
    assert "Wijzig het daar ook" not in student.get(f"/mijn/{drafts[0]}").text
    says(drafts[2], "LNI")
    student.get(links[0])
    page = student.post(email=NEW.email)
    assert [link in page.text for link in links] == [True, True, False], "that one has ended"
    student.get(links[1])
    assert "Wijzig het daar ook" not in student.post(email=NEW.email).text


@pytest.mark.rule("MIJ-5", "WIZ-4")
def test_an_old_page_keeps_what_was_typed(any_portal: Portal) -> None:
    student = sends(any_portal, 15)
    student.get(f"/aanmelding/{student.draft}/verstuurd/contact")
    page = student.post(email=NEW.email, csrf_token="x")
    assert (page.status_code, NEW.email in page.text) == (400, True)
    assert "Deze pagina was te oud" in page.text


@pytest.mark.rule("MIJ-5")
def test_so_many_changes_are_too_many(any_portal: Portal) -> None:
    student = sends(any_portal, 16)
    address = f"/aanmelding/{student.draft}/verstuurd/contact"
    answers = []
    for number in range(21):
        student.get(address)
        answers.append(student.post(email=f"sem{number}@voorbeeld.nl").status_code)
    assert answers == [*[200] * 20, 429]
