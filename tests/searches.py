"""What people type, and what they should find among tests/programmes.py."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    query: str
    name: str = ""  # the first has this in its name
    school: str = ""  # and in its school's
    place: str = ""  # and among its places
    never: str = ""  # nothing found has this in its name
    level: int = 0  # all have this level
    leertraject: str = ""  # and all have this leertraject


ONE_OF_ALL = [
    # whole words, in any order and case, accents or not
    Case("kok", "kok", never="kapper"),
    Case("VERPLEEGKUNDIGE", "verpleegkundige", never="verzorgende"),
    Case("kök", "kok", never="bakker"),
    Case("albeda verpleegkundige", "verpleegkundige", "Albeda"),
    Case("verpleegkundige rotterdam albeda", "verpleegkundige", "Albeda", "Rotterdam"),
    Case("Rotterdam  verpleegkundige", "verpleegkundige", "", "Rotterdam"),
    Case("industriele technicus", "industriële", never="lasser"),
    Case("management office", "office & management"),
    # typing errors
    Case("verplegkundige", "verpleegkundige", never="verzorgende"),
    Case("verpelegkundige", "verpleegkundige"),
    Case("ferpleegkundige", "verpleegkundige"),
    Case("software devloper", "software developer", never="monteur"),
    Case("tandartsasistent", "tandartsassistent", never="dokters"),
    Case("schonheidsspecialist", "schoonheidsspecialist"),
    Case("administratief finacieel", "financieel administratief"),
    Case("hoornbeeck metselar", "metselaar", "Hoornbeeck"),
    Case("amsterdm kok", "kok", "", "Amsterdam"),
    Case("stewardes", "stewardess"),
    Case("dokterassistent", "doktersassistent"),
    Case("autotecnicus", "autotechnicus", never="elektro"),
    Case("kokk", "kok", never="kapper"),
    Case("kkok", "kok", never="kapper"),
    # more than one
    Case("koks", "kok", never="kapper"),
    Case("kappers", "kapper"),
    Case("bakkers", "bakker", never="kapper"),
    Case("verpleegkundigen", "verpleegkundige", never="verzorgende"),
    # while typing
    Case("ver", "ver"),
    Case("verplegk", "verpleegkundige"),
    Case("pedag mede", "pedagogisch medewerker"),
    Case("kok zwo", "kok", "", "Zwolle"),
    Case("kok va", "kok"),
    Case("kok z", "kok"),
    Case("a", "procesoperator a"),
    Case("timmerm", "timmerman", never="metselaar"),
    # within a compound
    Case("kundige", "verpleegkundige", never="kok"),
    Case("systeem beheer", "systeembeheerder", never="kapper"),
    Case("onderwijs assistent", "onderwijsassistent", never="tandarts"),
    Case("dieren arts assistent", "dierenartsassistent"),
    Case("ict beheer amsterdam", "beheer", "", "Amsterdam", never="kok"),
    Case("auto monteur groningen", "monteur", "", "Groningen"),
    # spelling habits from elsewhere
    Case("Tımmerman", "timmerman"),
    Case("KAPPER ZWOLLE", "k", "", "Zwolle"),
    Case("schiłder", "schilder", never="metselaar"),
    Case("Łasser", "lasser"),
    Case("elektromontør", "elektromonteur"),
    Case("٢٥٦٥٥", "verpleegkundige", never="verzorgende"),
    Case("nurse", "verpleegkundige"),
    Case("truck driver", "chauffeur"),
    Case("i want to become a nurse", "verpleegkundige"),
    # in English
    Case("hairdresser", "haar", never="kok"),
    Case("florist", "bloem", never="kok"),
    Case("shop", "verko", never="kok"),
    Case("car mechanic", "auto", never="timmer"),
    Case("doctor's assistant", "doktersassistent", never="tandarts"),
    Case("doctor", "doktersassistent", never="tandarts"),
    Case("nurses", "verpleegkundige", never="verzorgende"),
    Case("cook", "kok", never="kapper"),
    Case("electrician", "elektro", never="werktuig"),
    Case("plumber", "installatiemonteur", never="schilder"),
    Case("painter", "schilder", never="metselaar"),
    Case("baker", "bakker", never="kapper"),
    Case("welder", "lasser", never="kok"),
    Case("security guard", "beveilig", never="kok"),
    Case("childcare", "pedagogisch", never="kok"),
    Case("software developer", "software developer", never="kok"),
    Case("farmer", "veehouder", never="kok"),
    Case("bricklayer zwolle", "metselaar", "", "Zwolle"),
    # in Swedish, with and without its letters
    Case("kock", "kok", never="kapper"),
    Case("snickare", "timmerman", never="metselaar"),
    Case("frisör", "haar", never="kok"),
    Case("frisor", "haar", never="kok"),
    Case("sjuksköterska", "verpleegkundige", never="verzorgende"),
    Case("lastbilschaufför", "chauffeur", never="kok"),
    Case("rörmokare", "installatiemonteur", never="schilder"),
    Case("väktare", "beveilig", never="kok"),
    Case("jag vill bli kock i Zwolle", "kok", "", "Zwolle"),
    # in Arabic, with and without signs and the article
    Case("طباخ", "kok", never="kapper"),
    Case("طبّاخ", "kok", never="kapper"),
    Case("طبّاخ (kok)", "kok", never="kapper"),
    Case("الطباخ", "kok", never="kapper"),
    Case("نجّار", "timmerman", never="metselaar"),
    Case("ممرضة", "verpleegkundige", never="verzorgende"),
    Case("ممرض", "verpleegkundige", never="verzorgende"),
    Case("حلاق", "haar", never="kok"),
    Case("كهربائي", "elektro", never="kok"),
    Case("ميكانيكي سيارات", "auto", never="timmer"),
    Case("خباز", "bakker", never="kapper"),
    Case("مبرمج", "software developer", never="kok"),
    Case("سائق", "chauffeur", never="kok"),
    Case("حارس أمن", "beveilig", never="kok"),
    Case("لحام", "lasser", never="kok"),
    Case("سباك", "installatiemonteur", never="schilder"),
    Case("دهان", "schilder", never="metselaar"),
    Case("أريد أن أصبح ممرضة في Zwolle", "verpleegkundige", "", "Zwolle"),
    # and a few more
    Case("kuaför", "haar", never="kok"),
    Case("hemşire", "verpleegkundige", never="verzorgende"),
    Case("pielęgniarka", "verpleegkundige", never="verzorgende"),
    Case("кухар", "kok", never="kapper"),
    # everyday words
    Case("tuinman", "hovenier", never="kok"),  # and not all that is taught at Groenlo
    Case("juf", "onderwijsassistent", never="kok"),
    Case("zuster", "verpleegkundige"),
    Case("automonteur", "autotechnicus"),
    Case("programmeren", "software developer", never="kok"),
    Case("kinderopvang", "kinderopvang", never="timmerman"),
    Case("ict", "ict"),
    # schools as people say them
    Case("deltion kapper", "haar", "Deltion"),
    Case("rocva kok", "kok", "ROC van Amsterdam"),
    Case("ROC van Amsterdam", "", "ROC van Amsterdam", "Amsterdam"),
    Case("het albeda", "", "Albeda"),
    Case("nova", "", "Nova College"),
    Case("rijnijssel danser", "danser", "Rijn IJssel"),
    Case("kw1c", "", "Koning Willem I"),
    Case("rocmn lasser", "lasser", "Midden Nederland"),
    Case("friese poort", "", "Firda"),
    Case("summa colege", "", "Summa"),
    # places
    Case("kok zwolle", "kok", "", "Zwolle", never="kapper"),
    Case("kapper leeuwarden", "", "Firda", "Leeuwarden"),
    Case("den bosch kapper", "haar", "Koning Willem I", "'s-Hertogenbosch"),
    Case("haarverzorging s-hertogenbosch", "haarverzorging", "", "'s-Hertogenbosch"),
    Case("opleiding tot kok in emmen", "kok", "Drenthe", "Emmen"),
    # crebo
    Case("25655", "verpleegkundige", never="verzorgende"),
    Case("2565", "ver", never="kok"),
    Case("25180 zwolle", "kok", "", "Zwolle", never="chef"),
    # level and leertraject
    Case("niveau 2 zorg", "zorg", level=2, never="kok"),
    Case("zorg nivo 4", "zorg", level=4),
    Case("mbo4 ict", "ict", level=4),
    Case("bbl timmerman", "timmerman", leertraject="BBL", never="metselaar"),
    Case("BBL elektro utrecht", "elektro", "", "Utrecht", leertraject="BBL"),
    Case("beveiliger 2", "beveiliger 2", never="kok"),
    Case("allround medewerker it systems devices niveau 3", "systems", level=3),  # most bits
    # signs
    Case("  kok   ", "kok", never="kapper"),
    Case("kok\\", "kok", never="kapper"),
    Case("'kok'; --", "kok", never="kapper"),
    Case("🙂 kok 🙂", "kok", never="kapper"),
    Case('"sport en bewegen"', "sport en bewegen"),
    Case("fotos", "foto's en beeld"),
    Case("gastheer/-vrouw", "gastheer/-vrouw", never="kok"),
]
NOTHING = [
    "rok",  # a short word has no other letter,
    "kokkk",  # nor two too many
    "%",
    "_",
    "100%",
    "zzzzzz",
    "mechatroniker",
    "🙂",
    "25656789",
    "\x00",
    "x' OR 'x'='x",
]
PARTIAL = [  # nothing has it all
    Case("kok zzzzzz", "kok"),
    Case("kok alkmaar zwolle", "kok"),
    Case("zzzzzz schilder", "schilder"),
    # what one would become says more than how it is called, and than where or how one learns it
    Case("horeca medewerker", "horeca", never="medewerker"),
    Case("allround medewerker kok", "kok", never="medewerker"),
    Case("kok oudenbosch bbl", "kok", "Prinsentuin", "Oudenbosch", never="bakker"),
    Case("lasser niveau 4", "lasser", never="monteur"),
]
QUERIES = [
    *(case.query for case in ONE_OF_ALL),
    *(case.query for case in PARTIAL),
    *NOTHING,
]


def while_typing() -> list[str]:
    """Each query, and what it is on its way there, from two letters on."""
    return [query[:length] for query in QUERIES for length in range(2, len(query) + 1)]
