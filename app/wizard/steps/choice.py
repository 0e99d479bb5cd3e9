"""Which programme, and which cohort of it: search, look, choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection
from wtforms import RadioField
from wtforms.validators import InputRequired, ValidationError

from app import clock, db, equipment, labels
from app.domain import advice
from app.domain.catalogue import Choice
from app.domain.draft import Interest
from app.i18n import Named, Sentence
from app.i18n import mark as _
from app.services import applications, catalogue, catalogue_renew, links, search
from app.services.catalogue import Offered
from app.services.drafts import Opened
from app.services.search import Filters, Found
from app.services.search_names import names
from app.wizard.step import AnswerForm, Line, Step

PAGE, SUGGESTED = 10, 8  # results


class Shelf(NamedTuple):
    """What there is to see: results of a search, or the cohorts of one programme."""

    filters: Filters
    found: Found | None  # None: nothing was searched for
    page: int  # from 1
    refining: bool  # the filters are asked for
    school: str  # the name of the school that the filters leave
    programme: tuple[Offered, ...]  # of one name at one school, or of a link
    query: Mapping[str, str]
    asked_for: bool  # by pressing something on this page
    missing: bool  # the programme asked for is hidden, or never was: nobody can tell (DEE-5)
    fixed: bool  # the school is: there is no other to choose

    @property
    def open(self) -> tuple[Offered, ...]:
        return tuple(o for o in self.programme if o.visibility.open)

    @property
    def closed(self) -> tuple[Offered, ...]:
        """Of what is the same but for its code, the first; and nothing that is open as well."""
        seen = {_alike(o.choice) for o in self.open}
        closed = {_alike(o.choice): o for o in reversed(self.programme) if not o.visibility.open}
        return tuple(o for alike, o in reversed(closed.items()) if alike not in seen)

    @property
    def results(self) -> dict[str, Any]:
        """The query of the page of results that was looked at; empty when nothing was searched."""
        return {**self.query, **({"pagina": self.page} if self.page > 1 else {})}

    @property
    def begins(self) -> str:
        """What of the page the student came for, and so hears first."""
        if self.asked_for:
            return "opleiding" if self.programme else "verfijnen" if self.refining else "gevonden"
        return ""

    @property
    def one_letter(self) -> bool:
        """Too little to look for: every name would do."""
        return len(self.query.get("q", "").strip()) == 1

    @property
    def narrowed(self) -> dict[str, str]:
        """Each filter that leaves something out, by its name in the address, in words."""
        words = {
            "school": "" if self.fixed else self.school,
            "plaats": self.filters.place,
            "leertraject": self.filters.leertraject,
            "niveau": self.filters.level
            and Sentence(_("Niveau %(level)s"), level=self.filters.level),
        }
        return {name: told for name, told in words.items() if told}

    def without(self, name: str) -> dict[str, str]:
        """The same search without this filter."""
        return {"q": "", **self.query, name: ""}

    @property
    def pages(self) -> int:
        return -(-self.found.total // PAGE) if self.found else 0


def _alike(choice: Choice) -> tuple[Any, ...]:
    """What a student tells cohorts apart by."""
    return choice.place, choice.leertraject, choice.start, choice.start_from, choice.crebo


def shelf(opened: Opened, query: Mapping[str, str]) -> Shelf:
    """What was posted or picked; else what is searched for; else what was chosen before, or what
    the school's link names."""
    with db.reading() as connection:
        return _shelf(connection, opened, query)


