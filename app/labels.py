"""Every code in words: marked sentences, translated where they are shown."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from app.domain.advice import Term
from app.domain.catalogue import Choice, Reason, Visibility, joins_in_year
from app.domain.education import Diploma, EducationLevel, PriorEducation, Where
from app.domain.leerbedrijf import Accreditation, Leerbedrijf
from app.domain.ports import Level
from app.i18n import Named, Sentence
from app.i18n import mark as _
from app.pages import day as day  # for macros: they see `labels`, and no page's own names
from app.templating import unbroken

LEERTRAJECT = {
    "BOL": _("BOL: je gaat naar school en loopt stage"),
    "BBL": _("BBL: je werkt en gaat ook naar school"),
    "OVO": _("OVO: ander onderwijs"),
    "EX": _("EX: je doet alleen examen"),
    "VAVO": _("Vavo: je haalt alsnog een diploma van de middelbare school"),
}

IN_SHORT = {  # a leertraject among others, such as on a card
    "BOL": _("school en stage (BOL)"),
    "BBL": _("werk en school (BBL)"),
    "OVO": _("ander onderwijs (OVO)"),
    "EX": _("alleen examen (EX)"),
    "VAVO": _("middelbare school (vavo)"),
}

APPLIED = _("Je hebt je al aangemeld voor deze opleiding.")  # WIZ-15

WHY = {  # the others have a day, or are hidden
    Reason.NO_KOPPELPUNT: _("Deze school kan nu geen aanmeldingen ontvangen."),
    Reason.CLOSED: _("De school heeft de aanmelding gesloten."),
    Reason.NO_START: _("Je kunt hier niet meer beginnen: de laatste startdag is voorbij."),
    Reason.FULL: _("Deze opleiding is vol."),
}

UNIT = {  # of a programme's duration: one, two (Arabic has a form for it) and more of it
    "J": (_("1 jaar"), _("2 jaar"), _("%(number)s jaar")),
    "M": (_("1 maand"), _("2 maanden"), _("%(number)s maanden")),
    "W": (_("1 week"), _("2 weken"), _("%(number)s weken")),
    "D": (_("1 dag"), _("2 dagen"), _("%(number)s dagen")),
    "U": (_("1 uur"), _("2 uur"), _("%(number)s uur")),
}

SPOKEN = {
    "NLD": _("Nederlands"),
    "ENG": _("Engels"),
    "DEU": _("Duits"),
    "FRA": _("Frans"),
    "FRY": _("Fries"),
}

LEVEL = {
    EducationLevel.PRO: _("Praktijkonderwijs"),
    EducationLevel.VMBO_BB: _("Vmbo basis"),
    EducationLevel.VMBO_KB: _("Vmbo kader"),
    EducationLevel.VMBO_GL: _("Vmbo gemengd (gl)"),
    EducationLevel.VMBO_TL: _("Vmbo-t of mavo"),
    EducationLevel.HAVO: _("Havo"),
    EducationLevel.VWO: _("Vwo"),
    EducationLevel.MBO_1: _("Mbo niveau 1 (entree)"),
    EducationLevel.MBO_2: _("Mbo niveau 2"),
    EducationLevel.MBO_3: _("Mbo niveau 3"),
    EducationLevel.MBO_4: _("Mbo niveau 4"),
    EducationLevel.HIGHER: _("Hbo of universiteit"),
    EducationLevel.ISK: _("Taalschool of schakelklas (ISK)"),
    EducationLevel.SPECIAL: _("Speciaal onderwijs (vso)"),
    EducationLevel.OTHER: _("Iets anders, of ik weet het niet"),
}

DIPLOMA = {
    Diploma.YES: _("Ja"),
    Diploma.NO: _("Nee"),
    Diploma.EXAM: _("Ik doe dit jaar examen"),
}

RESULT = {"Geslaagd": _("Geslaagd"), "Gezakt": _("Gezakt")}  # as DUO writes it

DIGID = {  # its levels, as DigiD calls them
    Level.BASIS: _("Basis"),
    Level.MIDDEN: _("Midden"),
    Level.SUBSTANTIEEL: _("Substantieel"),
    Level.HOOG: _("Hoog"),
}

WHERE = {
    Where.NETHERLANDS: _("In Nederland"),
    Where.ABROAD: _("In een ander land"),
    Where.OTHER: _("Ergens anders, zoals thuis of met een staatsexamen"),
}

ACCREDITATION = {
    Accreditation.VALID: _("Erkend voor deze opleiding"),
    Accreditation.EQUIVALENT: _("Erkend voor een opleiding die hetzelfde telt"),
    Accreditation.NOT_ACCREDITED: _("Dit bedrijf is niet erkend voor deze opleiding."),
    Accreditation.EXPIRED: _("De erkenning van dit bedrijf is voorbij als je begint."),
    Accreditation.NOT_YET: _("Dit bedrijf is nog niet erkend als je begint."),
    Accreditation.UNKNOWN_COMPANY: _("Dit is geen erkend leerbedrijf (meer)."),
}

NO_LONGER = {  # of a company chosen before; the others say that it was for another programme
    Accreditation.NOT_ACCREDITED: _(
        "%(company)s is niet erkend voor deze opleiding. Kies een ander leerbedrijf."
    ),
    Accreditation.EXPIRED: _(
        "De erkenning van %(company)s is voorbij als je begint. Kies een ander leerbedrijf."
    ),
    Accreditation.NOT_YET: _(
        "%(company)s is nog niet erkend als je begint. Kies een ander leerbedrijf."
    ),
    Accreditation.UNKNOWN_COMPANY: _(
        "%(company)s is geen erkend leerbedrijf (meer). Kies een ander leerbedrijf."
    ),
}
NO_SBB = _(
    "We kunnen nu geen leerbedrijven zoeken. Probeer het zo nog een keer, of ga verder zonder."
)
OTHER_PROGRAMME = _("Je koos een andere opleiding. Kies daarom je leerbedrijf opnieuw.")
BY_NUMBER = {  # a houseboat, or a house without a number of its own
    "to": _("%(street)s, tegenover nummer %(number)s"),
    "by": _("%(street)s, bij nummer %(number)s"),
}

SEX = {"M": _("Man"), "V": _("Vrouw"), "-": _("Onbekend")}


class Programme(Protocol):
    """What brings a programme's name: a choice, or a school's link."""

    @property
    def programme(self) -> str: ...

    @property
    def name_english(self) -> str: ...


def period(learnt: PriorEducation) -> str:
    """When somebody learnt there; empty when nobody says."""
    if learnt.year is not None:
        return str(learnt.year)
    if learnt.started and learnt.ended:
        return unbroken(f"{learnt.started.year}-{learnt.ended.year}")
    if learnt.started:
        return Sentence(_("Sinds %(year)s"), year=str(learnt.started.year))
    return Sentence(_("Tot %(year)s"), year=str(learnt.ended.year)) if learnt.ended else ""


def result(text: str) -> str:
    """Of prior education, by DUO: in DUO's own Dutch where we have no other words for it."""
    return Sentence(RESULT[text]) if text in RESULT else Named(text, "")


