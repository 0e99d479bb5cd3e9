"""How RIO writes what stands in `digistub.rio_data`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from digistub.rio_data import (
    COHORTS,
    MBO,
    TRAININGS,
    VAVO,
    Location,
    Offer,
    Provider,
    School,
    Training,
    school_year,
)

Body = dict[str, Any]
SCHOOL = "ERKENDE_ONDERWIJSINSTELLING"
PROVIDER = "ONDERWIJSAANBIEDER"
LONG_AGO = "2012-08-01"
OFFER_TYPES = (
    "AANGEBODENBOOPLEIDING",
    "AANGEBODENHOOPLEIDING",
    "AANGEBODENHOOPLEIDINGSONDERDEEL",
    MBO,
    "AANGEBODENMBOOPLEIDINGSONDERDEEL",
    "AANGEBODENPARTICULIEREOPLEIDING",
    "AANGEBODENSOOPLEIDING",
    VAVO,
    "AANGEBODENVOOPLEIDING",
    "AANGEBODENVSOOPLEIDING",
)
KINDS = {
    1: "ENTREEOPLEIDING",
    2: "BASISBEROEPSOPLEIDING",
    3: "VAKOPLEIDING",
    4: "MIDDENKADEROPLEIDING",
}
LEVELS = {training.code: training.level for training in TRAININGS}


def school(row: School) -> Body:
    return {
        "id": row.brin,
        "code": row.brin,
        "type": SCHOOL,
        "begindatum": LONG_AGO,
        "volledigeNaam": row.name,
        "bekostigingscode": "BEKOSTIGD",
        "wet": "WEB",
        "erkenner": "OCW",
        "soort": row.kind,
    }


def provider(row: Provider) -> Body:
    return {
        "id": row.code,
        "code": row.code,
        "type": PROVIDER,
        "naam": row.name,
        "inbedrijfdatum": LONG_AGO,
    }


def contacts(row: Provider) -> list[Body]:
    return [
        {
            "id": f"{row.code}-{context}-1",
            "context": context,
            "subcontextnummer": "1",
            "types": ["EMAIL", "WEB", "TELEFOON"],
            "eMailadres": f"{'info' if context == 'ALGEMEEN' else 'aanmelden'}@{row.domain}",
            "webadres": f"https://www.{row.domain}/",
            "telefoonnummer": "088-0000001" if context == "ALGEMEEN" else "088-0000002",
        }
        for context in row.contexts
    ]


def location(row: Location) -> Body:
    return {
        "id": row.code,
        "onderwijslocatiecode": row.code,
        "straatnaam": row.street,
        "huisnummer": row.number,
        "postcode": row.postcode,
        "plaatsnaam": row.place,
        "gpsLatitude": row.latitude,
        "gpsLongitude": row.longitude,
        "bag-id": "0000000000000000",
    }


def training(row: Training) -> Body:
    body: Body = {
        "id": row.code,
        "opleidingseenheidcode": row.code,
        "volledigeNaam": row.name,
        "opleidingsherkomst": "SBB" if row.level else "OCW",
        "startdatum": LONG_AGO,
        "begindatum": LONG_AGO,
        "type": "MBOKWALIFICATIE" if row.level else "VAVOOPLEIDING",
        "niveau": f"MBO-{row.level}" if row.level else "VO-HAVO",
    }
    if row.level:
        load = {"studielast": 3200, "studielasteenheid": "SBU"}
        body |= {"opleidingssoort": KINDS[row.level], **load}
    return body


def recognition(row: Training) -> Body:
    return {
        "id": f"{row.crebo}-{row.code}",
        "erkendeopleidingscode": row.crebo,
        "erkenner": "SBB" if row.level else "OCW",
        "ingangsdatum": LONG_AGO,
        "opleidingsstelsel": "CREBO" if row.level else "ILT",
        "type": "MBOOPLEIDINGSERKENNING" if row.level else "VAVOOPLEIDINGSERKENNING",
    }


def offer(row: Offer) -> Body:
    body: Body = {
        "id": row.id,
        "aangebodenOpleidingcode": row.id,
        "eigenAangebodenOpleidingsleutel": row.key,
        "startdatum": "2024-08-01",
        "eersteInstroomdatum": "2024-08-01",
        "toegankelijkheid": "ALL",
        "toelatingseisen": "NEE",
        "type": MBO if row.leertraject else VAVO,
    }
    if row.leertraject:
        level = LEVELS[row.training]
        body |= {"leertraject": row.leertraject, "mboniveau": f"MBO-{level}"}
        body |= {"voertaal": row.language, "website": f"https://www.school.example/{row.key}"}
    if row.months:
        body |= {"afwijkendeOpleidingsduureenheid": "M"}
        body |= {"afwijkendeOpleidingsduuromvang": row.months}
    texts = {"eigennaam": row.name, "eigennaamEngels": row.english, "omschrijving": row.about}
    return body | {key: text for key, text in texts.items() if text}


def cohorts(row: Offer, today: date) -> list[Body]:
    return [_cohort(row, name, today) for name in row.cohorts]


def _cohort(row: Offer, name: str, today: date) -> Body:
    cohort = COHORTS[name]
    code = f"{row.key}-{name}".upper()
    start = school_year(today)
    body: Body = {
        "id": f"{code}_{row.id}",
        "code": code,
        "type": f"{MBO if row.leertraject else VAVO}COHORT",
        "status": cohort.status,
        "beginAanmeldperiode": (today + timedelta(days=cohort.opens)).isoformat(),
        "toestemmingVereistVoorAanmelding": "JA" if cohort.permission else "NEE",
    }
    if cohort.closes is not None:
        last = min(today + timedelta(days=cohort.closes), start - timedelta(days=1))
        body["eindeAanmeldperiode"] = last.isoformat()
    if cohort.flexible:
        body["beginInstroomperiode"] = start.isoformat()
        body["eindeInstroomperiode"] = date(start.year + 1, 1, 31).isoformat()
    else:
        body["instroommoment"] = start.isoformat()
    if cohort.permission:
        body["toelichtingVereisteToestemming"] = cohort.permission
    if cohort.places:
        body["deelnemersplaatsen"] = cohort.places
    return body
