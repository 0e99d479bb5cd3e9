"""What our adapter makes of DUO's answers about prior education, written out here."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.education import Diploma, EducationLevel, PriorEducation
from app.domain.ports import MalformedReply
from app.registers.duo_education import DuoEducation
from digistub.people import FIRST_FIVE
from tests.contract import described
from tests.contract.world import Says

BSN = FIRST_FIVE[0].bsn
CANARY = "Geheimeschool"


def answering(body: Any, checked: bool) -> DuoEducation:
    """The adapter over a DUO that always says `body`."""
    return DuoEducation(Says(body).client(described.duo_education() if checked else None))


def read(*rows: Any, checked: bool = True) -> tuple[PriorEducation, ...]:
    body = {"burgerservicenummer": BSN, "vooropleidingen": list(rows)}
    return answering(body, checked).educations(BSN)


def one(checked: bool = True, **more: Any) -> PriorEducation:
    (found,) = read({"instelling": "De Brink", "opleiding": "Havo", **more}, checked=checked)
    return found


def test_the_least_that_duo_can_say() -> None:
    assert one() == PriorEducation("De Brink", "Havo")
    assert read() == ()


@pytest.mark.rule("DUO-7")
def test_a_number_stands_in_for_a_name() -> None:
    assert one(brin="81XX01").school == "De Brink"
    assert one(False, instelling=None, brin="81XX").school == "81XX"
    assert one(False, instelling="  ", brin="81XX01").school == "81XX01"


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ({"iltCode": "0090"}, EducationLevel.PRO),
        ({"iltCode": "2731"}, EducationLevel.VMBO_GL),
        ({"iltCode": "0400"}, EducationLevel.VMBO_TL),
        ({"iltCode": "0270"}, EducationLevel.VWO),
        ({"iltCode": "9999"}, EducationLevel.OTHER),
        ({"niveau": 1}, EducationLevel.MBO_1),
        ({"niveau": 4, "iltCode": "2731"}, EducationLevel.MBO_4),
        ({}, EducationLevel.OTHER),
    ],
    ids=repr,
)
def test_a_level_is_that_of_the_code(row: dict[str, Any], level: EducationLevel) -> None:
    assert one(**row).level is level


@pytest.mark.parametrize(
    ("row", "diploma"),
    [
        ({"diplomaBehaald": True}, Diploma.YES),
        ({"diplomaBehaald": False}, Diploma.NO),
        ({}, None),
    ],
)
def test_nobody_says_no_where_duo_says_nothing(row: dict[str, Any], diploma: Any) -> None:
    assert one(**row).diploma is diploma


def test_the_newest_is_first_and_an_undated_one_last() -> None:
    rows = [
        {"instelling": "zonder datum"},
        {"instelling": "oud", "vanaf": "2010-08-01", "totEnMet": "2014-07-31"},
        {"instelling": "loopt", "vanaf": "2013-08-01"},
        {"instelling": "alleen uitslag", "datumUitslag": "2012-06-01"},
        {"instelling": "later begonnen", "vanaf": "2012-08-01", "totEnMet": "2014-07-31"},
    ]
    found = read(*({"opleiding": "x", **row} for row in rows))
    assert [education.school for education in found] == [
        *("loopt", "later begonnen", "oud", "alleen uitslag", "zonder datum"),
    ]
    assert found[0].ended is None
    assert found[1].ended == date(2014, 7, 31)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_on_which_nobody_learns_is_none(day: str) -> None:
    education = one(vanaf=day, totEnMet=day, datumUitslag=day)
    assert (education.started, education.ended, education.decided) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a" * 100, "a" * 100),
        ("a" * 101, "a" * 99 + "…"),
        ("school " * 30, "school " * 13 + "school…"),
        ("a" * 98 + " " + "b" * 9, "a" * 98 + "…"),
        ("a" * 99 + " " + "b" * 9, "a" * 99 + "…"),
        ("a" * 100 + " " + "b" * 9, "a" * 99 + "…"),
    ],
)
def test_a_long_text_is_cut_at_a_word(text: str, kept: str) -> None:
    education = one(checked=False, instelling=text, eindresultaat=text)
    assert education.school == education.result == kept
    assert len(kept) <= 100


def test_every_limit_is_the_wires() -> None:
    long = "woord " * 100
    education = one(False, opleiding=long, vakken=[{"naam": long, "resultaat": "vrijgesteld"}] * 60)
    assert 190 < len(education.programme) <= 200
    assert len(education.subjects) == 50
    assert 90 < len(education.subjects[0].name) <= 100
    assert education.subjects[0].result == "vrijgeste…"
    many = [{"instelling": "a", "opleiding": "b"}] * 60
    assert len(read(*many, checked=False)) == 50


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize(
    "row",
    [
        CANARY,
        {"instelling": None},
        {"instelling": 83},
        {"instelling": [CANARY]},
        {"instelling": "half \ud83d"},
        {"instelling": "nul\0"},
        {"brin": CANARY},
        {"brin": "81xx"},
        {"iltCode": 2831},
        {"iltCode": "283"},
        {"niveau": "4"},
        {"niveau": True},
        {"vanaf": "01-08-2022"},
        {"vanaf": "2022-02-30"},
        {"totEnMet": 2022},
        {"diplomaBehaald": "ja"},
        {"diplomaBehaald": 1},
        {"vakken": {}},
        {"vakken": [CANARY]},
        {"vakken": [{"resultaat": "7"}]},
        {"vakken": [{"naam": "Engels", "resultaat": 7}]},
    ],
    ids=repr,
)
def test_a_field_of_another_type(row: Any) -> None:
    whole = {"instelling": CANARY, "opleiding": CANARY, **row} if isinstance(row, dict) else row
    with pytest.raises(MalformedReply) as caught:
        read(whole, checked=False)
    assert CANARY not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.rule("DUO-6")
@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"burgerservicenummer": BSN},
        {"burgerservicenummer": BSN, "vooropleidingen": {}},
        {"vooropleidingen": []},
        {"burgerservicenummer": "999990019", "vooropleidingen": []},
        {"burgerservicenummer": int(BSN), "vooropleidingen": []},
    ],
    ids=repr,
)
def test_an_answer_of_another_shape_or_about_another(body: Any) -> None:
    with pytest.raises(MalformedReply):
        answering(body, checked=False).educations(BSN)


@pytest.mark.rule("DUO-7")
def test_one_odd_education_hides_no_others() -> None:
    good = {"instelling": "De Brink"}
    odd = [{"brin": "ABCD"}, {"instelling": CANARY, "brin": "ABCD"}, CANARY, {}]
    for rows in ([*odd, good], [good, *odd]):
        assert [learnt.school for learnt in read(*rows, checked=False)] == ["De Brink"]
    with pytest.raises(MalformedReply) as caught:
        read(*odd, checked=False)
    assert CANARY not in str(caught.value)


def test_the_check_against_the_description_can_fail() -> None:
    for wrong in ({"school": "x"}, {"niveau": 5}, {"instelling": "a" * 101}, {"vanaf": "gisteren"}):
        with pytest.raises(AssertionError):
            one(**wrong)
