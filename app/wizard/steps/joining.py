"""A cohort that began in an earlier study year: one joins its second or third year (WIZ-8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField
from wtforms.validators import InputRequired

from app import labels
from app.domain.catalogue import joins_in_year
from app.domain.draft import Joining
from app.i18n import Sentence
from app.i18n import mark as _
from app.services.drafts import Opened
from app.wizard.step import AnswerForm, Line, Step


class JoiningForm(AnswerForm):
    sure = BooleanField(
        _("Ja, dat klopt"), [InputRequired(_("Zet een vinkje als je in dat leerjaar instapt"))]
    )

    @classmethod
    def shown(cls, answer: Joining | None) -> dict[str, Any]:
        return {"sure": answer is not None}

    def prepare(self, opened: Opened, offered: Any) -> None:
        choice = opened.answers.choice
        assert choice is not None and choice.start is not None, "asked of a cohort with a start"  # noqa: PT018
        self.choice, self.year = choice, joins_in_year(choice, opened.today)
        self.began = labels.day(choice.start)
        if not self.is_submitted() and not self.sure.raw_data:
            # The tick of another leerjaar, or another cohort, confirms nothing here.
            self.sure.data = opened.walk.kept.joining is not None

    def answer(self) -> Joining:
        return Joining(self.choice.cohort_id, self.year)


def lines(joining: Joining) -> Iterable[Line]:
    yield _("Leerjaar"), Sentence(_("Je stapt in het %(year)de leerjaar in"), year=joining.year)


STEP = Step(
    "joining",
    slug="leerjaar",
    title=_("In welk leerjaar stap je in?"),
    short=_("Leerjaar"),
    form=JoiningForm,
    lines=lines,
    template="wizard/joining.html",
    of_choice=True,
)
