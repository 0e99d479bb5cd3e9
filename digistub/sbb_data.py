"""Some sixty invented leerbedrijven for SBB's test service, one for every state that there is.

Begins and ends are days counted from today, so that a company never leaves its state.
"""

from __future__ import annotations

from typing import NamedTuple

KOK, GASTHEER, TIMMERMAN, SOFTWARE = "25180", "25168", "25829", "25998"
VERPLEEG, HELPENDE, VERZORGENDE, KINDEROPVANG = "25655", "25960", "25656", "25696"
AUTO, ENTREE_HORECA, ALLROUND_TIMMERMAN, SYSTEM = "25669", "25742", "25828", "27016"
# What counts as the same for a crebo. Invented, as far as we know.
EQUIVALENT = {TIMMERMAN: (ALLROUND_TIMMERMAN,), SOFTWARE: (SYSTEM,)}
LONG_AGO = -2000
LATER = 1200  # after any first day that a student can choose now
NETHERLANDS, GERMANY = ("6030", "Nederland"), ("9089", "Duitsland")


class Accreditation(NamedTuple):
    crebo: str
    begins: int = LONG_AGO  # days from today
    ends: int | None = None  # the last day; None: no end


class Company(NamedTuple):
    id: str  # nine digits
    name: str
    street: str
    number: str
    postcode: str
    place: str
    accreditations: tuple[Accreditation, ...]
    country: tuple[str, str] = NETHERLANDS  # BRP's code and name
    lapsed: bool = False  # found in a search, but expired for who asks about it


POSTCODES = {
    "Zwolle": "8011",
    "Deventer": "7411",
    "Arnhem": "6811",
    "Utrecht": "3511",
    "Apeldoorn": "7311",
    "Meppel": "7941",
    "Kampen": "8261",
    "Hardenberg": "7772",
    "Zutphen": "7201",
    "Amersfoort": "3811",
    "Nijmegen": "6511",
    "'s-Hertogenbosch": "5211",
}
SAME_NAME = "Eetcafé De Hoek"
LONG_NAME = (
    "Coöperatieve Vereniging voor Ambachtelijke Gastvrijheid, Streekgebonden Maaltijdverzorging, "
    "Koken op Locatie en Opleiden van Jonge Vakmensen in de Regio IJssel-Vecht en de Noord-Veluwe"
)
STRANGE_NAME = 'Crème & <b>Brûlée</b> «Zoë\'s Çatering» "Łódź"'
EXPIRED, NOT_YET, OTHER_CREBO = "Grand Café Gisteren", "Restaurant Overmorgen", "Timmerfabriek Tij"
ABROAD, LAPSED, EQUIVALENTLY = "Gasthof zum Rhein", "Brasserie Net Te Laat", "Bouwbedrijf Evenveel"
ONLY_ONE = "Garage De Enige"

