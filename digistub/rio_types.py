"""The things that RIO's test service knows, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

MBO = "AANGEBODENMBOOPLEIDING"
VAVO = "AANGEBODENVAVOOPLEIDING"


@dataclass(frozen=True)
class School:
    brin: str
    name: str
    website: str  # host, which the portal allows; empty of a school that takes no part
    kind: str = "ROC"
    law: str = "WEB"  # what it is recognised by: mbo and vavo, or WVO


@dataclass(frozen=True)
class Provider:
    code: str
    brin: str
    name: str
    domain: str
    contexts: tuple[str, ...] = ("CENTRAAL_AANMELDEN_MBO", "ALGEMEEN")


@dataclass(frozen=True)
class Location:
    code: str
    street: str
    number: int
    postcode: str
    place: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Training:
    """An opleiding. `crebo` is an ILT code where it is vavo."""

    code: str
    name: str
    crebo: str
    level: int = 0  # 0: vavo


@dataclass(frozen=True)
class Offer:
    """An aangeboden opleiding. `cohorts` are names in COHORTS."""

    key: str
    provider: str
    location: str
    training: str
    leertraject: str  # empty: vavo
    name: str
    cohorts: tuple[str, ...]
    english: str = ""
    language: str = "NLD"
    months: int = 0
    about: str = ""
    restricted: bool = False  # toegankelijkheid SPEC
    requirements: bool = False  # toelatingseisen JA

    @cached_property
    def id(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"https://rio.example/{self.key}"))

    @property
    def kind(self) -> str:
        return MBO if self.leertraject else VAVO


@dataclass(frozen=True)
class Cohort:
    """An intake at the next school year. Days are counted from the day asked; a window never
    ends after the start, but for a higher year, which has begun."""

    opens: int
    closes: int | None
    status: str = "O"
    year: int = 1  # leerjaar that one steps into: 2 and 3 began one and two school years ago
    february: bool = False
    flexible: bool = False
    permission: str = ""
    places: int = 0
    access_code: str = ""
    form: str = ""  # opleidingsvorm

    def start(self, today: date) -> date:
        if self.year > 1:
            return date(today.year - (today.month < 8) - (self.year - 1), 8, 1)
        august = school_year(today)
        return date(august.year + 1, 2, 1) if self.february else august


class Rows(NamedTuple):
    """A whole catalogue."""

    schools: tuple[School, ...]
    providers: tuple[Provider, ...]
    locations: tuple[Location, ...]
    trainings: tuple[Training, ...]
    offers: tuple[Offer, ...]

    def with_(self, other: Rows) -> Rows:
        """Both, side by side."""
        return Rows(
            self.schools + other.schools,
            self.providers + other.providers,
            self.locations + other.locations,
            self.trainings + other.trainings,
            self.offers + other.offers,
        )


def school_year(today: date) -> date:
    """1 August of the school year that somebody who applies today starts in."""
    return date(today.year + (today.month >= 7), 8, 1)
