"""When to begin, in a cohort that one can join on any day of a period (WIZ-8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms.validators import ValidationError

from app import labels
from app.domain.catalogue import first_start, last_start
from app.domain.draft import StartDay
from app.i18n import Sentence
from app.i18n import mark as _
from app.services.drafts import Opened
from app.wizard.fields import Day
from app.wizard.step import AnswerForm, Line, Step


class StartDayForm(AnswerForm):
    day = Day(_("Startdatum"), _("Kies de dag waarop je wilt beginnen"))

    def prepare(self, opened: Opened, offered: Any) -> None:
        choice = opened.answers.choice
        assert choice is not None, "asked of a flexible cohort"
        self.choice = choice
        self.day.first, self.day.last = first_start(choice, opened.today), last_start(choice)

    def validate_day(self, field: Any) -> None:
        first, last = field.first, field.last
        if first is not None and field.data < first:
            raise ValidationError(Sentence(_("Kies een dag vanaf %(day)s"), day=labels.day(first)))
        if last is not None and field.data > last:
            raise ValidationError(
                Sentence(_("Kies een dag tot en met %(day)s"), day=labels.day(last))
            )

    def answer(self) -> StartDay:
        assert self.day.data is not None, "validated"
        return StartDay(self.choice.cohort_id, self.day.data)


def lines(answer: StartDay) -> Iterable[Line]:
    yield _("Startdatum"), labels.day(answer.day)


STEP = Step(
    "start_day",
    slug="startdatum",
    title=_("Wanneer wil je beginnen?"),
    short=_("Startdatum"),
    form=StartDayForm,
    lines=lines,
    intro=_("Bij deze opleiding kies je zelf je eerste dag. De school overlegt nog met je."),
    of_choice=True,
)
