"""What a SIS is served of an application: the dossier as JSON of the existing coupling (SIS-4).

What the coupling has no field for stands in `additionalObjects`, in one object of ours. Nothing
is asked about support, so `extraOndersteuning` is false (WIZ-17).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain import rules, wire
from app.domain.dossier import Dossier
from app.domain.draft import Guardian
from app.domain.education import Diploma, EducationLevel, PriorEducation, Where
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.domain.person import NETHERLANDS, NO_NAME, Address, Person
from app.domain.status import APPLICATION

OURS = "centraalAanmelden"  # the one object of ours
NO_ROEPNAAM = "-"
L = EducationLevel
LEVELS = {  # in place of a programme, which the coupling requires
    L.PRO: "Praktijkonderwijs",
    L.VMBO_BB: "Vmbo basisberoepsgericht",
    L.VMBO_KB: "Vmbo kaderberoepsgericht",
    L.VMBO_GL: "Vmbo gemengde leerweg",
    L.VMBO_TL: "Vmbo theoretische leerweg",
    L.HAVO: "Havo",
    L.VWO: "Vwo",
    L.MBO_1: "Mbo niveau 1",
    L.MBO_2: "Mbo niveau 2",
    L.MBO_3: "Mbo niveau 3",
    L.MBO_4: "Mbo niveau 4",
    L.HIGHER: "Hbo of universiteit",
    L.ISK: "Internationale schakelklas",
    L.SPECIAL: "Voortgezet speciaal onderwijs",
    L.OTHER: "Onbekend",
}
WHERE = {
    Where.NETHERLANDS: "Nederland",
    Where.ABROAD: "buitenland",
    Where.OTHER: "anders",
}
COMPLETED = {Diploma.YES: True, Diploma.NO: False}  # of who does exams nobody knows yet


@dataclass(frozen=True)
class Kept:
    """What is kept with an application beside its dossier."""

    ca_keten_id: str
    keten_id: str
    bsn: str | None = field(repr=False)  # None: without DigiD (INT-3)
    requested_at: datetime  # the moment that counts (WIZ-18)
    level: str | None = None  # of DigiD, as ports.Level (IDN-9)
    identified_at: datetime | None = None
    kind: str = APPLICATION
    registratiecode: str | None = None  # INT-3
    in_time: bool | None = None  # None: 1 April makes no difference (WIZ-16)
    withdrawn: bool = False  # by whomever


def served(dossier: Dossier, kept: Kept) -> dict[str, Any]:
    """JSON of a `vca.Aanmelding`, but for its links and its `wijzigingsvolgnummer`, which are
    known when it is served."""
    choice, contact, start = dossier.choice, dossier.contact, rules.starts(dossier.answers)
    company, learnt = dossier.leerbedrijf, dossier.answers.learnt
    return wire.thing(
        wire.APPLICATION,
        caKetenId=kept.ca_keten_id,
        ketenId=kept.keten_id,
        type=kept.kind,
        ingetrokken=kept.withdrawn,
        datumTijdIndienen=wire.moment(kept.requested_at),
        bsn=kept.bsn,
        roepnaam=contact.roepnaam,
        **_who(dossier),
        emailAdres=contact.email or None,  # INT-1: one way of contact will do
        **wire.phone(contact.phone),
        correspondentieadres=dossier.address_known and _address(dossier.address_known),
        wettelijkVertegenwoordigers=[_guardian(guardian) for guardian in dossier.guardians],
        vooropleidingen=[_education(learnt)] if learnt else [],
        instelling=choice.brin,
        opleiding=choice.programme_id,
        opleidingCohort=choice.cohort_code,
        gewensteStartdatum=start and start.isoformat(),
        aanmeldingVoorEersteLeerjaar=_first_year(dossier),
        leerbedrijf=_leerbedrijf(company) if company else None,
        extraOndersteuning=False,
        additionalObjects={OURS: _ours(dossier, kept)},
    )


def removed(brin: str, programme_id: str, cohort_code: str, kept: Kept) -> dict[str, Any]:
    """The same of one whose student removed everything: that it is withdrawn, and nobody's
    name (MIJ-3). The coupling requires a roepnaam."""
    return wire.thing(
        wire.APPLICATION,
        caKetenId=kept.ca_keten_id,
        ketenId=kept.keten_id,
        type=kept.kind,
        ingetrokken=True,
        datumTijdIndienen=wire.moment(kept.requested_at),
        roepnaam=NO_ROEPNAAM,
        instelling=brin,
        opleiding=programme_id,
        opleidingCohort=cohort_code,
        extraOndersteuning=False,
        additionalObjects={
            OURS: {"geverifieerdDoorDuo": False, "zelfOpgegeven": [], "verwijderd": True}
        },
    )


def _first_year(dossier: Dossier) -> bool | None:
    """None: an interessemelding doesn't ask in which year somebody joins (INT-1)."""
    return None if dossier.answers.interest else dossier.answers.joining is None


def _who(dossier: Dossier) -> dict[str, str | None]:
    person = dossier.person
    prefix, surname = _preferred(dossier) or (None, None)
    return {
        "voornamen": _name(person.first_names),
        "voorvoegsels": _name(person.prefix),
        "achternaam": _name(person.surname),
        # Both or neither: whoever goes by a name without a prefix would get the own one's.
        "voorkeursVoorvoegsels": prefix,
        "voorkeursAchternaam": surname,
        "geboortedatum": _day(person.birth_date),
        "geslacht": person.sex,
    }