def _shelf(connection: Connection, opened: Opened, query: Mapping[str, str]) -> Shelf:
    filters, page = _filters(query), _whole(query.get("pagina", "")) or 1
    only = only_at(opened)
    if only:
        filters = replace(filters, brin=only)
    asked = {name: text for name in NAMES if (text := _line(query, name, 100)).strip()}
    quick = "voorstel" in query  # while typing
    refining = "verfijnen" in query
    found: Found | None = None
    programme: list[Offered] = []
    if "cohort" in query or "programma" in query:
        programme = _picked(connection, opened, query)
    elif asked:
        most = SUGGESTED if quick else PAGE
        first, counted = (page - 1) * PAGE, refining and not quick
        looked_for = (connection, asked.get("q", ""), filters, opened.now)
        found = search.search(*looked_for, first, most, counted)
        if first and found.total and not found.groups:  # less was left than when it was kept
            page = -(-found.total // PAGE)
            found = search.search(*looked_for, (page - 1) * PAGE, most, counted)
    elif quick or "q" in query:
        pass
    elif opened.answers.choice is not None:
        programme = catalogue.group(connection, opened.answers.choice.programme_id, opened.now)
    elif opened.link is not None:
        programme = list(links.offered(connection, opened.link, opened.now))
        if programme and not any(o.visibility.open for o in programme):
            # The cohort that the link names has closed since: its other starts may not have.
            programme = catalogue.alike(connection, programme, opened.now)
        if len({o.group_key for o in programme}) != 1:  # a crebo under more names, or a school
            programme, filters = [], Filters(brin=opened.link.brin)
            asked = {"q": opened.link.crebo, "school": filters.brin}
            found = search.search(connection, opened.link.crebo, filters, opened.now, most=PAGE)
    seen = tuple(o for o in programme if not o.visibility.hidden and only in ("", o.choice.brin))
    missing = "programma" in query and not seen
    school = names(connection, opened.now).called_school(filters.brin) if filters.brin else ""
    asked_for = bool({"programma", *NAMES} & query.keys())
    of_search = (filters, found, page, refining, school, seen, asked)
    return Shelf(*of_search, asked_for, missing, bool(only))


def only_at(opened: Opened) -> str:
    """BRIN of the one school that it can be at: the registratiecode was hers (INT-1)."""
    by_code = opened.answers.interest is Interest.CODE and opened.link is not None
    return opened.link.brin if by_code and opened.link else ""


NAMES = ("q", "school", "niveau", "leertraject", "plaats")


def _filters(query: Mapping[str, str]) -> Filters:
    return Filters(
        brin=_line(query, "school", 4),
        level=_whole(query.get("niveau", "")),
        leertraject=_line(query, "leertraject", 10),
        place=_line(query, "plaats", 80),
    )


def _line(query: Mapping[str, str], name: str, longest: int) -> str:
    """A database takes no NUL."""
    return "".join(c for c in query.get(name, "")[:longest] if c.isprintable())


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None


def _picked(connection: Connection, opened: Opened, query: Mapping[str, str]) -> list[Offered]:
    programme_id = query.get("programma", "")
    if cohort_id := query.get("cohort", ""):
        choice = catalogue.find(connection, cohort_id, opened.now)
        programme_id = choice.programme_id if choice else programme_id
    found = catalogue.group(connection, programme_id, opened.now)
    # What is hidden leads to nothing, also where another of its name can be seen (DEE-5).
    named = (o for o in found if o.choice.programme_id == programme_id.lower())
    return found if any(not o.visibility.hidden for o in named) else []


class ChoiceForm(AnswerForm):
    cohort = RadioField(
        _("Opleiding"), [InputRequired(_("Kies waar, hoe en wanneer"))], validate_choice=False
    )
    first: str | None = None  # of the application that stands in the way: the draft it was

    @classmethod
    def shown(cls, answer: Choice | None) -> dict[str, Any]:
        return {"cohort": answer.cohort_id} if answer else {}

    def prepare(self, opened: Opened, offered: Shelf) -> None:
        self.offered, self.student_id, kept = offered, opened.student_id, opened.walk.kept
        short = (
            o.choice for o in offered.open if advice.falls_short(replace(kept, choice=o.choice))
        )
        self.above = next(short, None)  # of a level that asks more than the student has
        lost = opened.answers.choice is not None and kept.choice is None
        if not self.is_submitted() and len(offered.open) == 1 and not lost:
            # Nothing else can be meant; but nobody gets another start than the one they lost.
            self.cohort.data = offered.open[0].choice.cohort_id

    def validate_cohort(self, field: Any) -> None:
        """As RIO has it now (CAT-1); and not what the student applied for already (WIZ-15)."""
        named = (o.choice for o in self.offered.programme if o.choice.cohort_id == field.data)
        self.chosen = next(named, None)
        if self.chosen is not None:
            with db.reading() as connection:
                self.first = applications.running_for(
                    connection, self.student_id, self.chosen.cohort_id
                )
            if self.first is not None:
                raise ValidationError(labels.APPLIED)
            registers, store = equipment.registers(), equipment.store()
            catalogue_renew.renew(registers.catalogue, store, self.chosen.programme_id)
            with db.reading() as connection:
                again = catalogue.of_programme(connection, self.chosen.programme_id, clock.now())
            by_id = {o.choice.cohort_id: o for o in again}
            found = by_id.get(self.chosen.cohort_id)
            if found is not None and found.visibility.open:
                self.chosen = found.choice
                return
            if found is not None and not found.visibility.hidden:
                raise ValidationError(labels.why_not(found.choice, found.visibility))
        raise ValidationError(
            _("Voor deze opleiding kun je je nu niet aanmelden. Kies een andere.")
        )

    def answer(self) -> Choice:
        assert self.chosen is not None, "validated"
        return self.chosen


def lines(choice: Choice) -> Iterable[Line]:
    yield _("Opleiding"), labels.programme(choice)
    if choice.level:
        yield _("Niveau"), str(choice.level)
    yield _("School"), Named(choice.institution, "")
    yield _("Plaats"), Named(choice.place, "")
    yield _("Leertraject"), Sentence(labels.LEERTRAJECT.get(choice.leertraject, choice.leertraject))
    if choice.start is not None:  # else it is a question of its own
        yield _("Start"), labels.start(choice)


STEP = Step(
    "choice",
    slug="opleiding",
    title=_("Welke opleiding wil je doen?"),
    short=_("Opleiding"),
    form=ChoiceForm,
    lines=lines,
    template="wizard/choice.html",
    offer=shelf,
)