def digid(level: str) -> str:
    """With which level of DigiD somebody logged in; the code where it is a new one."""
    return Sentence(DIGID[Level(level)]) if level in set(Level) else level


def programme(of: Programme) -> Named:
    return Named(of.programme, of.name_english)


def why_not(choice: Choice, seen: Visibility) -> str:
    """Why a student can't choose this now, and when that changes, in one sentence."""
    reason = seen.why
    if reason is None:
        return ""
    if reason is Reason.NOT_YET:
        return Sentence(_("Je kunt je aanmelden vanaf %(day)s."), day=day(choice.apply_from))
    if reason is Reason.OVER and choice.apply_until is not None:
        return Sentence(_("Aanmelden kon tot en met %(day)s."), day=day(choice.apply_until))
    return Sentence(WHY[reason]) if reason in WHY else ""


def days_left(last: date, today: date) -> str:
    """Until and including the last day on which something can be done."""
    left = (last - today).days
    return Sentence(
        {0: _("vandaag nog"), 1: _("nog 1 dag")}.get(left, _("nog %(left)s dagen")), left=str(left)
    )


def above(choice: Choice) -> str:
    """The friendly hint that a programme's level asks more than somebody has (WIZ-16)."""
    return Sentence(
        _(
            "Voor niveau %(level)s vragen scholen meestal een hoger diploma dan jij hebt of gaat "
            "halen. Je mag je gewoon aanmelden: de school bekijkt het met je."
        ),
        level=str(choice.level),
    )


