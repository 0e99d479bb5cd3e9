"""Ten thousand plausible programmes straight into the tables, to search in.

Deterministic, and independent of what the synchronisation and the test service do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import md5
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, delete, insert

from app.models import (
    FOREVER,
    catalogue,
    cohort,
    cohort_facts,
    institution,
    koppelpunt,
    place,
    programme,
    programme_facts,
    provider,
)
from app.services import search_index
from tests.programmes_data import LATER_KOPPELPUNT, NO_KOPPELPUNT, SCHOOLS, TRAININGS, WHITELIST

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
TODAY = date(2026, 1, 15)
EDITION = 7
PROGRAMMES = 10_000

TAILS = ("", "", "", "", " (niveau {level})", " verkort", " voor volwassenen", " in de praktijk")
HIDDEN: dict[int, dict[str, Any]] = {  # of a programme: why it can't be found
    1: {"active": False},
    2: {"leertraject": "ODT"},
    3: {"closes": TODAY - timedelta(days=1), "opens": TODAY - timedelta(days=60)},
    4: {"edition": EDITION - 3, "until": EDITION},
    5: {"edition": EDITION + 1},
    6: {"opens": None, "closes": None},
}


def brin(school: int) -> str:
    return f"{20 + school // 26}{chr(65 + school % 26)}X"


def group_key(brin: str, name: str) -> str:
    return md5(f"{brin} {name}".encode(), usedforsecurity=False).hexdigest()


@cache
def facts(count: int = PROGRAMMES, seed: int = 1) -> tuple[Mapping[str, Any], ...]:
    """Rows of programme_facts, with `hidden` where the row itself can't be offered."""
    return tuple(_facts(count, Random(seed)))


def _facts(count: int, random: Random) -> Iterator[dict[str, Any]]:
    number = 0
    while True:
        for school, (school_name, places, _) in enumerate(SCHOOLS):
            crebo, official, level, english, *own = random.choice(TRAININGS)
            name = random.choice([*own, official]) + random.choice(TAILS).format(level=level)
            towns = places.split(",")
            for town in random.sample(towns, random.randint(1, len(towns))):
                for leertraject in random.choice((("BOL",), ("BBL",), ("BOL", "BBL"))):
                    number += 1
                    opens = TODAY + timedelta(days=random.choice((-100, -20, -5, 0, 30, 90)))
                    closes = max(opens, TODAY) + timedelta(days=random.choice((0, 30, 200)))
                    hidden = number % 23 if number % 23 in HIDDEN else 0
                    yield {
                        "id": number,
                        "programme_id": str(uuid5(NAMESPACE_URL, f"programme {number}")),
                        "edition": EDITION - random.randint(0, 3),
                        "until": random.choice((FOREVER, FOREVER, FOREVER, EDITION + 1)),
                        "read_at": NOW,
                        "digest": f"{number}",
                        "active": True,
                        "provider_code": code(brin(school)),
                        "brin": brin(school),
                        "name": name,
                        "name_english": english,
                        "official_name": official,
                        "group_key": group_key(brin(school), name),
                        "crebo": crebo,
                        "level": int(level),
                        "leertraject": leertraject,
                        "restricted": False,
                        "requirements": False,
                        "place": town,
                        "street": "Stationsplein 1",
                        "language": "NLD",
                        "website": "",
                        "description": f"Leer {name} bij {school_name}. " * 8,
                        "duration": "24",
                        "opens": opens,
                        "closes": closes,
                        **HIDDEN.get(hidden, {}),
                    }
                    if number == count:
                        return


def fill(connection: Connection, count: int = PROGRAMMES) -> None:
    """Everything that search looks at."""
    rows = facts(count)
    for number, (name, _, aliases) in enumerate(SCHOOLS):
        connection.execute(insert(institution), _institution(number, name, aliases))
        if name != NO_KOPPELPUNT:
            connection.execute(insert(koppelpunt), _koppelpunt(number, name))
        connection.execute(insert(provider), _provider(number, name))
    connection.execute(insert(programme), [_programme(row) for row in rows])
    connection.execute(insert(programme_facts), [columns(row) for row in rows])
    cohorts = [part for row in rows if row["opens"] for part in _cohorts(row)]
    keys = ("id", "programme_id", "code")
    connection.execute(insert(cohort), [{key: part.pop(key) for key in keys} for part in cohorts])
    connection.execute(insert(cohort_facts), cohorts)
    taken = [part["cohort_id"] for part in cohorts if full(part["facts_id"])]
    connection.execute(insert(place), [{"cohort_id": i, "maximum": 1, "taken": 1} for i in taken])
    connection.execute(delete(catalogue))
    connection.execute(insert(catalogue), {"id": 1, "edition": EDITION, "changes": EDITION})
    for at in range(0, count, 100):
        search_index.add(connection, map(offered, rows[at : at + 100]))


def columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """Of programme_facts."""
    return {name: value for name, value in row.items() if name not in ("opens", "closes")}


def offered(row: Mapping[str, Any]) -> dict[str, Any]:
    """As the search index takes it."""
    return {**row, "windows": [(row["opens"], row["closes"])] if row["opens"] else []}


def full(number: int) -> bool:
    """Whether every place of this programme is taken."""
    return number % 5 == 3


def _cohorts(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One that takes applications as long as the programme does, and one that is closed."""
    for which, is_open in (("a", True), ("b", False)):
        key = str(uuid5(NAMESPACE_URL, f"cohort {row['id']} {which}"))
        yield {
            **{"id": key, "programme_id": row["programme_id"], "code": which},
            **{"facts_id": row["id"], "cohort_id": key, "open": is_open},
            "apply_from": row["opens"] if is_open else TODAY - timedelta(days=9),
            "apply_until": row["closes"],
            **{"permission_required": False, "permission_note": "", "access_code": ""},
        }


def code(brin: str) -> str:
    return f"{brin[:3]}A001"


def _institution(number: int, name: str, aliases: tuple[str, ...]) -> dict[str, Any]:
    return {
        "brin": brin(number),
        "name": name,
        "domains": [],
        "aliases": list(aliases),
        "whitelist": name == WHITELIST,
    }


def _koppelpunt(number: int, name: str) -> dict[str, Any]:
    later = timedelta(days=1 if name == LATER_KOPPELPUNT else -100)
    return {
        "code": f"kp{number}",
        "code_key": f"kp{number}",
        "uuid": str(uuid5(NAMESPACE_URL, f"kp{number}")),
        "brin": brin(number),
        "active_from": NOW + later,
    }


def _provider(number: int, name: str) -> dict[str, Any]:
    empty = dict.fromkeys(("email", "phone", "website", "contact_context", "digest"), "")
    unit = f"{name} Techniek en Zorg" if number % 3 else name
    return {"code": code(brin(number)), "brin": brin(number), "name": unit, "active": True} | empty


def _programme(row: Mapping[str, Any]) -> dict[str, Any]:
    """The school with a whitelist has ticked every other programme."""
    return {
        "id": row["programme_id"],
        "provider_code": code(row["brin"]),
        "whitelisted": row["id"] % 2 == 0,
    }
