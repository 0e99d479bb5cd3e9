"""As many leerbedrijven as SBB really has, all invented, for crebos of the generated catalogue.

The same arguments give the same rows, on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from digistub.rio_generator import table
from digistub.sbb_data import Accreditation, Company

FIRST = 200_000_000  # of the ids
STREETS = ("Stationsweg", "Dorpsstraat", "Industrieweg", "Kerkstraat", "Marktplein", "Havenkade")
KINDS = {  # what companies of a sector are called
    "zorg": ("Zorggroep", "Thuiszorg", "Ziekenhuis", "Apotheek", "Tandartspraktijk", "Zorghuis"),
    "horeca": ("Restaurant", "Bakkerij", "Hotel", "Eetcafé", "Bistro", "Brasserie", "Catering"),
    "bouw": ("Bouwbedrijf", "Timmerbedrijf", "Aannemer", "Schildersbedrijf", "Metselbedrijf"),
    "techniek": ("Installatiebedrijf", "Garage", "Machinefabriek", "Elektro", "Autobedrijf"),
    "ict": ("Softwarehuis", "Webbureau", "Netwerkbedrijf", "Datacenter"),
    "groen": ("Hoveniersbedrijf", "Boerderij", "Dierenkliniek", "Kwekerij", "Bloemist"),
    "": ("Winkel", "Kantoor", "Supermarkt", "Salon", "Handelsonderneming", "Sportcentrum"),
}
FAMILIES = (
    *("Jansen", "De Vries", "Van den Berg", "Bakker", "Visser", "Smit", "Meijer", "De Boer"),
    *("Mulder", "De Groot", "Bos", "Vos", "Peters", "Hendriks", "Van Dijk", "Dekker", "Brouwer"),
    *("De Wit", "Dijkstra", "Yılmaz", "Kaya", "El Amrani", "Nguyễn", "Kowalski", "Öztürk"),
    *("Van 't Hof", "Zwart", "Koning", "Schouten", "Prins", "Huisman", "Postma", "Veenstra"),
)
ADDITIONS = ("", "", "", " en Zonen", " & Co", " B.V.", " Holding B.V.", " Noord", " Centrum")
MOST_CREBOS = 5  # of one company
ENDED = 40  # one in so many accreditations is over


def generated(companies: int, seed: int = 1) -> Iterator[Company]:
    random = Random(seed)
    places = [(row["plaats"], row["postcode"]) for row in table("mbo_plaatsen")]
    crebos: dict[str, list[str]] = {}
    for row in table("mbo_opleidingen"):
        if row["niveau"] != "0":
            sector = row["sector"] if row["sector"] in KINDS else ""
            crebos.setdefault(sector, []).append(row["crebo"])
    sectors = list(crebos)
    for number in range(companies):
        sector = random.choice(sectors)
        kind, family, more = map(random.choice, (KINDS[sector], FAMILIES, ADDITIONS))
        place, postcode = random.choice(places)
        taught = random.sample(crebos[sector], k=random.randint(1, MOST_CREBOS))
        yield Company(
            str(FIRST + number),
            f"{kind} {family}{more}",
            random.choice(STREETS),
            str(random.randint(1, 300)),
            f"{postcode}{''.join(random.choices('ABCDEGHJKLMNPRTVWXZ', k=2))}",
            place,
            tuple(_accreditation(crebo, random) for crebo in taught),
        )


def _accreditation(crebo: str, random: Random) -> Accreditation:
    ends = -random.randint(1, 900) if random.randrange(ENDED) == 0 else None
    return Accreditation(crebo, -random.randint(1000, 6000), ends)