def _preferred(dossier: Dossier) -> tuple[str, str] | None:
    """The name that the student goes by, as DUO says and the check page shows; None when that
    is no other than the registered one."""
    known = dossier.answers.person
    person = known.person if known and known.person else Person()
    return person.preferred if person.called != person.name else None


def _name(text: str) -> str | None:
    return text if text not in ("", NO_NAME) else None


def _day(birth_date: str) -> str | None:
    """YYYYMMDD as YYYY-MM-DD; None for one that isn't known whole."""
    year, month, day = birth_date[:4], birth_date[4:6], birth_date[6:]
    return f"{year}-{month}-{day}" if "00" not in (month, day) else None


def _address(address: Address) -> dict[str, Any]:
    """DUO-4: a foreign one has its country and lines, and no Dutch field."""
    if address.country != NETHERLANDS:
        lines = {f"regel{number}": line for number, line in enumerate(address.lines, 1)}
        return wire.thing(wire.ADDRESS, land=address.country, **lines)
    return wire.thing(
        wire.ADDRESS,
        straat=address.street,
        huisnummer=address.number,
        huisnummerToevoeging=address.suffix or None,
        huisnummerToelichting=address.note or None,
        postcode=address.postcode,
        plaats=address.place,
        land=address.country,
    )


def _guardian(guardian: Guardian) -> dict[str, Any]:
    return wire.thing(
        wire.GUARDIAN,
        voornamen=guardian.first_names,
        voorvoegsel=guardian.prefix or None,
        achternaam=guardian.surname,
        **wire.phone(guardian.phone),
        emailadres=guardian.email or None,
    )


def _education(learnt: PriorEducation) -> dict[str, Any]:
    return wire.thing(
        wire.EDUCATION,
        vanaf=learnt.started and learnt.started.isoformat(),
        totEnMet=learnt.ended and learnt.ended.isoformat(),
        instelling=learnt.school,
        opleiding=learnt.programme or LEVELS[learnt.level],
        datumUitslag=learnt.decided and learnt.decided.isoformat(),
        diplomaBehaald=COMPLETED.get(learnt.diploma) if learnt.diploma else None,
        eindresultaat=learnt.result or None,
        vakken=[
            wire.thing(wire.SUBJECT, naam=subject.name, resultaat=subject.result)
            for subject in learnt.subjects
        ],
    )


def _leerbedrijf(company: Leerbedrijf) -> dict[str, Any]:
    at = company.address
    known = at.lines or all((at.street, at.number, at.postcode, at.place))
    return wire.thing(
        wire.LEERBEDRIJF,
        naam=company.name,
        leerbedrijfId=company.id,
        adres=_address(at) if known else None,
        erkenning=company.crebo,  # `gelijkwaardigeErkenning` says when by another that counts
    )


def _ours(dossier: Dossier, kept: Kept) -> dict[str, Any]:
    """What the coupling has no field for; what isn't known is left out."""
    person, joining, company = dossier.person, dossier.answers.joining, dossier.leerbedrijf
    learnt = dossier.answers.learnt
    told = learnt if learnt and not learnt.by_duo else None
    all_of_it = {
        "geboorteplaats": person.birth_place or None,
        "geboorteland": person.birth_country or None,
        # As the registers write it, with zeros for what is unknown: 20090300.
        "onvolledigeGeboortedatum": None if _day(person.birth_date) else person.birth_date,
        "geverifieerdDoorDuo": dossier.verified_by_duo,
        "zelfOpgegeven": told_by_student(dossier),
        "opTijd": kept.in_time,
        "identificatieniveau": kept.level,
        "identificatiemoment": kept.identified_at and wire.moment(kept.identified_at),
        "registratiecode": kept.registratiecode,
        "leerjaar": joining and joining.year,
        "gelijkwaardigeErkenning": _equivalent(company) or None,
        "vooropleiding": told and _told(told),
    }
    return {name: value for name, value in all_of_it.items() if value is not None}


def told_by_student(dossier: Dossier) -> list[str]:
    """The coupling's names of what the student gave in DUO's place (DUO-5, DUO-6)."""
    answers, typed = dossier.answers, dossier.answers.personal
    given = {
        "voornamen": typed and typed.first_names,
        "voorvoegsels": typed and typed.prefix,
        "achternaam": typed and typed.surname,
        "geboortedatum": typed and typed.birth_date,
        "geslacht": typed and typed.sex,
        "correspondentieadres": answers.address,
        "vooropleidingen": answers.education,
    }
    return [name for name, value in given.items() if value]


def _told(learnt: PriorEducation) -> dict[str, Any]:
    """Of a prior education that the student told of."""
    told = {
        "waar": learnt.where and WHERE[learnt.where],
        "niveau": LEVELS[learnt.level],
        "jaar": learnt.year,
        "doetDitJaarExamen": True if learnt.diploma is Diploma.EXAM else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _equivalent(company: Leerbedrijf | None) -> bool:
    return company is not None and company.accreditation is Accreditation.EQUIVALENT
