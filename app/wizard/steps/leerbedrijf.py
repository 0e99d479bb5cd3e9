"""Where the student works beside school: search, look, choose, or «ik heb er nog geen» (WIZ-11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from wtforms import StringField
from wtforms.validators import ValidationError

from app import equipment, labels
from app.domain import rules
from app.domain.draft import Draft
from app.domain.leerbedrijf import Accreditation, Companies, Leerbedrijf
from app.domain.ports import RegisterError
from app.i18n import Sentence
from app.i18n import mark as _
from app.services import leerbedrijven
from app.services.drafts import Opened
from app.wizard.step import AnswerForm, Line, Step

PAGE, SUGGESTED = 10, 8  # results
LONGEST = 100  # characters of a query
NONE = "geen"  # what is posted for «ik heb nog geen leerbedrijf»


class Shelf(NamedTuple):
    """What there is to see: results of a search, or one company."""

    text: str = ""  # that was searched for
    page: int = 1
    query: Mapping[str, str | int] = {}  # what leads to these results; empty: nobody searched
    found: Companies = Companies()
    company: Leerbedrijf | None = None
    kept: bool = False  # the company is the answer given before
    missing: bool = False  # SBB doesn't have the one looked at
    down: bool = False  # SBB couldn't be asked

    @property
    def one_letter(self) -> bool:
        """Too little to look for."""
        return len(self.text) == 1


def shelf(opened: Opened, query: Mapping[str, str]) -> Shelf:
    """The company pressed or looked at, what was searched for, or else the answer given before."""
    asked, wanted = _asked(query), query.get("company") or query.get("bedrijf", "")
    (kept,) = opened.walk.kept.leerbedrijf or (None,)
    if wanted == NONE:
        return Shelf(asked.text)
    register, store = equipment.registers().companies, equipment.store()
    try:
        if wanted:
            company = leerbedrijven.look_up(register, store, opened, wanted)
            return asked._replace(company=company, missing=company is None)
        if asked.query:
            first, most = (1, SUGGESTED) if "voorstel" in query else (asked.page, PAGE)
            found = leerbedrijven.search(register, store, opened, asked.text, first, most)
            return asked._replace(found=found)
    except RegisterError:
        again = kept if kept is not None and kept.id == wanted else None
        return asked._replace(company=again, kept=again is not None, down=True)
    return asked._replace(company=kept, kept=kept is not None)


def _asked(query: Mapping[str, str]) -> Shelf:
    if "q" not in query:
        return Shelf()
    text = "".join(c for c in query["q"][:LONGEST] if c.isprintable()).strip()
    number = query.get("pagina", "")
    page = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else 1
    return Shelf(text, max(1, page), {"q": text, "pagina": page} if page > 1 else {"q": text})


class LeerbedrijfForm(AnswerForm):
    company = StringField(_("Leerbedrijf"))  # its number, or NONE

    @classmethod
    def shown(cls, answer: tuple[Leerbedrijf, ...] | None) -> dict[str, Any]:
        return {}

    def prepare(self, opened: Opened, offered: Shelf) -> None:
        self.offered = offered
        self.required = rules.needs_leerbedrijf(opened.walk.kept)

    def validate_company(self, field: Any) -> None:
        """By what SBB says now: of the form only the number counts."""
        company = self.offered.company
        holds = company is not None and company.accreditation.holds
        if field.data == NONE or (field.data and holds):
            return
        if self.offered.down:
            raise ValidationError(labels.NO_SBB)
        if not field.data:
            raise ValidationError(_("Kies een leerbedrijf, of ga verder zonder."))
        raise ValidationError(
            labels.lost(company)
            if company
            else _("Dit is geen erkend leerbedrijf (meer). Kies een ander leerbedrijf.")
        )

    def answer(self) -> tuple[Leerbedrijf, ...]:
        return (self.offered.company,) if self.offered.company else ()


def lines(answer: tuple[Leerbedrijf, ...]) -> Iterable[Line]:
    if not answer:
        yield _("Leerbedrijf"), Sentence(_("Nog geen leerbedrijf"))
    for company in answer:
        yield _("Leerbedrijf"), company.name
        yield _("Adres"), ", ".join(part for part in (company.street, company.place) if part)
        if company.accreditation is Accreditation.EQUIVALENT:
            yield _("Erkenning"), Sentence(labels.ACCREDITATION[company.accreditation])


def announced(kept: Draft, today: date) -> str:
    return "" if rules.needs_leerbedrijf(kept) else _("Leerbedrijf (niet verplicht)")


STEP = Step(
    "leerbedrijf",
    slug="leerbedrijf",
    title=_("Bij welk leerbedrijf ga je werken?"),
    short=_("Leerbedrijf"),
    form=LeerbedrijfForm,
    lines=lines,
    template="wizard/leerbedrijf.html",
    of_choice=True,
    announced=announced,
    offer=shelf,
)
