"""How the school reaches the student."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from wtforms import HiddenField

from app.domain.draft import Contact
from app.domain.mail_domains import suggestion
from app.i18n import Sentence
from app.i18n import mark as _
from app.phone_numbers import readable_phone
from app.services.drafts import Opened
from app.wizard.fields import Text, email, phone
from app.wizard.step import AnswerForm, Line, Step

ONE_OF_TWO = _("Vul je e-mailadres of je telefoonnummer in")


class ContactForm(AnswerForm):
    answer_type = Contact
    suggested = ""  # an address that is probably meant
    either = False  # an e-mail address or a telephone number: one of the two

    roepnaam = Text(
        _("Roepnaam"),
        75,
        _("Vul je roepnaam in"),
        hint=_("Zo noemt iedereen je, en straks ook de school."),
        autocomplete="nickname",
    )
    email = Text(
        _("E-mailadres"),
        100,
        _("Vul je e-mailadres in, zoals naam@voorbeeld.nl"),
        hint=_("De school stuurt je hier berichten. Kies een adres dat je vaak bekijkt."),
        autocomplete="email",
        kind="email",
        validators=[email],
    )
    phone = Text(
        _("Telefoonnummer"),
        40,
        hint=_("Dan kan de school je ook bellen."),
        autocomplete="tel",
        width="10",
        kind="tel",
        validators=[phone],
    )

    asked = HiddenField()  # the address about which «bedoel je …?» was asked already
    meant = HiddenField()  # the button that takes what was suggested

    @classmethod
    def shown(cls, answer: Contact | None) -> dict[str, Any]:
        """An address that was answered already isn't asked about again."""
        return {**vars(answer), "asked": answer.email} if answer else {}

    def validate(self, extra_validators: Any = None) -> bool:
        """A typing error in a well-known domain is asked about once, and never corrected unasked
        (WIZ-5)."""
        if not super().validate(extra_validators):
            return False
        self.suggested = suggestion(self.email.data)
        if self.suggested and self.meant.data:
            self.email.data = self.suggested
        elif self.suggested and self.asked.data != self.email.data:
            said = _("Bedoel je %(email)s?")
            self.mistaken = _("Controleer je e-mailadres")
            self.email.errors = [Sentence(said, email=self.suggested)]
            self.asked.data = self.email.data
            return False
        return True

    def prepare(self, opened: Opened, offered: tuple[Any, ...]) -> None:
        self.either = opened.answers.interest is not None
        if self.either:  # one way of contact will do for an interessemelding (INT-1)
            self.email.required = "" if self.phone.data else ONE_OF_TWO
        if self.is_submitted():
            return
        self.phone.data = readable_phone(self.phone.data or "")
        if not self.roepnaam.data:
            first_names, _prefix, _surname = opened.walk.kept.names
            self.roepnaam.data = first_names.split(" ")[0]


class ChangedForm(ContactForm):
    """Of an application that was sent: the name in it stays."""

    roepnaam = None  # type: ignore[assignment]

    def prepare(self, opened: Opened, offered: Any) -> None:
        assert opened.answers.contact is not None, "of what was sent"
        self.name = opened.answers.contact.roepnaam
        if not self.is_submitted():
            self.phone.data = readable_phone(self.phone.data or "")

    def answer(self) -> Contact:
        return Contact(self.name, self.email.data, self.phone.data)


def lines(contact: Contact) -> Iterable[Line]:
    yield _("Roepnaam"), contact.roepnaam
    if contact.email:
        yield _("E-mailadres"), contact.email
    if contact.phone:
        yield _("Telefoonnummer"), readable_phone(contact.phone)


STEP = Step(
    "contact",
    slug="contact",
    title=_("Hoe kan de school je bereiken?"),
    short=_("Contact"),
    form=ContactForm,
    lines=lines,
    template="wizard/contact.html",
)
CHANGED = replace(STEP, form=ChangedForm)
