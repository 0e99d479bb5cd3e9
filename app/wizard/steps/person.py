"""Who the student is: what DUO says, checked (DUO-1), and what DUO doesn't know, typed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from app import keys, labels
from app.codec import encode
from app.domain import rules
from app.domain.draft import Known, Personal
from app.domain.person import Person, spoken
from app.i18n import Sentence
from app.i18n import mark as _
from app.pages import born
from app.services.drafts import Opened
from app.wizard.fields import BirthDate, Text, one_of
from app.wizard.step import BY_DUO, AnswerForm, Line, Step, typed
from app.wizard.steps.address import address_lines


def what_duo_says(opened: Opened, query: Mapping[str, str]) -> tuple[Known, ...]:
    return (opened.said().known,)


class PersonForm(AnswerForm):
    """The student can't change what comes from DUO, only say that they saw it, and whether post
    goes elsewhere (DUO-1)."""

    seen = HiddenField()
    post_elsewhere = BooleanField(_("Stuur mijn post naar een ander adres"))

    def prepare(self, opened: Opened, offered: tuple[Known, ...]) -> None:
        (self.known,) = offered
        person = self.known.person
        self.changed = changed(opened.answers.person, person)
        self.address = list(address_lines(person.address)) if person and person.address else []
        self.fingerprint = keys.fingerprint(encode(self.known))
        if not self.is_submitted():
            self.seen.data = self.fingerprint
        self.before = opened.answers
        if rules.address_at_duo(self.known, opened.today) is None or opened.answers.interest:
            del self.post_elsewhere

    def validate_seen(self, field: Any) -> None:
        if self.known.person is not None and self.known.person.gone:
            raise ValidationError(_("Met deze gegevens kun je je hier niet aanmelden."))
        seen = (field.data or "").encode(errors="replace")
        if not secrets.compare_digest(seen, self.fingerprint.encode()):
            field.data = self.fingerprint
            raise ValidationError(
                _("Je gegevens bij DUO zijn net veranderd. Controleer ze nog een keer.")
            )

    def foreseen(self) -> Known:
        return self.answer()

    def answer(self) -> Known:
        """An interessemelding asks for no address: what was said of it before stays so."""
        if self.before.interest:
            elsewhere = self.before.person is not None and self.before.person.post_elsewhere
        else:
            elsewhere = "post_elsewhere" in self and self.post_elsewhere.data
        return replace(self.known, post_elsewhere=elsewhere)


LETTER = {  # the paragraphs of the letter, and what of a person each tells
    "name": ("name", "called"),
    "born": ("birth_date",),
    "sex": ("sex",),
    "birthplace": ("birth_place", "birth_country"),
    "address": ("address", "address_secret", "suspended"),
}


def changed(before: Known | None, now: Person | None) -> frozenset[str]:
    """The paragraphs that tell something else than when the student read them (DUO-9)."""
    if before is None or before.current or before.person is None or now is None:
        return frozenset()
    was = before.person
    return frozenset(
        paragraph
        for paragraph, told in LETTER.items()
        if any(getattr(was, name) != getattr(now, name) for name in told)
    )


class PersonalForm(AnswerForm):
    answer_type = Personal

    first_names = Text(
        _("Voornamen"),
        200,
        hint=_("Zoals in je paspoort of op je ID-kaart."),
        autocomplete="given-name",
    )
    prefix = Text(_("Tussenvoegsel"), 20, hint=_("Bijvoorbeeld: van de"), width="10")
    surname = Text(
        _("Achternaam"),
        200,
        _("Vul je achternaam in"),
        hint=_("Heb je maar één naam? Vul die dan hier in."),
        autocomplete="family-name",
    )
    birth_date = BirthDate(_("Geboortedatum"))
    sex = one_of(
        RadioField,
        _("Geslacht"),
        _("Kies je geslacht"),
        [
            SelectChoice("V", _("Vrouw")),
            SelectChoice("M", _("Man")),
            SelectChoice("-", _("Zeg ik liever niet")),
        ],
    )

    def prepare(self, opened: Opened, offered: tuple[Any, ...]) -> None:
        self.today = opened.today
        asked = rules.missing(opened.walk.kept)
        for name in ("first_names", "prefix", "surname", "birth_date", "sex"):
            if name not in asked:
                del self[name]

    def validate_surname(self, field: Any) -> None:
        """«.» and «-» are how people write that they have none."""
        if not any(letter.isalpha() for letter in field.data):
            raise ValidationError(_("Vul je achternaam in"))

    def answer(self) -> Personal:
        return Personal(**{f.short_name: f.data for f in self})


def known_lines(known: Known) -> Iterable[Line]:
    person = known.person
    if person is None:
        yield _("Gegevens van DUO"), Sentence(_("Niet gevonden"))
        return
    if person.name:
        yield _("Naam"), person.name
    if person.called != person.name:
        yield _("Naam die je gebruikt"), spoken(*person.preferred)
    if born(person.birth_date):
        yield _("Geboortedatum"), born(person.birth_date)
    yield _("Geslacht"), Sentence(labels.SEX[person.sex])
    if person.address is not None:
        yield from address_lines(person.address)


def personal_lines(personal: Personal) -> Iterable[Line]:
    if personal.surname:
        yield _("Naam"), spoken(personal.first_names, personal.prefix, personal.surname)
    if personal.birth_date:
        yield _("Geboortedatum"), born(personal.birth_date)
    if personal.sex:
        yield _("Geslacht"), Sentence(labels.SEX[personal.sex])


STEP = Step(
    "person",
    slug="gegevens",
    title=_("Kloppen je gegevens?"),
    short=_("Je gegevens"),
    form=PersonForm,
    lines=known_lines,
    template="wizard/person.html",
    origin=lambda known: BY_DUO if known.person else "",
    offer=what_duo_says,
)

PERSONAL = Step(
    "personal",
    slug="over-jou",
    title=_("Wie ben je?"),
    short=_("Over jou"),
    form=PersonalForm,
    lines=personal_lines,
    template="wizard/personal.html",
    origin=typed,
)
