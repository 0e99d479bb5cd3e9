"""Schools and programmes to invent a catalogue from."""

from __future__ import annotations

# Name, places, and what people call it.
SCHOOLS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ROC van Amsterdam", "Amsterdam,Amstelveen,Hoofddorp,Hilversum", ("rocva",)),
    ("ROC TOP", "Amsterdam,Almere", ()),
    ("Albeda", "Rotterdam,Schiedam,Vlaardingen", ("Albeda College",)),
    ("Zadkine", "Rotterdam,Spijkenisse,Capelle aan den IJssel", ()),
    ("Techniek College Rotterdam", "Rotterdam", ("tcr",)),
    ("Deltion College", "Zwolle", ()),
    ("Landstede MBO", "Zwolle,Harderwijk,Raalte", ()),
    ("Nova College", "Haarlem,Hoofddorp,Beverwijk,Amsterdam", ()),
    ("ROC Midden Nederland", "Utrecht,Amersfoort,Nieuwegein", ("rocmn",)),
    ("MBO Utrecht", "Utrecht", ()),
    ("Rijn IJssel", "Arnhem,Wageningen", ()),
    ("Summa College", "Eindhoven,Helmond", ()),
    ("Firda", "Leeuwarden,Sneek,Heerenveen,Drachten", ("Friese Poort", "Friesland College")),
    ("Noorderpoort", "Groningen,Assen,Stadskanaal", ()),
    ("Alfa-college", "Groningen,Hoogeveen,Hardenberg", ()),
    ("Drenthe College", "Emmen,Assen,Meppel", ()),
    ("ROC van Twente", "Enschede,Hengelo,Almelo", ()),
    ("Graafschap College", "Doetinchem,Groenlo", ()),
    ("Aventus", "Apeldoorn,Deventer,Zutphen", ()),
    ("ROC Nijmegen", "Nijmegen,Boxmeer", ()),
    ("Koning Willem I College", "'s-Hertogenbosch,Cuijk", ("kw1c",)),
    ("Curio", "Breda,Roosendaal,Bergen op Zoom", ()),
    ("ROC Tilburg", "Tilburg", ("Yonder",)),
    ("ROC Ter AA", "Helmond", ()),
    ("VISTA college", "Maastricht,Heerlen,Sittard", ()),
    ("Gilde Opleidingen", "Roermond,Venlo,Venray", ()),
    ("Scalda", "Middelburg,Vlissingen,Goes,Terneuzen", ()),
    ("ROC Mondriaan", "Den Haag,Delft,Leiden,Naaldwijk", ()),
    ("mboRijnland", "Leiden,Gouda,Zoetermeer,Alphen aan den Rijn", ("mbo Rijnland",)),
    ("Da Vinci College", "Dordrecht,Gorinchem", ()),
    ("Horizon College", "Alkmaar,Hoorn,Heerhugowaard", ()),
    ("Regio College", "Zaandam,Purmerend", ()),
    ("ROC van Flevoland", "Almere,Lelystad", ()),
    ("ROC Kop van Noord-Holland", "Den Helder,Schagen", ()),
    ("Rivor", "Tiel", ()),
    ("A12", "Ede,Veenendaal", ()),
    ("Hoornbeeck College", "Amersfoort,Rotterdam,Apeldoorn", ()),
    ("Grafisch Lyceum Rotterdam", "Rotterdam", ("glr",)),
    ("Grafisch Lyceum Utrecht", "Utrecht", ("glu",)),
    ("Mediacollege Amsterdam", "Amsterdam", ("MA",)),
    ("Hout- en Meubileringscollege", "Amsterdam,Rotterdam", ("hmc",)),
    ("SintLucas", "Boxtel,Eindhoven", ()),
    ("Cibap", "Zwolle", ()),
    ("SOMA College", "Harderwijk", ()),
    ("STC", "Rotterdam", ()),
    ("Yuverta", "Den Bosch,Nijmegen,Houten,Aalsmeer", ()),
    ("Aeres", "Almere,Ede,Barneveld", ()),
    ("Zone.college", "Zwolle,Doetinchem,Enschede", ()),
    ("Terra", "Groningen,Assen,Meppel", ()),
    ("Lentiz", "Maasland,Naaldwijk", ()),
    ("Nimeto", "Utrecht", ()),
    ("EUROCOLLEGE", "Amsterdam,Rotterdam", ()),
    ("Bakker Academie", "Wageningen", ()),
    ("Nederlandse Dansacademie", "Den Haag", ()),
    ("Kappersvakschool Lelystad", "Lelystad", ()),
    ("Prinsentuin", "Breda,Oudenbosch", ()),
    ("Menso Alting", "Groningen", ()),
    ("De Leijgraaf", "Oss,Veghel,Boxmeer", ()),
    ("Sint Maarten", "Voorburg", ()),
    ("ROC Rivierengebied", "Tiel,Geldermalsen", ()),
)
NO_KOPPELPUNT, LATER_KOPPELPUNT, WHITELIST = "Sint Maarten", "ROC Rivierengebied", "De Leijgraaf"

