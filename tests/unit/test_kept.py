"""What is kept of a student, and what a SIS is served of it, is what `tests/data/kept.csv` says:
no field without a purpose and a term (RET-1), and none published or withheld by accident.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest

from app.domain import wire
from app.domain.by_duo import ByDuo
from app.domain.deeplink import Link
from app.domain.dossier import Dossier
from app.domain.draft import Draft, From, Joining, Key, Known, Outcome, Picked, StartDay
from app.domain.education import Diploma, PriorEducation, Where
from app.domain.message import served
from app.domain.person import Address
from app.models import metadata
from tests.contract.described import DATA
from tests.unit.complete import KEPT, TODAY
from tests.unit.whole import HOME, PERSON, TYPED, WHOLE

with (DATA / "kept.csv").open(encoding="utf-8", newline="") as file:
    ROWS = {row["field"]: row for row in csv.DictReader(file)}
TERMS = {  # RET-1, RET-3
    "dossier": "a year after it was sent, and not before the start",
    "account": "a year after the last application; three months when empty",
    "draft": "until sent or thrown away; else with the account",
    "totals": "stays, once the person is gone, for the totals",
    "log": "two years; leads to nobody once the person is gone",
    "job": "until it is done",
    "session": "hours at most",
}
IN_DOCUMENTS = (Draft, Link, ByDuo)  # of draft and application; of draft; of student
OF_NOBODY = {  # tables about schools, and of the machinery
    *("catalogue", "catalogue_read", "catalogue_run", "provider", "programme", "programme_facts"),
    *("cohort", "cohort_facts", "place", "institution", "koppelpunt", "refused_link"),
    *("koppelpunt_provider", "sis_client", "sis_client_school", "sis_key"),
    *("search_place", "search_title", "search_word", "search_inner", "search_posting"),
    *("search_trace", "search_entry", "tester_clock"),
}
NEVER = (  # asked nor kept (WIZ-17, DUO-2)
    *("national", "nation", "ondersteun", "support", "gezond", "health", "medisch", "medical"),
    *("zorg", "religi", "geloof", "godsdienst", "etnic", "ethnic", "handicap", "disab"),
)
UNANSWERED = "extraOndersteuning"  # the coupling's, and always false


def classes(kind: Any, known: set[type]) -> set[type]:
    """The dataclasses that a field of this type may hold."""
    for part in (kind, *get_args(kind)):
        if is_dataclass(part) and part not in known:
            known.add(part)  # type: ignore[arg-type]
            for hint in get_type_hints(part).values():
                classes(hint, known)
        elif part is not kind:
            classes(part, known)
    return known


def kept_in_documents() -> set[str]:
    found: set[type] = set()
    for kind in IN_DOCUMENTS:
        classes(kind, found)
    return {f"{kind.__name__}.{f.name}" for kind in found for f in fields(kind)}


@pytest.mark.rule("RET-1")
def test_every_field_of_a_document_has_a_purpose_and_a_term() -> None:
    listed = {name for name in ROWS if name[0].isupper()}
    assert listed == kept_in_documents()


@pytest.mark.rule("RET-1")
def test_every_personal_column_has_a_purpose_and_a_term() -> None:
    listed = {name for name in ROWS if name[0].islower() and name.count(".") == 1}
    tables = {name.split(".")[0] for name in listed}
    columns = {f"{t.name}.{c.name}" for t in metadata.sorted_tables for c in t.columns}
    assert listed == {name for name in columns if name.split(".")[0] in tables}
    assert {table.name for table in metadata.sorted_tables} == tables | OF_NOBODY
    leads_to = {"student_id", "application_id", "draft_id", "document", "bsn_hash"}
    assert not [name for name in columns - listed if name.split(".")[1] in leads_to]


@pytest.mark.rule("RET-1")
def test_a_purpose_and_a_term_are_words() -> None:
    for name, row in ROWS.items():
        assert row["purpose"], name
        assert row["term"] in TERMS, name


@pytest.mark.rule("WIZ-17")
@pytest.mark.rule("DUO-2")
def test_nothing_is_kept_or_sent_that_nobody_may_ask() -> None:
    every = {*ROWS, *(path for one in BASES for path in flat(message_of(one)))}
    every.remove(f".{UNANSWERED}")
    assert [name for name in every if any(word in name.lower() for word in NEVER)] == []
    assert {message_of(one)[UNANSWERED] for one in BASES} == {False}


# --- published or withheld --------------------------------------------------------------------

BELGIAN = Address(country="5010", lines=("Rue du Pont 3", "1000 Bruxelles", "Brabant"))
TOLD = PriorEducation("Het Voorbeeld", where=Where.ABROAD, year=2026, diploma=Diploma.EXAM)
FIXED = "+31384567890"
BASES = (
    WHOLE,
    replace(
        WHOLE,
        person=Known(
            Outcome.FOUND,
            replace(PERSON, name_use="P", partner_prefix="el", partner_surname="Amrani"),
        ),
        contact=replace(WHOLE.contact, phone=FIXED),  # type: ignore[type-var]
    ),
    replace(
        WHOLE,
        person=Known(Outcome.FOUND, replace(PERSON, name_use="N", partner_surname="Amrani")),
        guardians=tuple(replace(g, phone="+31612345678") for g in WHOLE.guardians or ()),
    ),
    replace(WHOLE, person=Known(Outcome.FOUND, replace(PERSON, birth_date="20060300"))),
    replace(
        WHOLE,
        person=Known(Outcome.UNKNOWN),
        personal=TYPED,
        address=BELGIAN,
        picked=Picked(From.STUDENT),
        education=TOLD,
        key=Key("cohort", "slot"),
        joining=Joining("cohort", 2),
        start_day=StartDay("cohort", TODAY),
    ),
    replace(
        WHOLE,
        picked=Picked(From.STUDENT),
        education=replace(TOLD, programme="Kok", diploma=Diploma.NO),
        address=HOME,
    ),
)
OTHERWISE = {  # texts of a form of their own
    "birth_date": {"20060314": "20070415", "20060300": "20070400", "20000229": "20010301"},
    "country": {"5010": "7028", "6030": None},  # another kind of address is another thing
    "phone": {"+31612345678": "+31687654321", FIXED: "+31384567891"},
    "name_use": {"E": "E", "P": "N", "N": "P"},
    "sex": {"M": "V"},
}


def message_of(answers: Draft) -> dict[str, Any]:
    return served(Dossier(answers), KEPT)


def otherwise(name: str, value: Any) -> Any:
    """Another value of the same kind; None when there is none to try."""
    if name in OTHERWISE:
        return OTHERWISE[name][value]
    if isinstance(value, StrEnum):
        others = [other for other in type(value) if other is not value]
        return others[0]
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return f"x{value}"[:10]
    return tuple(f"x{item}" for item in value) if value else None


def variants(value: Any) -> Iterator[tuple[str, Any]]:
    """Each field's name, and `value` with only that field another; of all that is in it too."""
    for f in fields(value):
        held = getattr(value, f.name)
        if is_dataclass(held):
            inner = ((name, other) for name, other in variants(held))
        elif isinstance(held, tuple) and held and is_dataclass(held[0]):
            inner = ((name, (other, *held[1:])) for name, other in variants(held[0]))
        else:
            other = None if held is None else otherwise(f.name, held)
            inner = iter([(f"{type(value).__name__}.{f.name}", other)] if other is not None else [])
        for name, other in inner:
            yield name, replace(value, **{f.name: other})


