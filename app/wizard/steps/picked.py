"""Which prior education counts: one that DUO knows, another, or none (WIZ-6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired, ValidationError

from app import keys, labels
from app.codec import encode
from app.domain.draft import From, Learnt, Outcome, Picked
from app.domain.education import EducationLevel, PriorEducation
from app.i18n import Named, Sentence
from app.i18n import mark as _
from app.services.drafts import Opened
from app.wizard.step import BY_DUO, AnswerForm, Line, Step

OTHER, NONE, SKIP = "anders", "geen", "overslaan"  # beside those of DUO, by their fingerprints
SOURCES = {OTHER: From.STUDENT, NONE: From.NONE, SKIP: From.UNTOLD}


def what_duo_says(opened: Opened, query: Mapping[str, str]) -> Learnt:
    """Of who came without DigiD, nothing."""
    return opened.said().learnt


def value_of(picked: Picked) -> str:
    if picked.education is not None:
        return keys.fingerprint(encode(picked.education))
    return next((value for value, source in SOURCES.items() if source is picked.source), NONE)


class PickedForm(AnswerForm):
    against = HiddenField()  # what DUO said on the page that was chosen from
    which = RadioField(
        _("Vooropleiding"), [InputRequired(_("Kies wat bij jou past"))], validate_choice=False
    )

    @classmethod
    def shown(cls, answer: Picked | None) -> dict[str, Any]:
        return {"which": value_of(answer)} if answer else {}

    def prepare(self, opened: Opened, offered: Learnt) -> None:
        self.outcome, self.optional = offered.outcome, opened.answers.interest is not None
        if self.against.data not in set(Outcome):
            self.against.data = offered.outcome
        known = [Picked(From.DUO, education) for education in offered.educations]
        self.known = {value_of(picked): picked for picked in known}
        self.open = {*self.known, OTHER, NONE, *([SKIP] if self.optional else [])}
        if self.is_submitted() or self.which.data in self.open:
            return
        if self.optional:
            self.which.data = SKIP
        elif len(known) == 1:
            self.which.data = next(iter(self.known))

    def validate_which(self, field: Any) -> None:
        if field.data not in self.open:
            self.against.data = self.outcome
            raise ValidationError(_("Je gegevens bij DUO zijn net veranderd. Kies nog een keer."))

    def answer(self) -> Picked:
        chosen = self.which.data
        if chosen in self.known:
            return self.known[chosen]
        return Picked(SOURCES[chosen], against=Outcome(self.against.data))


def lines(picked: Picked) -> Iterable[Line]:
    if picked.education is not None:
        yield from education_lines(picked.education)
    elif picked.source is From.STUDENT:
        yield _("Vooropleiding"), Sentence(_("Staat niet bij DUO"))
    elif picked.source is From.UNTOLD:
        yield _("Vooropleiding"), Sentence(_("Overgeslagen"))
    else:
        yield _("Vooropleiding"), Sentence(_("Geen vooropleiding"))


def education_lines(learnt: PriorEducation) -> Iterable[Line]:
    def said(text: str) -> str:
        """DUO's names are Dutch; what a student typed is in any language."""
        return Named(text, "") if learnt.by_duo else text

    yield _("School"), said(learnt.school)
    if learnt.programme:
        yield _("Opleiding"), said(learnt.programme)
    if learnt.where is not None:
        yield _("Waar"), Sentence(labels.WHERE[learnt.where])
    unnamed = not learnt.programme and learnt.level is not EducationLevel.OTHER
    if learnt.where is not None or unnamed:
        yield _("Niveau"), Sentence(labels.LEVEL[learnt.level])
    if learnt.year is not None:
        yield _("Wanneer"), str(learnt.year)
    if learnt.started is not None:
        yield _("Vanaf"), labels.day(learnt.started)
    if learnt.ended is not None:
        yield _("Tot en met"), labels.day(learnt.ended)
    if learnt.diploma is not None:
        yield _("Diploma"), Sentence(labels.DIPLOMA[learnt.diploma])
    if learnt.decided is not None:
        yield _("Datum van de uitslag"), labels.day(learnt.decided)
    if learnt.result:
        yield _("Eindresultaat"), labels.result(learnt.result)
    if learnt.subjects:
        each = (f"{subject.name} {subject.result}".strip() for subject in learnt.subjects)
        yield _("Vakken"), said(", ".join(each))


STEP = Step(
    "picked",
    slug="vooropleiding",
    title=_("Wat is je vooropleiding?"),
    short=_("Vooropleiding"),
    form=PickedForm,
    lines=lines,
    template="wizard/picked.html",
    origin=lambda picked: BY_DUO if picked.education else "",
    offer=what_duo_says,
)