# crebo, official name, level, English name, names of the schools' own.
TRAININGS = tuple(
    tuple(line.split("|"))
    for line in """
25655|Mbo-Verpleegkundige|4|Nurse|Verpleegkundige|Mbo-verpleegkundige
25656|Verzorgende IG|3||Verzorgende-IG|Verzorgende IG thuiszorg
25498|Helpende Zorg en Welzijn|2||Helpende zorg & welzijn|Helpende plus
25251|Dienstverlener zorg en welzijn|2||Dienstverlening zorg
25695|Doktersassistent|4||Doktersassistente
25699|Tandartsassistent|4|
25692|Apothekersassistent|4|
25696|Pedagogisch medewerker kinderopvang|3||Pedagogisch medewerker
25698|Gespecialiseerd pedagogisch medewerker|4|
25697|Onderwijsassistent|4||Onderwijsassistent basisonderwijs
25477|Maatschappelijke zorg|4||Begeleider specifieke doelgroepen
25963|Haarverzorging|2||Haarstylist|Kapper
25641|Allround kapper|3||Allround haarstylist
25642|Schoonheidsspecialist|3||Allround schoonheidsspecialist
25180|Kok|2|Cook|Kok|Kok in opleiding
25181|Zelfstandig werkend kok|3|
25182|Gespecialiseerd kok|4||Chef-kok
25168|Gastheer/-vrouw|2||Gastheer of gastvrouw
25170|Leidinggevende bediening|4|
25748|Bakker|2||Uitvoerend bakker
25749|Banketbakker|3||Uitvoerend banketbakker
25604|Software developer|4|Software developer|Applicatieontwikkelaar
25605|Allround medewerker IT systems and devices|3||ICT-beheer|Medewerker ICT-beheer
25606|Expert IT systems and devices|4||Systeembeheerder|ICT-beheerder
25607|Medewerker ICT support|2||Medewerker ICT
25187|Gamedeveloper|4||Game artist
25998|Mediavormgever|4|Media designer|Grafisch vormgever
25200|Mediamanagement|4|
25952|Timmerman|2||Timmerman nieuwbouw
25953|Allround timmerman|3|
25954|Metselaar|2|
25955|Schilder|2||Schilderen
25956|Allround schilder|3|
25331|Monteur elektrotechnische installaties|2||Elektromonteur
25332|Eerste monteur elektrotechnische installaties|3|
25333|Technicus elektrotechnische industriële installaties|4|
25348|Monteur werktuigkundige installaties|2||Installatiemonteur
25297|Basislasser|2||Lasser
25298|Allround lasser|3|
25242|Autotechnicus|2||Personenautotechniek|Monteur personenauto's
25243|Eerste autotechnicus|3|
25244|Technisch specialist personenauto's|4|
25246|Bedrijfsautotechnicus|2|
25250|Fietstechnicus|2|
25293|Mechatronica|4||Technicus mechatronica systemen
25134|Verkoper|2||Verkoop en retail
25161|Verkoopspecialist|3|
25162|Manager retail|4||Ondernemer retail
25138|Financieel administratief medewerker|3||Medewerker financiële administratie
25139|Bedrijfsadministrateur|4|
25150|Office & Management Support Specialist|4||Office specialist
25151|Juridisch-administratief dienstverlener|4|
25152|Medewerker human resource management|4|
25153|Medewerker marketing en communicatie|4|Marketing and communications
25372|Logistiek medewerker|2|
25373|Logistiek teamleider|3|
25374|Logistiek supervisor|4|
25375|Chauffeur wegvervoer|2|Truck driver
25407|Handhaver toezicht en veiligheid|3|
25408|Beveiliger|2||Beveiliger 2
25409|Coördinator beveiliging|3|
25411|Sport- en bewegingsleider|3||Sport en bewegen
25412|Coördinator sport- en bewegingsagogie|4|
25440|Hovenier|2||Vakbekwaam hovenier
25441|Bloemist|2||Bloem en styling
25442|Dierverzorger|2||Dierverzorging
25443|Dierenartsassistent paraveterinair|4|
25444|Paardensport en -houderij|3|
25445|Veehouder|3||Melkveehouderij
25446|Teelt en groene technologie|4|
25500|Luchtvaartdienstverlener|4||Stewardess
25501|Leidinggevende travel & hospitality|4||Travel, leisure & hospitality
25520|Acteur|4||Theater
25521|Musician|4||Muzikant
25522|Danser|4|Dancer|Danser
25523|Podium- en evenemententechnicus|4|
25524|Fotograaf|4||Foto's en beeld
25530|Meubelmaker|2||Meubelmaker/(scheeps)interieurbouwer
25531|Interieuradviseur|4|
25532|Fashion designer|4||Mode en kleding
25533|Opticien|4|
25534|Audicien|4|
25535|Procesoperator A|2||Procestechniek
25536|Analist|4||Chemisch analist
25537|Allround laborant|3|
25538|Matroos binnenvaart|2|
25539|Schipper binnenvaart|3|
25540|Middenkader engineering|4|
25541|Bouwkunde|4||Middenkaderfunctionaris bouw
25542|Assistent dienstverlening en zorg|1|
25543|Assistent horeca, voeding of voedingsindustrie|1|
25544|Assistent bouwen, wonen en onderhoud|1|
25545|Entreeopleiding|1||Entree
25546|Vliegtuigonderhoud|4|Aircraft maintenance
25547|Watersportindustrie|3||Jachtbouwer
25548|Glaszetter|2|
25549|Stukadoor|2|
25550|Tegelzetter|2|
25551|Dakdekker|2|
25552|Loodgieter|2||Monteur gas, water en sanitair
25553|Grondwerker|2||Grond-, weg- en waterbouw
""".strip().splitlines()
)
