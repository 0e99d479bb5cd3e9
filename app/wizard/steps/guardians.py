"""Who looks after the student: required of who may be a minor (WIZ-10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import Form, FormField

from app import equipment
from app.domain import rules
from app.domain.draft import Draft, Guardian
from app.i18n import Sentence
from app.i18n import mark as _
from app.phone_numbers import readable_phone
from app.services.drafts import Opened
from app.wizard.fields import Text, email, phone
from app.wizard.step import AnswerForm, Line, Step


class GuardianFields(Form):  # type: ignore[misc]
    first_names = Text(_("Voornamen van je ouder of verzorger"), 100)
    prefix = Text(_("Tussenvoegsel"), 20, hint=_("Bijvoorbeeld: van de"), width="10")
    surname = Text(_("Achternaam"), 200)
    phone = Text(_("Telefoonnummer"), 40, width="10", kind="tel", validators=[phone])
    email = Text(_("E-mailadres"), 100, kind="email", validators=[email])


REQUIRED = {
    "first_names": _("Vul de voornamen van je ouder of verzorger in"),
    "surname": _("Vul de achternaam van je ouder of verzorger in"),
    "phone": _("Vul het telefoonnummer van je ouder of verzorger in, zoals 06 12345678"),
}


class GuardiansForm(AnswerForm):
    first = FormField(GuardianFields)
    second = FormField(GuardianFields)

    @classmethod
    def shown(cls, answer: tuple[Guardian, ...] | None) -> dict[str, Any]:
        return dict(zip(("first", "second"), answer or (), strict=False))

    def prepare(self, opened: Opened, offered: tuple[Any, ...]) -> None:
        self.minor = rules.minor(opened.walk.kept, opened.today)
        if equipment.settings().guardians < 2:
            del self.second
        if not self.is_submitted():
            for block in self.blocks():
                block.form.phone.data = readable_phone(block.form.phone.data or "")

    def blocks(self) -> list[Any]:
        return [self[name] for name in ("first", "second") if name in self]

    def validate(self, extra_validators: Any = None) -> bool:
        """A guardian begun must be complete; a minor must give the first."""
        valid = bool(super().validate(extra_validators))
        for at, block in enumerate(self.blocks()):
            if not (any(block.data.values()) or (at == 0 and self.minor)):
                continue
            for name, message in REQUIRED.items():
                if not block.form[name].data and not block.form[name].errors:
                    block.form[name].errors = [message]
                    valid = False
        return valid

    def answer(self) -> tuple[Guardian, ...]:
        return tuple(Guardian(**block.data) for block in self.blocks() if any(block.data.values()))


def lines(guardians: tuple[Guardian, ...]) -> Iterable[Line]:
    if not guardians:
        yield _("Ouder of verzorger"), Sentence(_("Niet opgegeven"))
    for guardian in guardians:
        names = (guardian.first_names, guardian.prefix, guardian.surname)
        yield _("Ouder of verzorger"), " ".join(part for part in names if part)
        yield _("Telefoonnummer"), readable_phone(guardian.phone)
        if guardian.email:
            yield _("E-mailadres"), guardian.email


def announced(kept: Draft, today: date) -> str:
    return "" if rules.minor(kept, today) else _("Ouder of verzorger (niet verplicht)")


STEP = Step(
    "guardians",
    slug="ouders",
    title=_("Wie is je ouder of verzorger?"),
    short=_("Ouder of verzorger"),
    form=GuardiansForm,
    lines=lines,
    template="wizard/guardians.html",
    announced=announced,
)
