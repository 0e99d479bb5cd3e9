"""Three invented schools for RIO's test service, with real crebo's."""

from __future__ import annotations

from digistub.rio_types import Location, Provider, School, Training

SCHOOLS = (
    School("91XX", "Vakcollege Het Atelier", "www.atelier.example", "VAK"),
    School("92XX", "Aventijn College", "www.aventijn.example"),
    School("99XX", "ROC De Horizon", "www.school.example"),
)
# Where students come from: RIO knows their names, and they are no institutions here.
SECONDARY = (
    School("81XX", "Scholengemeenschap De Waterlelie", "", "VOS", "WVO"),
    School("82XX", "Vmbo Het Kompas", "", "VOS", "WVO"),
    School("83XX", "Vmbo-school De Kastanje", "", "VOS", "WVO"),
    School("84XX", "Havo De Heuvel", "", "VOS", "WVO"),
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
    Training("1001O0010", "Verzorgende-IG", "25656", 3),
    Training("1001O0011", "Doktersassistent", "25695", 4),
    Training("1001O0012", "Assistent dienstverlening", "25741", 1),
    Training("1001O0013", "Assistent horeca, voeding of voedingsindustrie", "25742", 1),
    Training("1001O0014", "Gastheer/-vrouw", "25168", 2),
    Training("1001O0015", "ICT system engineer", "27016", 4),
    Training("1001O0016", "Medewerker ICT", "25999", 2),
    Training("1001O0017", "Allround technicus voertuigen en mobiele werktuigen", "25669", 3),
    Training("1001O0018", "Beveiliger 2", "25690", 2),
    Training("1001O0019", "Kapper", "25641", 3),
    Training("1001O0020", "Vakbekwaam medewerker bloem, groen en styling", "25706", 3),
    Training("1001O0021", "Sport- en bewegingsleider", "25908", 3),
    Training("1001O0022", "Retailmedewerker", "25808", 2),
    Training("1001O0023", "Vwo", "0512"),
    Training("1001O0024", "Onderwijsassistent", "25698", 4),
)
