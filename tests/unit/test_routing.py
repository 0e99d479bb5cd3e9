"""To whom a status goes on: written out, with every edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app import config
from app.config import SettingsError
from app.domain import municipalities
from app.domain.routing import Facts, Reason, Receiver, Terms, decided

TODAY = date(2027, 2, 1)
TERMS = Terms(config.ilt_codes(config.ILT_CODES), 23)
EVERYWHERE = Facts("BOL", "0400", "01AB", "0193", False, "20080314")
R = Reason


def of(receiver: Receiver, on: date = TODAY, terms: Terms = TERMS, **other: Any) -> Reason | None:
    found = decided(replace(EVERYWHERE, **other), terms, on)
    assert found[Receiver.CA] is None
    assert set(found) == set(Receiver)
    return found[receiver]


@pytest.mark.rule("STA-4")
@pytest.mark.parametrize(
    ("change", "vo", "gemeenten"),
    [
        ({}, None, None),
        ({"leertraject": "BBL"}, None, None),
        ({"leertraject": ""}, None, None),
        ({"leertraject": "ODT"}, R.ODT, None),
        ({"leertraject": "VAVO"}, R.VAVO, R.VAVO),
        ({"ilt_code": ""}, R.ILT_CODE, None),
        ({"ilt_code": "0300"}, R.ILT_CODE, None),
        ({"brin_left": ""}, R.NO_SCHOOL, None),
        ({"municipality": ""}, None, R.NO_MUNICIPALITY),
        ({"municipality": "0000"}, None, R.NO_MUNICIPALITY),
        ({"municipality": "1999"}, None, R.NO_MUNICIPALITY),  # doesn't live here
        ({"municipality": "0998"}, None, R.NO_MUNICIPALITY),  # abroad
        ({"municipality": "0001"}, None, R.NO_MUNICIPALITY),  # ended in 1990
        ({"municipality": "9999"}, None, R.NO_MUNICIPALITY),
        ({"qualified": True}, None, R.QUALIFIED),
        ({"qualified": None}, None, R.QUALIFIED),
        ({"birth_date": ""}, None, R.TOO_OLD),
        ({"birth_date": "00000000"}, None, None),
        ({"birth_date": "20040201"}, None, R.TOO_OLD),
        ({"birth_date": "20040202"}, None, None),
    ],
)
def test_who_gets_it(change: dict[str, Any], vo: Reason | None, gemeenten: Reason | None) -> None:
    assert of(Receiver.VO, **change) is vo
    assert of(Receiver.GEMEENTEN, **change) is gemeenten


@pytest.mark.rule("STA-4")
@pytest.mark.parametrize(
    ("code", "goes"),
    [
        *(("0089", False), ("0090", True), ("0091", False), ("0399", False), ("0400", True)),
        *(("0401", False), ("2209", False), ("2210", True), ("2211", False), ("2399", False)),
        *(("2400", True), ("2499", True), ("2500", True), ("2599", True), ("2600", False)),
        *(("2699", False), ("2700", True), ("2999", True), ("3099", True), ("3100", False)),
        ("0000", False),
    ],
)
def test_which_prior_education_the_koppelpunt_vo_gets(code: str, goes: bool) -> None:
    assert (of(Receiver.VO, ilt_code=code) is None) is goes


@pytest.mark.rule("STA-4", "DUO-8")
@pytest.mark.parametrize(
    ("born", "on", "goes"),
    [
        ("20040229", date(2027, 2, 28), True),  # 23 on 1 March in a common year
        ("20040229", date(2027, 3, 1), False),
        ("20050229", date(2028, 2, 28), True),
        ("20040000", date(2027, 12, 30), True),  # perhaps born on the last day of the year
        ("20040000", date(2027, 12, 31), False),
        ("20040600", date(2027, 6, 29), True),
        ("20040600", date(2027, 6, 30), False),
        ("20030000", TODAY, False),
        ("20260101", TODAY, True),
        ("20990101", TODAY, True),
    ],
)
def test_by_the_lowest_age_possible(born: str, on: date, goes: bool) -> None:
    assert (of(Receiver.GEMEENTEN, on, birth_date=born) is None) is goes


@pytest.mark.rule("STA-4")
def test_the_terms_are_settings() -> None:
    older = Terms(((300, 310),), 27)
    assert of(Receiver.VO, terms=older) is R.ILT_CODE
    assert of(Receiver.VO, terms=older, ilt_code="0305") is None
    assert of(Receiver.GEMEENTEN, terms=older, birth_date="20000202") is None
    assert of(Receiver.GEMEENTEN, terms=older, birth_date="20000201") is R.TOO_OLD


@pytest.mark.rule("STA-4")
def test_what_is_personal_is_not_written_by_accident() -> None:
    assert "20080314" not in repr(EVERYWHERE)
    assert "False" not in repr(EVERYWHERE)


def test_municipalities_in_force() -> None:
    assert municipalities.in_force("1991", date(2022, 1, 1))
    assert not municipalities.in_force("1991", date(2021, 12, 31))
    assert municipalities.in_force("0003", date(2020, 12, 31))
    assert not municipalities.in_force("0003", date(2021, 1, 1))


def settings(folder: Path, **environ: str) -> config.Settings:
    return config.read({"INSTANCE": str(folder), **environ})


def test_settings_of_statuses(tmp_path: Path) -> None:
    usual = settings(tmp_path)
    assert (usual.vavo_statuses, usual.vva_age_limit) == (False, 23)
    other = settings(
        tmp_path, VAVO_STATUSES="portal", VVA_ILT_CODES="0300, 0310-0319", VVA_AGE_LIMIT="27"
    )
    assert (other.vavo_statuses, other.vva_age_limit) == (True, 27)
    assert other.vva_ilt_codes == ((300, 300), (310, 319))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("VAVO_STATUSES", "yes"), ("VVA_AGE_LIMIT", "old"), ("VVA_AGE_LIMIT", "-1")),
        *(("VVA_ILT_CODES", "24xx"), ("VVA_ILT_CODES", "2400-"), ("VVA_ILT_CODES", "2500-2400")),
        *(("VVA_ILT_CODES", "0400,"), ("VVA_ILT_CODES", "400")),
    ],
)
def test_wrong_settings_of_statuses(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(tmp_path, **{name: value})