NORMAL = (  # name, street and number, place, crebos
    ("Bakkerij en lunchroom Het Stoepje", "Melkmarkt 12", "Zwolle", (KOK, GASTHEER)),
    ("Bakkerij en lunchroom Korenbloem", "Brink 3", "Deventer", (KOK, GASTHEER)),
    ("Restaurant De Gouden Pollepel", "Sassenstraat 41", "Zwolle", (KOK, GASTHEER)),
    ("Restaurant De Librije van Jan", "Spinhuisplein 2", "Zwolle", (KOK,)),
    ("Restaurant Aan de IJssel", "IJsselkade 8", "Kampen", (KOK, GASTHEER)),
    ("Bistro Peper en Zout", "Korenmarkt 17", "Arnhem", (KOK,)),
    ("Bistro Op de Brink", "Brink 55", "Deventer", (KOK, GASTHEER)),
    ("Hotel Het Witte Paard", "Hoofdstraat 90", "Apeldoorn", (KOK, GASTHEER)),
    ("Hotel De Reestlandhoeve", "Dijkstraat 4", "Meppel", (KOK,)),
    ("Zorgkeuken De Vijverhof", "Vijverlaan 21", "Hardenberg", (KOK,)),
    ("Zorgkeuken Het Weideland", "Weidepad 6", "Zutphen", (KOK,)),
    ("Cateraar Smaakmakers", "Nijverheidsweg 33", "Amersfoort", (KOK,)),
    ("Cateraar Tafel van Tien", "Havenweg 10", "Utrecht", (KOK,)),
    ("Eetcafé 't Pleintje", "Oude Vismarkt 7", "Zwolle", (KOK, GASTHEER)),
    ("Eetcafé De Waag", "Waagplein 1", "Nijmegen", (KOK, GASTHEER)),
    ("Pannenkoekenhuis De Molen", "Molenweg 18", "Hardenberg", (KOK,)),
    ("Pizzeria Da Noë", "Marktstraat 29", "Meppel", (KOK,)),
    ("Brasserie Kanaalzicht", "Kanaal Zuid 77", "Apeldoorn", (KOK,)),
    ("Bossche Keuken", "Hinthamerstraat 101", "'s-Hertogenbosch", (KOK,)),
    ("Strandpaviljoen Rhederlaag", "Strandpad 5", "Arnhem", (KOK, GASTHEER)),
    ("Timmerbedrijf Eikenhout", "Zagersweg 2", "Zwolle", (TIMMERMAN,)),
    ("Timmerbedrijf De Schaaf", "Beitelstraat 14", "Arnhem", (TIMMERMAN,)),
    ("Timmerbedrijf Van der Spijker", "Spoorlaan 60", "Nijmegen", (TIMMERMAN, ALLROUND_TIMMERMAN)),
    ("Bouwbedrijf Waterpas", "Ambachtsweg 9", "Zutphen", (TIMMERMAN,)),
    ("Bouwbedrijf Steen en Staal", "Industrieweg 112", "Deventer", (TIMMERMAN,)),
    ("Aannemer Gebroeders Nok", "Dakpanweg 3", "Meppel", (TIMMERMAN,)),
    ("Codehuis Zwolle", "Hanzelaan 301", "Zwolle", (SOFTWARE,)),
    ("Pixel & Co", "Stationsplein 11", "Utrecht", (SOFTWARE,)),
    ("Bits en Bytes", "Stationsweg 24", "Apeldoorn", (SOFTWARE, SYSTEM)),
    ("Webwerf", "Nieuwe Kade 19", "Arnhem", (SOFTWARE,)),
    ("Netwerkerij", "Kabelstraat 8", "Amersfoort", (SYSTEM,)),
    ("Datadok", "Havenkade 30", "Nijmegen", (SYSTEM,)),
    ("Ziekenhuis De Linde", "Lindelaan 1", "Zwolle", (VERPLEEG, VERZORGENDE)),
    ("Ziekenhuis Eemdal", "Eemlaan 200", "Amersfoort", (VERPLEEG,)),
    ("Ziekenhuis Rivierenland", "Waalkade 150", "Nijmegen", (VERPLEEG,)),
    ("Zorggroep De Vecht", "Vechtstraat 45", "Hardenberg", (VERPLEEG, VERZORGENDE, HELPENDE)),
    ("Zorggroep IJsseldal", "Dorpsstraat 15", "Deventer", (VERPLEEG, VERZORGENDE, HELPENDE)),
    ("Thuiszorg Naast Je", "Kerkstraat 5", "Utrecht", (VERZORGENDE, HELPENDE)),
    ("Thuiszorg Warm Welkom", "Beukenlaan 66", "Apeldoorn", (VERZORGENDE, HELPENDE)),
    ("Woonzorgcentrum Hanzestaete", "Burgwal 70", "Kampen", (VERZORGENDE, HELPENDE)),
    ("Woonzorgcentrum De Toekomst", "Parklaan 12", "Meppel", (HELPENDE,)),
    ("Kinderopvang Pippeloentje", "Speelweg 2", "Deventer", (KINDEROPVANG,)),
    ("Kinderopvang De Regenboog", "Schoolstraat 31", "Zwolle", (KINDEROPVANG,)),
    ("Kinderopvang Kiekeboe", "Wilgenlaan 8", "Zutphen", (KINDEROPVANG,)),
    ("Hotel Restaurant De Poort", "Poortstraat 4", "Utrecht", (GASTHEER,)),
    ("Café Biljart", "Nieuwstraat 13", "Kampen", (GASTHEER,)),
    ("Theatercafé De Coulissen", "Podium 1", "Amersfoort", (GASTHEER,)),
    ("Restaurant Het Zwarte Schaap", "Heidelaan 22", "Apeldoorn", (GASTHEER,)),
)
SPECIAL = (  # name, street and number, place, accreditations, lapsed
    (SAME_NAME, "Hoekstraat 1", "Zwolle", (Accreditation(KOK),), False),
    (SAME_NAME, "Hoekstraat 1", "Arnhem", (Accreditation(KOK),), False),
    (LONG_NAME, "Burgemeester Van Nahuysplein 100", "Zwolle", (Accreditation(KOK),), False),
    (STRANGE_NAME, "Suikerstraat 6", "Utrecht", (Accreditation(KOK),), False),
    (EXPIRED, "Kerkplein 9", "Zwolle", (Accreditation(KOK, ends=-30),), False),
    (NOT_YET, "Kerkplein 10", "Zwolle", (Accreditation(KOK, begins=LATER),), False),
    (OTHER_CREBO, "Tijweg 3", "Kampen", (Accreditation(TIMMERMAN),), False),
    (LAPSED, "Grote Markt 4", "Zwolle", (Accreditation(KOK),), True),
    (EQUIVALENTLY, "Balkweg 7", "Arnhem", (Accreditation(ALLROUND_TIMMERMAN),), False),
    (ONLY_ONE, "Motorstraat 1", "Deventer", (Accreditation(AUTO),), False),
)


def _company(number: int, name: str, address: str, place: str, *rest: object) -> Company:
    accreditations, lapsed = rest
    street, _, house = address.rpartition(" ")
    return Company(
        str(100_000_000 + number),
        name,
        street,
        house,
        f"{POSTCODES[place]}ZX",
        place,
        accreditations,  # type: ignore[arg-type]
        lapsed=bool(lapsed),
    )


def _invented() -> tuple[Company, ...]:
    rows = [(n, a, p, tuple(map(Accreditation, crebos)), False) for n, a, p, crebos in NORMAL]
    ours = [_company(number, *row) for number, row in enumerate((*SPECIAL, *rows), 1)]
    abroad = Company(
        *("199999999", ABROAD, "Rheinpromenade", "21a", "46446", "Emmerich am Rhein"),
        (Accreditation(KOK),),
        GERMANY,
    )
    return (*ours, abroad)


COMPANIES = _invented()
