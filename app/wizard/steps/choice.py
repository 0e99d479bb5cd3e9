"""Which programme, and which intake of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection
from wtforms import RadioField
from wtforms.validators import InputRequired, ValidationError

from app import labels
from app.domain.catalogue import Availability, Choice, availability
from app.i18n import Sentence
from app.i18n import mark as _
from app.services import catalogue, links
from app.services.drafts import Opened
from app.wizard.step import AnswerForm, Line, Step

OPEN = Availability.OPEN


def offered(connection: Connection, opened: Opened, query: Mapping[str, str]) -> tuple[Choice, ...]:
    """What was posted; else what is searched for, or what the school's link names."""
    if cohort_id := query.get("cohort", ""):
        found = catalogue.find(connection, cohort_id, opened.now)
        return (found,) if found else ()
    found_all = links.choices(connection, opened.link, query.get("q", ""), opened.now)
    chosen = opened.answers.choice
    if not query.get("q") and not found_all and chosen is not None:
        again = catalogue.find(connection, chosen.cohort_id, opened.now)
        return (again,) if again and availability(again, opened.today) is OPEN else ()
    return found_all


class ChoiceForm(AnswerForm):
    cohort = RadioField(
        _("Opleiding"), [InputRequired(_("Kies een opleiding"))], validate_choice=False
    )

    @classmethod
    def shown(cls, answer: Choice | None) -> dict[str, Any]:
        return {"cohort": answer.cohort_id} if answer else {}

    def prepare(self, opened: Opened, offered: tuple[Choice, ...]) -> None:
        self.today = opened.today
        self.offered = offered
        if not self.is_submitted() and not self.cohort.data and len(offered) == 1:
            self.cohort.data = offered[0].cohort_id

    def validate_cohort(self, field: Any) -> None:
        if not self.offered or availability(self.offered[0], self.today) is not OPEN:
            raise ValidationError(
                _("Voor deze opleiding kun je je nu niet aanmelden. Kies een andere.")
            )

    def answer(self) -> Choice:
        return self.offered[0]


def lines(choice: Choice) -> Iterable[Line]:
    yield _("Opleiding"), choice.programme
    yield _("School"), choice.institution
    yield _("Plaats"), choice.place
    yield _("Leertraject"), Sentence(labels.LEERTRAJECT.get(choice.leertraject, choice.leertraject))
    if labels.start(choice):
        yield _("Start"), labels.start(choice)


STEP = Step(
    "choice",
    slug="opleiding",
    title=_("Welke opleiding wil je doen?"),
    short=_("Opleiding"),
    form=ChoiceForm,
    lines=lines,
    template="wizard/choice.html",
    offer=offered,
)