def flat(data: Any, at: str = "") -> dict[str, Any]:
    """Every leaf of JSON by its path."""
    if not isinstance(data, dict | list) or not data:
        return {at: data}
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    return {k: v for name, value in pairs for k, v in flat(value, f"{at}.{name}").items()}


def changed(one: dict[str, Any], other: dict[str, Any]) -> set[str]:
    """The names of the leaves that differ."""
    a, b = flat(one), flat(other)
    return {path.rsplit(".", 1)[-1] for path in a.keys() | b.keys() if a.get(path) != b.get(path)}


@pytest.mark.rule("SIS-4")
def test_every_field_of_the_dossier_is_published_or_withheld_by_name() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for base in BASES:
        for name, other in variants(base):
            found[name] |= changed(message_of(base), message_of(other))
    listed = {name: set(ROWS[name]["sent"].split()) for name in found}
    assert dict(found) == listed
    holders = {"Known.person", "Person.address", "Picked.education", "Leerbedrijf.address"}
    holders |= {"PriorEducation.subjects", *(f"Draft.{f.name}" for f in fields(Draft))}
    of_dossier = classes(Draft, set())
    every = {f"{kind.__name__}.{f.name}" for kind in of_dossier for f in fields(kind)}
    untried = every - set(found) - holders
    assert {name for name in untried if ROWS[name]["sent"]} == set()


def test_every_leaf_of_the_message_is_of_the_dossier_or_of_the_sending() -> None:
    of_sending = {
        *("$type", "caKetenId", "ketenId", "type", "ingetrokken"),
        *("datumTijdIndienen", "bsn", "opTijd", "identificatieniveau", "identificatiemoment"),
        *("extraOndersteuning", "aanmeldingVoorEersteLeerjaar", "zelfOpgegeven", "vakken"),
    }
    leaves = {
        next(part for part in reversed(path.split(".")) if not part.isdecimal())
        for base in BASES
        for path in flat(message_of(base))
    }
    of_dossier = {name for row in ROWS.values() for name in row["sent"].split()}
    assert leaves == of_sending | of_dossier
    assert {n for longest in wire.LONGEST.values() for n in longest} <= of_sending | of_dossier
