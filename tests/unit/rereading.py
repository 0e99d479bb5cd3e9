"""The answers read back from a message: of what it says, the check page can be drawn again."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import phonenumbers

from app.domain.draft import (
    Contact,
    From,
    Guardian,
    Joining,
    Known,
    Outcome,
    Personal,
    Picked,
    StartDay,
)
from app.domain.education import Diploma, EducationLevel, PriorEducation, Subject, Where
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.domain.message import LEVELS, WHERE
from app.domain.person import Address, Person

LEVEL = {word: level for level, word in LEVELS.items()}
PLACE = {word: where for where, word in WHERE.items()}
DIPLOMA = {True: Diploma.YES, False: Diploma.NO, None: None}


class Reading:
    """`left` is what nobody has read yet."""

    def __init__(self, message: dict[str, Any]) -> None:
        self.left = deepcopy(message)
        self.ours: dict[str, Any] = self.left["additionalObjects"]["centraalAanmelden"]
        self.by_student = set(self.ours.pop("zelfOpgegeven"))
        self.names = [self.text(n) for n in ("voornamen", "voorvoegsels", "achternaam")]
        whole, part = self.text("geboortedatum"), self.ours.pop("onvolledigeGeboortedatum", "")
        self.birth_date = whole.replace("-", "") or part
        self.sex = self.text("geslacht")
        self.post = address(self.left.pop("correspondentieadres"))

    def text(self, name: str) -> str:
        return str(self.left.pop(name, ""))

    def answers(self) -> dict[str, Any]:
        """By question; what nobody asked this student stands there too, and means nothing."""
        educations = self.left.pop("vooropleidingen")
        learnt = self.education(educations[0]) if educations else None
        company = self.left.get("leerbedrijf")
        start = self.left.pop("gewensteStartdatum", None)
        return {
            "person": self.person(),
            "personal": self.personal(),
            "address": self.post,
            "contact": Contact(self.text("roepnaam"), self.text("emailAdres"), phone(self.left)),
            "picked": self.picked(learnt),
            "education": learnt,
            "joining": Joining("", self.ours.pop("leerjaar", 1)),
            "start_day": start and StartDay("", date.fromisoformat(start)),
            "guardians": tuple(map(guardian, self.left.pop("wettelijkVertegenwoordigers"))),
            "leerbedrijf": (self.company(company),) if company else (),
        }

    def person(self) -> Known:
        if not self.ours["geverifieerdDoorDuo"]:
            return Known(Outcome.UNKNOWN)
        first_names, prefix, surname = self.names
        if "achternaam" in self.by_student:
            prefix = surname = ""
        used = [self.text("voorkeursVoorvoegsels"), self.text("voorkeursAchternaam")]
        person = Person(
            first_names=first_names,
            prefix=prefix,
            surname=surname,
            name_use="P" if used[1] else "E",
            partner_prefix=used[0],
            partner_surname=used[1],
            birth_date="00000000" if "geboortedatum" in self.by_student else self.birth_date,
            sex=self.sex,
            address=None if "correspondentieadres" in self.by_student else self.post,
        )
        return Known(Outcome.FOUND, person)

    def personal(self) -> Personal:
        given = dict(zip(("voornamen", "voorvoegsels", "achternaam"), self.names, strict=True))
        given |= {"geboortedatum": self.birth_date, "geslacht": self.sex}
        return Personal(*(text if name in self.by_student else "" for name, text in given.items()))

    def picked(self, learnt: PriorEducation | None) -> Picked:
        if learnt is None:
            return Picked(From.NONE)
        told = "vooropleidingen" in self.by_student
        return Picked(From.STUDENT) if told else Picked(From.DUO, learnt)

    def education(self, data: dict[str, Any]) -> PriorEducation:
        told = self.ours.pop("vooropleiding", {})
        programme = data["opleiding"]
        exam = told.get("doetDitJaarExamen", False)
        return PriorEducation(
            school=data["instelling"],
            programme="" if programme in LEVEL else programme,
            level=LEVEL.get(told.get("niveau", programme), EducationLevel.OTHER),
            started=day(data.get("vanaf")),
            ended=day(data.get("totEnMet")),
            decided=day(data.get("datumUitslag")),
            diploma=Diploma.EXAM if exam else DIPLOMA[data.get("diplomaBehaald")],
            result=data.get("eindresultaat", ""),
            subjects=tuple(Subject(s["naam"], s["resultaat"]) for s in data["vakken"]),
            where=Where(PLACE[told["waar"]]) if told else None,
            year=told.get("jaar"),
        )

    def company(self, data: dict[str, Any]) -> Leerbedrijf:
        equivalent = self.ours.pop("gelijkwaardigeErkenning", False)
        return Leerbedrijf(
            id="",
            name=data.pop("naam"),
            address=address(data["adres"], but=("postcode", "land", "huisnummerToelichting")),
            accreditation=Accreditation.EQUIVALENT if equivalent else Accreditation.VALID,
        )


def address(data: dict[str, Any], but: tuple[str, ...] = ()) -> Address:
    """Takes away all but these and the type."""
    found = Address(
        country=data["land"],
        street=data.get("straat", ""),
        number=data.get("huisnummer", ""),
        suffix=data.get("huisnummerToevoeging", ""),
        note=data.get("huisnummerToelichting", ""),
        postcode=data.get("postcode", ""),
        place=data.get("plaats", ""),
        lines=tuple(data[f"regel{n}"] for n in (1, 2, 3) if f"regel{n}" in data),
    )
    for name in set(data) - {"$type", *but}:
        del data[name]
    return found


def guardian(data: dict[str, Any]) -> Guardian:
    return Guardian(
        data["voornamen"],
        data.get("voorvoegsel", ""),
        data["achternaam"],
        phone(data),
        data.get("emailadres", ""),
    )


def phone(data: dict[str, Any]) -> str:
    """E.164, of the one number there."""
    numbers = [data.pop(f"telefoonnummer{kind}", "") for kind in ("Mobiel", "Vast")]
    if not any(numbers):
        return ""
    parsed = phonenumbers.parse("".join(numbers), "NL")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
