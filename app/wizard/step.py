"""How one question of the draft is put to the student."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm

from app.domain.draft import Draft
from app.i18n import mark as _
from app.services.drafts import Opened

Offer = Callable[[Opened, Mapping[str, str]], Any]  # what there is to choose from
Line = tuple[str, str]  # a label, and a value: a Sentence, or what somebody typed


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """A form whose fields carry the names of the answer that it builds."""

    answer_type: ClassVar[type]
    mistaken = _("Dit klopt nog niet")  # above the summary of what to look at
    keeps: ClassVar[bool] = True  # what couldn't be saved stands there again

    class Meta:
        csrf = False  # the view checks the token, and says so when it is stale

    @classmethod
    def of(cls, offered: Any) -> type[AnswerForm]:
        """The form for what there is to choose, where a question has more than one."""
        return cls

    @classmethod
    def shown(cls, answer: Any) -> Any:
        """What fills the fields for an answer given earlier."""
        return answer

    def prepare(self, opened: Opened, offered: Any) -> None:
        """Before drawing or validating: leave out what isn't asked, offer the choices."""

    def foreseen(self) -> Any:
        """The only answer there can be, where that is known: it counts for the steps ahead."""
        return None

    def answer(self) -> Any:
        return self.answer_type(**{f.name: self[f.name].data for f in fields(self.answer_type)})


BY_DUO, BY_STUDENT = _("Van DUO"), _("Zelf ingevuld")


def typed(answer: Any) -> str:
    """Of what DUO could have told, and the student did (DUO-5)."""
    return BY_STUDENT


@dataclass(frozen=True)
class Step:
    question: str  # the field of Draft
    slug: str  # in the address
    title: str  # the question itself
    short: str  # as a heading on the check page, and in «Hierna: …»
    form: type[AnswerForm]
    lines: Callable[[Any], Iterable[Line]]  # an answer as the check page shows it
    template: str = "wizard/step.html"
    intro: str = ""
    of_choice: bool = False  # it is about the cohort that was chosen, and names it
    origin: Callable[[Any], str] = lambda answer: ""  # who said it, where that isn't obvious
    # What stands in «Hierna: …» for who may leave the question open; empty for who may not.
    announced: Callable[[Draft, date], str] = lambda kept, today: ""
    offer: Offer | None = None  # choices for `?q=`, and for what was posted
