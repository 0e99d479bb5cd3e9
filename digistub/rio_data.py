"""A small catalogue for RIO's test service: three invented schools with real crebo's.

Windows and starts follow from the day asked, so that the catalogue never ages; ids are the
same on every day and on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

MBO = "AANGEBODENMBOOPLEIDING"
VAVO = "AANGEBODENVAVOOPLEIDING"


@dataclass(frozen=True)
class School:
    brin: str
    name: str
    website: str  # host, which the portal allows
    kind: str = "ROC"


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

    @property
    def id(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"https://rio.example/{self.key}"))


@dataclass(frozen=True)
class Cohort:
    """An intake at the next school year. Days are counted from the day asked; a window never
    ends after the start."""

    opens: int
    closes: int | None
    status: str = "O"
    flexible: bool = False
    permission: str = ""
    places: int = 0


SCHOOLS = (
    School("91XX", "Vakcollege Het Atelier", "www.atelier.example", "VAK"),
    School("92XX", "Aventijn College", "www.aventijn.example"),
    School("99XX", "ROC De Horizon", "www.school.example"),
)
PROVIDERS = (
    Provider("991A001", "99XX", "ROC De Horizon Techniek en Horeca", "roc.example"),
    Provider("991A002", "99XX", "ROC De Horizon Zorg en Welzijn", "zorg.roc.example"),
    Provider("911A001", "91XX", "Vakcollege Het Atelier", "atelier.example"),
    Provider("921A001", "92XX", "Aventijn College", "aventijn.example", ("ALGEMEEN",)),
)
LOCATIONS = (
    Location("991X001", "Horizonplein", 1, "8011ZX", "Zwolle", 52.51, 6.09),
    Location("991X002", "Kookstraat", 24, "7411ZX", "Deventer", 52.25, 6.16),
    Location("911X001", "Atelierweg", 3, "6811ZX", "Arnhem", 51.98, 5.91),
    Location("921X001", "Aventijnlaan", 100, "3511ZX", "Utrecht", 52.09, 5.12),
)
TRAININGS = (
    Training("1001O0001", "Kok", "25180", 2),
    Training("1001O0002", "Software developer", "25998", 4),
    Training("1001O0003", "Mbo-Verpleegkundige", "25655", 4),
    Training("1001O0004", "Helpende zorg en welzijn", "25960", 2),
    Training("1001O0005", "Pedagogisch medewerker kinderopvang", "25696", 3),
    Training("1001O0006", "Timmerman", "25829", 2),
    Training("1001O0007", "Mediavormgever", "25633", 4),
    Training("1001O0008", "Office & Management Support Specialist", "25728", 4),
    Training("1001O0009", "Havo", "0511"),
)
COHORTS = MappingProxyType(
    {
        "vast": Cohort(opens=-60, closes=90),
        "flexibel": Cohort(opens=-30, closes=120, flexible=True),
        "later": Cohort(opens=30, closes=150),
        "dicht": Cohort(opens=-60, closes=60, status="G"),
        "voorbij": Cohort(opens=-200, closes=-10),
        "zonder-einde": Cohort(opens=-60, closes=None, places=24),
        "toestemming": Cohort(
            opens=-60,
            closes=90,
            permission="Voor deze opleiding voeren we eerst een gesprek met je. "
            "Bel ons voordat je je aanmeldt.",
        ),
    }
)
OFFERS = (
    Offer(
        "kok-bol-zwolle",
        "991A001",
        "991X001",
        "1001O0001",
        "BOL",
        "Kok in het restaurant",
        ("vast", "dicht", "voorbij"),
        english="Cook",
        months=24,
        about="Je leert koken in een echte keuken, met gasten aan tafel.",
    ),
    Offer(
        "kok-bol-deventer",
        "991A001",
        "991X002",
        "1001O0001",
        "BOL",
        "Kok in het restaurant",
        ("vast", "later"),
        english="Cook",
        months=24,
    ),
    Offer(
        "kok-bbl-zwolle",
        "991A001",
        "991X001",
        "1001O0001",
        "BBL",
        "Kok in het restaurant",
        ("flexibel",),
        english="Cook",
        months=24,
    ),
    Offer(
        "software-bol",
        "991A001",
        "991X001",
        "1001O0002",
        "BOL",
        "Software developer (English)",
        ("zonder-einde",),
        english="Software developer",
        language="ENG",
        months=36,
        about="Classes are in English.",
    ),
    Offer(
        "verpleegkundige-bol",
        "991A002",
        "991X001",
        "1001O0003",
        "BOL",
        "",
        ("vast", "toestemming"),
        months=48,
    ),
    Offer(
        "helpende-ex",
        "991A002",
        "991X002",
        "1001O0004",
        "EX",
        "Helpende zorg en welzijn, alleen examen",
        ("flexibel",),
    ),
    Offer(
        "kinderopvang-bbl",
        "991A002",
        "991X002",
        "1001O0005",
        "BBL",
        "Werken in de kinderopvang",
        ("later",),
        months=36,
    ),
    Offer(
        "timmerman-bbl",
        "911A001",
        "911X001",
        "1001O0006",
        "BBL",
        "Timmeren aan je toekomst",
        ("flexibel", "vast"),
        months=24,
    ),
    Offer(
        "media-bol",
        "911A001",
        "911X001",
        "1001O0007",
        "BOL",
        "Mediavormgeving en design",
        ("vast",),
        months=36,
    ),
    Offer(
        "media-odt",
        "911A001",
        "911X001",
        "1001O0007",
        "ODT",
        "Losse cursus mediavormgeven",
        ("vast",),
    ),
    Offer(
        "office-bol",
        "921A001",
        "921X001",
        "1001O0008",
        "BOL",
        "Office en management",
        ("voorbij", "dicht"),
        months=36,
    ),
    Offer(
        "havo-vavo",
        "921A001",
        "921X001",
        "1001O0009",
        "",
        "Havo voor volwassenen",
        ("vast",),
        months=12,
    ),
)


def school_year(today: date) -> date:
    """1 August of the school year that somebody who applies today starts in."""
    return date(today.year + (today.month >= 7), 8, 1)


def deeplinks() -> dict[str, dict[str, str]]:
    """By BRIN: the id and a name of each programme the portal offers."""
    names = {training.code: training.name for training in TRAININGS}
    brins = {provider.code: provider.brin for provider in PROVIDERS}
    links: dict[str, dict[str, str]] = {}
    for offer in OFFERS:
        if offer.leertraject != "ODT":
            name = offer.name or names[offer.training]
            links.setdefault(brins[offer.provider], {})[offer.id] = name
    return links
