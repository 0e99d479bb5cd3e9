"""How RIO writes what stands in `digistub.rio_data`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from digistub.rio_catalogue import Now
from digistub.rio_cohorts import COHORTS
from digistub.rio_types import MBO, VAVO, Location, Offer, Provider, School, Training

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


def school(row: School) -> Body:
    return {
        "id": row.brin,
        "code": row.brin,
        "type": SCHOOL,
        "begindatum": LONG_AGO,
        "volledigeNaam": row.name,
        "bekostigingscode": "BEKOSTIGD",
        "wet": row.law,
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


def offer(row: Offer, level: int) -> Body:
    body: Body = {
        "id": row.id,
        "aangebodenOpleidingcode": row.id,
        "eigenAangebodenOpleidingsleutel": row.key,
        "startdatum": "2024-08-01",
        "eersteInstroomdatum": "2024-08-01",
        "toegankelijkheid": "SPEC" if row.restricted else "ALL",
        "toelatingseisen": "JA" if row.requirements else "NEE",
        "type": row.kind,
    }
    if row.leertraject:
        body |= {"leertraject": row.leertraject, "mboniveau": f"MBO-{level}"}
        body |= {"voertaal": row.language, "website": f"https://www.school.example/{row.key}"}
    if row.months:
        body |= {"afwijkendeOpleidingsduureenheid": "M"}
        body |= {"afwijkendeOpleidingsduuromvang": row.months}
    texts = {"eigennaam": row.name, "eigennaamEngels": row.english, "omschrijving": row.about}
    return body | {key: text for key, text in texts.items() if text}


def cohort_code(row: Offer, name: str) -> str:
    return f"{row.key}-{name}".upper()


def cohorts(now: Now, row: Offer, today: date) -> list[Body]:
    return [cohort(now, row, name, today) for name in row.cohorts]


def cohort(now: Now, row: Offer, name: str, today: date) -> Body:
    kind = COHORTS[name]
    code = cohort_code(row, name)
    start = kind.start(today)
    body: Body = {
        "id": f"{code}_{row.id}",
        "code": code,
        "type": f"{row.kind}COHORT",
        "status": "G" if now.closed(row.id, code) else kind.status,
        "beginAanmeldperiode": (today + timedelta(days=kind.opens)).isoformat(),
        "toestemmingVereistVoorAanmelding": "JA" if kind.permission else "NEE",
    }
    if kind.closes is not None:
        last = today + timedelta(days=kind.closes)
        last = min(last, start - timedelta(days=1)) if kind.year == 1 else last
        body["eindeAanmeldperiode"] = last.isoformat()
    if kind.flexible:
        body["beginInstroomperiode"] = start.isoformat()
        body["eindeInstroomperiode"] = date(start.year + 1, 1, 31).isoformat()
    else:
        body["instroommoment"] = start.isoformat()
    if row.leertraject and kind.form:
        body["opleidingsvorm"] = kind.form
    texts = {
        "toelichtingVereisteToestemming": kind.permission,
        "toegangscodeCohort": now.access_code(row.id, code, kind.access_code),
    }
    if kind.places:
        body["deelnemersplaatsen"] = kind.places
    return body | {key: text for key, text in texts.items() if text}
