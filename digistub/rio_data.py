"""A small catalogue for RIO's test service: three invented schools with every kind of programme.

Windows and starts follow from the day asked, so that the catalogue never ages; ids are the
same on every day and on every machine.
"""

from __future__ import annotations

from digistub.rio_cohorts import LONG_NAME
from digistub.rio_schools import PROVIDERS, TRAININGS
from digistub.rio_types import Offer

# An onderwijsaanbieder and one of its locations.
TECHNIEK_ZWOLLE = ("991A001", "991X001")
TECHNIEK_DEVENTER = ("991A001", "991X002")
ZORG_ZWOLLE = ("991A002", "991X001")
ZORG_DEVENTER = ("991A002", "991X002")
ATELIER = ("911A001", "911X001")
AVENTIJN = ("921A001", "921X001")

OFFERS = (
    Offer(
        "kok-bol-zwolle",
        *TECHNIEK_ZWOLLE,
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
        *TECHNIEK_DEVENTER,
        "1001O0001",
        "BOL",
        "Kok in het restaurant",
        ("vast", "later"),
        english="Cook",
        months=24,
    ),
    Offer(
        "kok-bbl-zwolle",
        *TECHNIEK_ZWOLLE,
        "1001O0001",
        "BBL",
        "Kok in het restaurant",
        ("flexibel",),
        english="Cook",
        months=24,
    ),
    Offer(
        "software-bol",
        *TECHNIEK_ZWOLLE,
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
        *ZORG_ZWOLLE,
        "1001O0003",
        "BOL",
        "",
        ("vast", "toestemming"),
        months=48,
    ),
    Offer(
        "helpende-ex",
        *ZORG_DEVENTER,
        "1001O0004",
        "EX",
        "Helpende zorg en welzijn, alleen examen",
        ("flexibel",),
    ),
    Offer(
        "kinderopvang-bbl",
        *ZORG_DEVENTER,
        "1001O0005",
        "BBL",
        "Werken in de kinderopvang",
        ("later",),
        months=36,
    ),
    Offer(
        "timmerman-bbl",
        *ATELIER,
        "1001O0006",
        "BBL",
        "Timmeren aan je toekomst",
        ("flexibel", "vast"),
        months=24,
    ),
    Offer(
        "media-bol", *ATELIER, "1001O0007", "BOL", "Mediavormgeving en design", ("vast",), months=36
    ),
    Offer("media-odt", *ATELIER, "1001O0007", "ODT", "Losse cursus mediavormgeven", ("vast",)),
    Offer(
        "office-bol",
        *AVENTIJN,
        "1001O0008",
        "BOL",
        "Office en management",
        ("voorbij", "dicht"),
        months=36,
    ),
    Offer("havo-vavo", *AVENTIJN, "1001O0009", "", "Havo voor volwassenen", ("vast",), months=12),
    Offer(
        "helpende-bol",
        *ZORG_ZWOLLE,
        "1001O0004",
        "BOL",
        "Helpende zorg en welzijn",
        ("online", "dicht"),
        months=24,
    ),
    Offer(
        "verzorgende-bbl",
        *ZORG_ZWOLLE,
        "1001O0010",
        "BBL",
        "Verzorgende-IG voor zij-instromers",
        ("met-code",),
        months=36,
        restricted=True,
    ),
    Offer(
        "dokters-bol",
        *ZORG_DEVENTER,
        "1001O0011",
        "BOL",
        "Doktersassistent",
        ("code-voor-iedereen",),
        months=36,
    ),
    Offer(
        "onderwijs-bol",
        *ZORG_ZWOLLE,
        "1001O0024",
        "BOL",
        "Onderwijsassistent na je stage",
        ("vast",),
        months=36,
        restricted=True,
    ),
    Offer(
        "entree-bol",
        *TECHNIEK_DEVENTER,
        "1001O0012",
        "BOL",
        "Entree: aan het werk in de dienstverlening",
        ("vast", "februari"),
        months=12,
    ),
    Offer(
        "entree-bbl",
        *TECHNIEK_DEVENTER,
        "1001O0013",
        "BBL",
        "Entree in de horeca",
        ("zonder-einde",),
        months=12,
    ),
    Offer(
        "gastheer-ovo",
        *TECHNIEK_DEVENTER,
        "1001O0014",
        "OVO",
        "Gastheer of gastvrouw",
        ("flexibel",),
    ),
    Offer(
        "ict-bol",
        *TECHNIEK_ZWOLLE,
        "1001O0015",
        "BOL",
        "ICT-beheer en netwerken",
        ("vast", "tweede-jaar", "derde-jaar"),
        months=48,
    ),
    Offer(
        "ict-medewerker",
        *TECHNIEK_ZWOLLE,
        "1001O0016",
        "BOL",
        "Medewerker ICT",
        ("twee-plaatsen",),
        months=24,
    ),
    Offer(
        "software-bbl",
        *TECHNIEK_ZWOLLE,
        "1001O0002",
        "BBL",
        "Software developer",
        (LONG_NAME, "tweede-jaar"),
        months=36,
    ),
    Offer(
        "auto-bbl",
        *TECHNIEK_DEVENTER,
        "1001O0017",
        "BBL",
        "Allround autotechnicus",
        ("flexibel", "tweede-jaar"),
        months=36,
    ),
    Offer(
        "beveiliger-bol",
        *TECHNIEK_ZWOLLE,
        "1001O0018",
        "BOL",
        "Beveiliger",
        ("vast",),
        months=24,
        requirements=True,
        about="Je hebt een betrouwbaarheidsonderzoek van de politie nodig.",
    ),
    Offer(
        "kapper-bol",
        *ATELIER,
        "1001O0019",
        "BOL",
        "Kapper en haarstylist",
        ("vast", "februari"),
        months=36,
    ),
    Offer(
        "bloem-bol",
        *ATELIER,
        "1001O0020",
        "BOL",
        'Bloem & groen: «Crème de la crème» <b>van Zoë</b> en "Jürgen"',
        ("vast",),
        months=36,
        english="Flowers & <i>styling</i>",
    ),
    Offer("timmerman-bol", *ATELIER, "1001O0006", "BOL", "", ("later",), months=24),
    Offer(
        "sport-bol",
        *AVENTIJN,
        "1001O0021",
        "BOL",
        "Sport- en bewegingsleider",
        ("zonder-einde",),
        months=36,
    ),
    Offer("retail-bbl", *AVENTIJN, "1001O0022", "BBL", "Werken in een winkel", (), months=24),
    Offer(
        "verpleeg-bbl",
        *AVENTIJN,
        "1001O0003",
        "BBL",
        "Verpleegkundige in het ziekenhuis",
        ("toestemming", LONG_NAME),
        months=48,
    ),
    Offer("vwo-vavo", *AVENTIJN, "1001O0023", "", "", ("vast", "februari"), months=24),
)


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