def in_time(term: Term, today: date) -> str:
    """How it stands with 1 April (WIZ-16); empty where it makes no difference."""
    if term.april is None:
        return ""
    left, last = (term.april - today).days, day(term.april)
    if left < 0:
        late = _("Je meldt je aan na %(day)s. Dat mag. De school kijkt of er nog plek voor je is.")
        return Sentence(late, day=last)
    if term.closes is not None and term.closes < term.april:
        return Sentence(_("Je bent op tijd."))  # the other term says until when
    return Sentence(
        {
            0: _("Je bent op tijd. Vandaag, %(day)s, is de laatste dag: tot middernacht."),
            1: _("Je bent op tijd. Morgen, %(day)s, is de laatste dag."),
        }.get(left, _("Je bent op tijd. Je hebt nog %(left)s dagen, tot en met %(day)s.")),
        day=last,
        left=str(left),
    )


def on_time(last: date, today: date) -> str:
    """Until when everybody is in time (WIZ-16)."""
    if last < today:
        gone = _("%(day)s is voorbij. Wil je nog beginnen? Meld je dan snel aan")
        return Sentence(gone, day=day(last))
    return Sentence(
        {
            0: _("Vandaag, %(day)s, kun je je nog op tijd aanmelden"),
            1: _("Tot en met morgen, %(day)s, kun je je op tijd aanmelden"),
        }.get(
            (last - today).days,
            _("Tot en met %(day)s kun je je op tijd aanmelden: nog %(left)s dagen"),
        ),
        day=day(last),
        left=str((last - today).days),
    )


def closes(term: Term, today: date) -> str:
    """Until when this start takes applications; empty when it has no end."""
    if term.closes is None:
        return ""
    if term.april is not None and today <= term.april < term.closes:
        later = _("Daarna mag het nog tot en met %(day)s, maar dan ben je niet meer op tijd.")
        return Sentence(later, day=day(term.closes))
    left = (term.closes - today).days
    return Sentence(
        {
            0: _("Voor deze start kun je je vandaag voor het laatst aanmelden."),
            1: _("Voor deze start kun je je nog tot en met morgen aanmelden."),
        }.get(
            left,
            _("Voor deze start kun je je aanmelden tot en met %(day)s. Nog %(left)s dagen."),
        ),
        day=day(term.closes),
        left=str(left),
    )


def lost(company: Leerbedrijf) -> str:
    """Why a company that was chosen doesn't count any more (WIZ-3, WIZ-11)."""
    if company.accreditation.holds:
        return OTHER_PROGRAMME
    return Sentence(NO_LONGER[company.accreditation], company=company.name)


def duration(text: str) -> str:
    """RIO's amount and unit, such as «24 M»; whole years as years."""
    number, _blank, unit = text.partition(" ")
    if unit not in UNIT or not number.isdigit():
        return ""
    count = int(number)
    if unit == "M" and count % 12 == 0:
        count, unit = count // 12, "J"
    one, two, more = UNIT[unit]
    return Sentence({1: one, 2: two}.get(count, more), number=str(count))


def spoken(code: str) -> str:
    """The language of instruction; empty for one we have no word for."""
    return SPOKEN.get(code, "")


def start(choice: Choice) -> str:
    """When a cohort begins; empty when RIO doesn't say."""
    if choice.start is not None:
        return day(choice.start)
    if choice.start_from is not None:
        return Sentence(_("vanaf %(day)s, wanneer het jou past"), day=day(choice.start_from))
    return ""


def begun(choice: Choice, today: date) -> str:
    """When a cohort began, and the leerjaar that one joins when that isn't the first (WIZ-8);
    empty when it hasn't begun."""
    if choice.start is None or choice.start >= today:
        return ""
    year = joins_in_year(choice, today)
    if year == 1:
        return Sentence(_("Begonnen op %(day)s"), day=day(choice.start))
    return Sentence(_("Begonnen op %(day)s (%(year)de leerjaar)"), day=day(choice.start), year=year)
