"""A prior education that DUO doesn't know, told by the student (WIZ-6)."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import labels
from app.domain.education import Diploma, EducationLevel, PriorEducation, Where
from app.i18n import mark as _
from app.services.drafts import Opened
from app.wizard.fields import Text, one_of
from app.wizard.step import AnswerForm, Step, typed
from app.wizard.steps.picked import education_lines

OLDEST = 80  # years ago that somebody may have left school


class EducationForm(AnswerForm):
    where = one_of(
        RadioField,
        _("Waar ging je naar school?"),
        _("Kies waar je naar school ging"),
        (SelectChoice(where, text) for where, text in labels.WHERE.items()),
    )
    school = Text(
        _("Naam van de school"),
        100,
        _("Vul de naam van je school in"),
        hint=_("Was het geen school? Vul in wat je deed, zoals: les thuis."),
    )
    level = one_of(
        SelectField,
        _("Niveau"),
        _("Kies een niveau"),
        [
            SelectChoice("", _("Kies een niveau")),
            *(SelectChoice(level, text) for level, text in labels.LEVEL.items()),
        ],
    )
    programme = Text(
        _("Naam van de opleiding"), 200, hint=_("Bijvoorbeeld: zorg en welzijn, of kok.")
    )
    year = Text(
        _("Jaar"),
        4,
        _("Vul een jaar in, zoals 2026"),
        hint=_("Wanneer je klaar was of klaar bent, zoals 2026."),
        width="4",
        kind="numeric",
    )
    diploma = one_of(
        RadioField,
        _("Heb je het diploma?"),
        _("Kies of je het diploma hebt"),
        (SelectChoice(diploma, text) for diploma, text in labels.DIPLOMA.items()),
    )

    @classmethod
    def shown(cls, answer: PriorEducation | None) -> dict[str, Any]:
        return {**vars(answer), "year": str(answer.year or "")} if answer else {}

    def prepare(self, opened: Opened, offered: Any) -> None:
        self.today = opened.today

    def validate_year(self, field: Any) -> None:
        first, last = self.today.year - OLDEST, self.today.year + 1
        if not (field.data.isdecimal() and first <= int(field.data) <= last):
            raise ValidationError(_("Klopt dit jaar? Vul vier cijfers in, zoals 2026"))
        if self.diploma.data == Diploma.EXAM and int(field.data) < self.today.year:
            raise ValidationError(_("Doe je dit jaar examen? Vul dan dit jaar of volgend jaar in"))
        if self.diploma.data == Diploma.YES and int(field.data) > self.today.year:
            raise ValidationError(_("Heb je het diploma al? Vul het jaar in waarin je het kreeg"))

    def answer(self) -> PriorEducation:
        return PriorEducation(
            school=self.school.data,
            programme=self.programme.data,
            level=EducationLevel(self.level.data),
            diploma=Diploma(self.diploma.data),
            where=Where(self.where.data),
            year=int(self.year.data),
        )


STEP = Step(
    "education",
    slug="school",
    title=_("Wat deed je hiervoor?"),
    short=_("Je school"),
    form=EducationForm,
    lines=education_lines,
    origin=typed,
    intro=_(
        "Vertel over de school waar je nu bent of het laatst was. "
        "Zo ziet je nieuwe school welk niveau bij je past."
    ),
)
