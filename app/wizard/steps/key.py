"""The access code of a cohort that isn't for everybody (WIZ-9)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms.validators import ValidationError

from app import equipment
from app.domain.draft import Key
from app.i18n import Sentence
from app.i18n import mark as _
from app.services import access_codes
from app.services.drafts import Opened
from app.wizard.fields import Secret
from app.wizard.step import AnswerForm, Line, Step


class KeyForm(AnswerForm):
    keeps = False
    code = Secret(
        _("Toegangscode"),
        60,
        _("Vul de toegangscode in"),
        hint=_("Hoofdletters en spaties maken niet uit."),
        autocomplete="off",
        width="10",
    )

    @classmethod
    def shown(cls, answer: Key | None) -> dict[str, Any]:
        return {}

    def prepare(self, opened: Opened, offered: Any) -> None:
        assert opened.answers.choice is not None, "asked of a cohort only"
        self.opened, self.choice = opened, opened.answers.choice

    def validate_code(self, field: Any) -> None:
        store = equipment.store()
        if not access_codes.fits(store, self.opened.student_id, self.choice, field.data):
            raise ValidationError(
                _(
                    "Deze toegangscode klopt niet. "
                    "Typ hem nog een keer, of vraag de school om de code."
                )
            )

    def answer(self) -> Key:
        return Key(self.choice.cohort_id, self.choice.lock)


def lines(key: Key) -> Iterable[Line]:
    yield _("Toegangscode"), Sentence(_("Goed ingevuld"))


STEP = Step(
    "key",
    slug="toegangscode",
    title=_("Wat is de toegangscode?"),
    short=_("Toegangscode"),
    form=KeyForm,
    lines=lines,
    intro=_("Deze opleiding is niet voor iedereen. Je hebt een code van de school nodig."),
    of_choice=True,
    template="wizard/key.html",
)
