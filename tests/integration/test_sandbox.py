"""Suppliers help themselves outside production: generated applications, keys, settings (SIS-8)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select

from app import clock, db, sandbox_rows, testdoor
from app.domain.catalogue import is_flexible
from app.models import application, running
from app.sandbox_people import MEANS, MOST, Kind, bsn, make
from app.services import applied
from digistub.people import person_at, valid_bsn
from tests import watch
from tests.applicants import out_of_balance
from tests.portal import Portal
from tests.race import at_once
from tests.sis import SCHOOL, number, sis
from tests.sis_keys import EC

pytestmark = pytest.mark.each_run_on("sqlite")

DOOR = "/testdeur/sis"


def asked(portal: Portal, what: str, **form: Any) -> dict[str, Any]:
    answer = portal.browser().post(f"{DOOR}/{what}", data=form)
    assert answer.status_code in (200, 201, 422), answer.text
    found: dict[str, Any] = answer.json()
    return found


def ours(item: dict[str, Any]) -> dict[str, Any]:
    return dict(item["additionalObjects"]["centraalAanmelden"])


@pytest.mark.rule("SIS-8")
@pytest.mark.rule("SIS-4")
def test_every_kind_is_served_as_the_description_says(any_portal: Portal) -> None:
    """`sis` holds each answer against the description."""
    asked(any_portal, "aanmeldingen", instelling=SCHOOL)
    waiting = sis(any_portal).fresh()
    assert len(waiting) == len(Kind) == 16
    by = dict(zip(Kind, sorted(waiting, key=number), strict=True))
    assert {kind for kind, item in by.items() if item["type"] == "I"} == {
        Kind.INTEREST,
        Kind.INTEREST_BSN,
    }
    assert {kind for kind, item in by.items() if "bsn" not in item} == {Kind.INTEREST}
    assert {kind for kind, item in by.items() if item["ingetrokken"]} == {Kind.WITHDRAWN}
    assert ours(by[Kind.INTEREST_BSN])["geverifieerdDoorDuo"]  # and without DigiD nobody knows
    assert not ours(by[Kind.INTEREST])["geverifieerdDoorDuo"]
    codes = {kind for kind, item in by.items() if "registratiecode" in ours(item)}
    assert codes == {Kind.INTEREST}
    assert len(by[Kind.MINOR]["wettelijkVertegenwoordigers"]) == 2
    assert by[Kind.ADULT]["vooropleidingen"] == []
    assert by[Kind.ABROAD]["correspondentieadres"]["land"] == "5010"
    assert ours(by[Kind.ABROAD])["vooropleiding"]["waar"] == "buitenland"
    unknown = by[Kind.UNKNOWN]
    assert not ours(unknown)["geverifieerdDoorDuo"]
    assert {"achternaam", "geboortedatum"} <= set(ours(unknown)["zelfOpgegeven"])
    assert by[Kind.LEERBEDRIJF]["leerbedrijf"]["erkenning"]
    assert "leerbedrijf" not in by[Kind.NO_LEERBEDRIJF]
    assert by[Kind.PARTNER]["voorkeursAchternaam"].startswith("Meer-")
    assert ours(by[Kind.PARTNER])["onvolledigeGeboortedatum"].endswith("00")
    assert ours(by[Kind.BIRTH_DATE])["onvolledigeGeboortedatum"].endswith("0000")
    assert ours(by[Kind.SECRET])["zelfOpgegeven"] == ["correspondentieadres"]
    assert by[Kind.CHANGED]["telefoonnummerMobiel"] == "0612340000"
    assert len(by[Kind.LONG_NAME]["achternaam"]) > 40
    assert by[Kind.BY_HAND]["vooropleidingen"][0]["instelling"].startswith("Scholengemeenschap")


@pytest.mark.rule("INT-1")
@pytest.mark.rule("INT-3")
def test_an_interessemelding_holds_as_little_as_it_asked(any_portal: Portal) -> None:
    asked(any_portal, "aanmeldingen", instelling=SCHOOL, soort="interest", aantal="1")
    (item,) = sis(any_portal).fresh()
    named = {name for name, value in item.items() if value not in ([], None)}
    assert named == {
        *("$type", "links", "wijzigingsvolgnummer", "caKetenId", "ketenId", "type"),
        *("ingetrokken", "datumTijdIndienen", "instelling", "opleiding", "opleidingCohort"),
        *("roepnaam", "voornamen", "achternaam", "geboortedatum", "geslacht", "emailAdres"),
        *("extraOndersteuning", "additionalObjects"),
    } | (named & {"voorvoegsels", "gewensteStartdatum"})


@pytest.mark.rule("SIS-8")
def test_a_change_and_a_withdrawal_raise_the_number(any_portal: Portal) -> None:
    asked(any_portal, "aanmeldingen", instelling=SCHOOL, soort=["adult", "changed", "withdrawn"])
    waiting = sorted(sis(any_portal).fresh(), key=number)
    assert [item["wijzigingsvolgnummer"] for item in waiting] == [1, 4, 5]


@pytest.mark.rule("SIS-8")
def test_the_books_balance_after_generating(any_portal: Portal) -> None:
    sandbox_rows.generate(SCHOOL, 600, clock.now(), [Kind.MINOR, Kind.ADULT, Kind.SECRET])
    with db.reading() as connection:
        found = out_of_balance(connection)
        students = list(connection.scalars(select(running.c.student_id)))
        sent = [applied.of_student(connection, student)[0] for student in students[:40]]
    assert found == ["0 mails for 600 applications"]
    assert len(set(students)) == 600
    assert {len(one.dossier.guardians) for one in sent} == {0, 2}


@pytest.mark.long
@pytest.mark.rule("SIS-8")
def test_several_who_ask_at_once_all_get_theirs(any_portal: Portal) -> None:
    calls = [(school, 20, clock.now()) for school in (SCHOOL, "91XX", SCHOOL, "92XX")]
    made = at_once(any_portal.settings.database_url, sandbox_rows.generate, calls)
    assert made == [20] * 4
    with db.reading() as connection:
        assert len(connection.execute(select(application.c.id)).all()) == 80


@pytest.mark.rule("SIS-8")
def test_the_same_seed_gives_the_same_answers(portal: Portal) -> None:
    with db.reading() as connection:
        offered = sandbox_rows.open_at(connection, SCHOOL, clock.now())
    today = clock.today()
    for kind in Kind:
        once, again, other = (make(kind, 7, seed, offered, today) for seed in (1, 1, 2))
        assert once == again
        assert once != other
        if kind is Kind.START_DAY:
            assert is_flexible(once.dossier.choice)
    asked(portal, "aanmeldingen", instelling=SCHOOL, aantal="16", zaad="5")
    first = bare(portal)
    portal.browser().post("/testdeur/opnieuw")
    asked(portal, "aanmeldingen", instelling=SCHOOL, aantal="16", zaad="5")
    assert bare(portal) == first


def bare(portal: Portal) -> list[dict[str, Any]]:
    """What waits, without what is new each time."""
    moments = ("datumTijdIndienen", "additionalObjects", "wijzigingsvolgnummer", "links")
    new = {"caKetenId", *moments}
    found = sorted(sis(portal).fresh(), key=number)
    return [{name: v for name, v in item.items() if name not in new} for item in found]


def test_bsns_are_valid_and_nobody_else_s() -> None:
    numbers = [bsn(n) for n in (*range(2000), *range(MOST - 2000, MOST))]
    assert len(set(numbers)) == len(numbers)
    assert all(valid_bsn(one) and person_at(one) is None for one in numbers)


@pytest.mark.rule("SIS-8")
def test_a_school_that_offers_nothing_now_says_so(portal: Portal) -> None:
    portal.move_clock("2035-01-01T12:00:00Z")
    wrong = asked(portal, "aanmeldingen", instelling="92XX", soort="bbl")
    left = "Deze instelling heeft nu geen open opleiding voor «BBL met leerbedrijf»."
    assert wrong == {"fout": left}
    assert asked(portal, "aanmeldingen", instelling="92XX") == {"gemaakt": 16}  # others
    args = ["testdoor", "applications", "--school", "92XX", "--kind", "bbl"]
    refused = portal.app.test_cli_runner().invoke(args=args)
    assert (refused.exit_code, refused.output) == (1, f"Error: {left}\n")


WRONG = {
    ("aanmeldingen", "instelling", "42XX"): "Kies een testinstelling: 99XX, 91XX, 92XX.",
    ("aanmeldingen", "aantal", "0"): "Vul bij aantal een getal in van 1 tot en met 1000.",
    ("aanmeldingen", "aantal", "veel"): "Vul bij aantal een getal in van 1 tot en met 1000.",
    ("aanmeldingen", "soort", "raar"): "Onbekende soort: raar. Kies uit: minor,",
    ("sleutel", "soort", ""): "Kies een soort: jwk, paar of geheim.",
    **{
        ("sleutel", "naam", name): "Een naam heeft hoogstens 80 tekens, zonder stuurtekens."
        for name in ("x" * 81, "a\nb", "a\0", "\u202eb", "a\x7f", "a\u200bb")
    },
    ("koppelpunt", "koppelpunt", "99xx"): "Kies een koppelpunt: 91XX, 92XX, 99XX. Let op",
    ("koppelpunt", "bevestigend", "wel"): "Vul bij bevestigend ja of nee in.",
}


@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize(("what", "field", "value"), WRONG)
def test_what_can_not_be_is_said_in_plain_dutch(
    one_portal: Portal, what: str, field: str, value: str
) -> None:
    right = {"instelling": SCHOOL, "koppelpunt": SCHOOL}
    if what == "sleutel":
        right["soort"] = "geheim"
    answer = one_portal.browser().post(f"{DOOR}/{what}", data={**right, field: value})
    assert answer.status_code == 422
    assert answer.json()["fout"].startswith(WRONG[what, field, value])


@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize(
    "jwk",
    [
        *("", "{}", "geen json", "[]"),
        json.dumps(ECKey.generate_key("P-256").as_dict(private=True)),
        json.dumps(ECKey.generate_key("secp256k1").as_dict(private=False)),
        json.dumps({**EC.as_dict(private=False), "kid": "a\nb"}),
        json.dumps({**EC.as_dict(private=False), "kid": "\ud800"}),
    ],
)
def test_no_other_key_is_taken(one_portal: Portal, jwk: str) -> None:
    form, before = {"instelling": SCHOOL, "soort": "jwk", "jwk": jwk}, watch.rows()
    answer = one_portal.browser().post(f"{DOOR}/sleutel", data=form)
    assert answer.status_code == 422
    assert watch.rows() == before
    assert "Houd de private helft zelf" in answer.json()["fout"]


@pytest.mark.rule("SIS-8")
def test_a_page_of_another_site_makes_no_key(one_portal: Portal) -> None:
    form = {"instelling": SCHOOL, "soort": "geheim"}
    headers = {"Origin": "https://kwaad.example"}
    assert (
        one_portal.browser().post(f"{DOOR}/sleutel", data=form, headers=headers).status_code == 403
    )


@pytest.mark.rule("SIS-7")
@pytest.mark.rule("SIS-8")
def test_a_koppelpunt_is_set_and_its_messages_are_ready_again(any_portal: Portal) -> None:
    asked(any_portal, "aanmeldingen", instelling=SCHOOL, aantal="3")
    school = sis(any_portal)
    set_to = asked(any_portal, "koppelpunt", koppelpunt=SCHOOL, bevestigend="ja")
    assert (set_to["bevestigend"], set_to["stub"], set_to["wachtend"]) == (True, False, 3)
    assert len(school.fresh()) == len(school.fresh()) == 3
    asked(any_portal, "koppelpunt", koppelpunt=SCHOOL, bevestigend="nee")
    assert (len(school.fresh()), len(school.fresh())) == (3, 0)
    assert asked(any_portal, "klaarzetten", instelling=SCHOOL) == {"klaargezet": 3}
    assert len(school.fresh()) == 3
    assert asked(any_portal, "koppelpunt", koppelpunt=SCHOOL, stub="ja")["stub"]
    points = any_portal.browser().get(DOOR).json()["koppelpunten"]
    assert {p["koppelpunt"]: p["stub"] for p in points} == {
        **{"91XX": True, "92XX": False},
        SCHOOL: True,
    }


@pytest.mark.rule("SIS-8")
def test_a_generated_student_can_log_in(portal: Portal) -> None:
    """A tester sees what the school's status does on the student's own page."""
    asked(portal, "aanmeldingen", instelling=SCHOOL)
    for item in sis(portal).fresh():
        if item["type"] == "A":
            student = portal.student(item["bsn"])
            assert student.at == "mijn"
            assert item["ketenId"] in student.page.text
            (one,) = set(re.findall(r'href="(/mijn/[0-9a-f-]{36})"', student.page.text))
            assert student.get(one).status_code == 200
            assert item["ketenId"] in student.page.text


@pytest.mark.rule("SIS-7")
def test_what_a_tester_set_stays_set(portal: Portal) -> None:
    """Also when `make run` sets up its schools again."""
    for code, stub in (("91XX", "nee"), (SCHOOL, "ja")):
        asked(portal, "koppelpunt", koppelpunt=code, stub=stub)
    testdoor.set_up()
    points = portal.browser().get(DOOR).json()["koppelpunten"]
    assert {p["koppelpunt"] for p in points if p["stub"]} == {SCHOOL}


def test_every_kind_says_what_it_is(portal: Portal) -> None:
    told = portal.browser().get(DOOR).json()
    assert {row["soort"]: row["uitleg"] for row in told["soorten"]} == dict(MEANS)
    assert set(MEANS) == set(Kind)


@pytest.mark.rule("SIS-8")
def test_the_command_makes_them_once(portal: Portal) -> None:
    run = portal.app.test_cli_runner().invoke
    made = run(args=["testdoor", "applications", "--number", "12", "--once"])
    assert made.output == "12 applications made at 99XX.\n", made.output
    again = run(args=["testdoor", "applications", "--number", "12", "--once"])
    assert again.output == "99XX has 12 applications: nothing added.\n"
    one = run(args=["testdoor", "applications", "--number", "2", "--kind", "bbl"])
    assert one.exit_code == 0
    refused = run(args=["testdoor", "applications", "--school", "42XX"])
    assert (refused.exit_code, refused.output) == (1, "Error: Er is geen instelling 42XX.\n")
    with db.reading() as connection:
        assert len(connection.execute(select(application.c.id)).all()) == 14
