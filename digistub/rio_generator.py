"""As much catalogue as RIO really has: schools with names that exist, all the rest invented.

Qualifications have their real crebo where we know it; those from 28001 on are ours. The same
arguments give the same rows, on every machine.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

from digistub.rio_cohorts import COHORTS
from digistub.rio_types import Location, Offer, Provider, Rows, School, Training

FOLDER = Path(__file__).parent
FIRST = 200  # of the codes of schools
STREETS = (
    *("Stationsplein", "Schoolstraat", "Wilhelminalaan", "Europaweg", "Campuslaan", "Parkweg"),
    *("Vondellaan", "Kennedylaan", "Marktplein", "Industrieweg", "Spoorstraat", "Zuiderpark"),
)
SECTORS = ("Techniek en ICT", "Zorg en Welzijn", "Economie en Ondernemen")
WAYS = ("avondopleiding", "versneld", "voor zij-instromers", "in de praktijk", "voor volwassenen")
MONTHS = {0: 12, 1: 12, 2: 24, 3: 36, 4: 36}
MOST_PLACES = 4  # locations of one training at one school
# One in so many is written in English, or is not quite like the others.
ENGLISH, RESTRICTED, REQUIREMENTS = 60, 150, 12


class _School(NamedTuple):
    school: School
    providers: tuple[Provider, ...]
    locations: tuple[Location, ...]
    trainings: list[tuple[Training, list[str], str]]  # with names of its own, and its sector
    size: int


def generated(programmes: int = 10_000, cohorts: int = 20_000, seed: int = 1) -> Rows:
    """Raises ValueError when there can't be as many programmes."""
    random = Random(seed)
    known = list(_trainings())
    schools = [_school(row, known, random) for row in enumerate(table("mbo_scholen"))]
    offers = list(itertools.islice(_in_turn(schools, random), programmes))
    if len(offers) < programmes:
        raise ValueError(f"at most {len(offers)} programmes")
    return Rows(
        tuple(row.school for row in schools),
        tuple(provider for row in schools for provider in row.providers),
        tuple(location for row in schools for location in row.locations),
        tuple(training for training, *_ in known),
        tuple(_with_cohorts(offers, cohorts, random)),
    )


def table(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _trainings() -> Iterator[tuple[Training, list[str], str]]:
    for number, row in enumerate(table("mbo_opleidingen"), 1):
        code = f"2001O{number:04d}"
        names = [name for name in row["eigen_namen"].split(";") if name]
        training = Training(code, row["naam"], row["crebo"], int(row["niveau"]))
        yield training, names, f"{row['sector']}{row['kern']}"


def _school(
    numbered: tuple[int, dict[str, str]],
    known: list[tuple[Training, list[str], str]],
    random: Random,
) -> _School:
    number, row = numbered
    brin = f"{20 + number // 20}{chr(65 + number % 20)}G"
    host = re.sub(r"[^a-z0-9]+", "-", row["naam"].lower()).strip("-") + ".example"
    size = int(row["omvang"])
    units = SECTORS[: max(1, size - 1)]
    providers = tuple(
        Provider(
            f"{FIRST + number}A{n:03d}",
            brin,
            f"{row['naam']} {unit}" if len(units) > 1 else row["naam"],
            host,
            ("ALGEMEEN",) if number % 15 == 14 else ("CENTRAAL_AANMELDEN_MBO", "ALGEMEEN"),
        )
        for n, unit in enumerate(units, 1)
    )
    sectors = set(row["sectoren"].split(";")) if row["sectoren"] else None
    taught = [item for item in known if _taught(item[2], sectors, row["soort"])]
    core = [item for item in taught if item[2].endswith("ja")]
    others = [item for item in taught if not item[2].endswith("ja")]
    random.shuffle(others)
    school = School(brin, row["naam"], f"www.{host}", row["soort"])
    return _School(school, providers, _locations(number, row, random), core + others, size)


def _taught(sector: str, sectors: set[str] | None, kind: str) -> bool:
    name = sector.removesuffix("ja")
    return name in sectors if sectors else kind == "ROC" and name != "groen"


def _locations(number: int, row: dict[str, str], random: Random) -> tuple[Location, ...]:
    places = {place["plaats"]: place for place in table("mbo_plaatsen")}
    towns = row["plaatsen"].split(";")
    count = max(len(towns), int(row["omvang"]) + 1)
    locations = []
    for n, town in enumerate(itertools.islice(itertools.cycle(towns), count), 1):
        place = places[town]
        letters = "".join(random.choices("ABCDEGHJKLMNPRTVWXZ", k=2))
        locations.append(
            Location(
                f"{FIRST + number}X{n:03d}",
                random.choice(STREETS),
                random.randint(1, 400),
                place["postcode"] + letters,
                town,
                float(place["breedte"]),
                float(place["lengte"]),
            )
        )
    return tuple(locations)


def _in_turn(schools: list[_School], random: Random) -> Iterator[Offer]:
    """From every school some, from a big one more at a time, until there are none left."""
    left = [(row.size, _offers(row, Random(random.random()))) for row in schools]
    while left:
        for turn in tuple(left):
            some = list(itertools.islice(turn[1], turn[0]))
            yield from some
            if len(some) < turn[0]:
                left.remove(turn)


def _offers(row: _School, random: Random) -> Iterator[Offer]:
    """What people come for first (the core) at all schools that teach it."""
    for training, names, _sector in row.trainings:
        provider = row.providers[int(training.code[-4:]) % len(row.providers)].code
        places = random.sample(row.locations, min(len(row.locations), MOST_PLACES))
        # The first of its own names is what people look for; a big school uses that one.
        name = names[0] if names and row.size > 3 else random.choice([training.name, *names, ""])
        for nth, location in enumerate(places[: random.randint(1, MOST_PLACES)]):
            ways = ("",) if not training.level else _ways(training.level, random)
            for way in ways:
                odd = f"{name or training.name}, {random.choice(WAYS)}"
                yield Offer(
                    f"{row.school.brin}-{training.crebo}-{way or 'VAVO'}-{nth + 1}",
                    provider,
                    location.code,
                    training.code,
                    way,
                    odd if random.randrange(10) == 0 else name,
                    (),
                    language="ENG" if way and random.randrange(ENGLISH) == 0 else "NLD",
                    months=MONTHS[training.level],
                    about=f"Je leert het vak van {training.name} in {location.place}.",
                    restricted=random.randrange(RESTRICTED) == 0,
                    requirements=random.randrange(REQUIREMENTS) == 0,
                )


def _ways(level: int, random: Random) -> tuple[str, ...]:
    draw = random.random()
    if draw < 0.02:
        return ("BOL", "BBL", random.choice(("EX", "OVO", "ODT")))
    if draw < 0.5:
        return ("BOL", "BBL")
    return ("BOL",) if random.random() < (0.7 if level != 2 else 0.4) else ("BBL",)


def _with_cohorts(offers: list[Offer], cohorts: int, random: Random) -> Iterator[Offer]:
    """So many in all: some programmes have none, some have five."""
    if cohorts > len(offers) * len(COHORTS):
        raise ValueError(f"at most {len(COHORTS)} cohorts a programme")
    counts = [0] * len(offers)
    for _ in range(cohorts):
        at = random.randrange(len(offers))
        while counts[at] == len(COHORTS):
            at = (at + 1) % len(offers)
        counts[at] += 1
    for offer, count in zip(offers, counts, strict=True):
        names = list(COHORTS)
        random.shuffle(names)
        if random.random() < 0.6:
            names.remove("vast")
            names.insert(0, "vast")
        yield replace(offer, cohorts=tuple(names[:count]))
