"""Where post goes: to an address in the Netherlands, or to one abroad (DUO-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app import country_names, labels
from app.domain.person import NETHERLANDS, Address
from app.i18n import Sentence
from app.i18n import mark as _
from app.pages import locale
from app.services.drafts import Opened
from app.wizard.step import Line, Step, typed
from app.wizard.steps.address_abroad import ForeignForm, meant
from app.wizard.steps.address_dutch import DutchForm
from app.wizard.steps.address_form import ABROAD, AddressForm, Asked, country_at_duo


def asked(opened: Opened, query: Mapping[str, str]) -> Asked:
    """Of the kind that was just asked for, was posted, or was answered."""
    answer = opened.answers.address or country_at_duo(opened)
    kind = query.get("switch") or query.get("kind")
    abroad = kind == ABROAD if kind else answer is not None and answer.country != NETHERLANDS
    if not abroad:
        return Asked(DutchForm, query)
    country, alike = meant(query, opened.today)
    if country is not None and country.code == NETHERLANDS and not query.get("switch"):
        return Asked(DutchForm, query, home_again=True)
    return Asked(ForeignForm, query, country, alike)


def address_lines(address: Address) -> Iterable[Line]:
    if address.country != NETHERLANDS:
        if address.lines:
            yield _("Adres"), ", ".join(address.lines)
        yield _("Land"), country_names.name(address.country, locale().code)
        return
    number = " ".join(part for part in (address.number, address.suffix) if part)
    if address.note in labels.BY_NUMBER:
        by_number = labels.BY_NUMBER[address.note]
        yield _("Adres"), Sentence(by_number, street=address.street, number=number)
    else:
        yield _("Adres"), f"{address.street} {number}"
    yield _("Woonplaats"), f"{address.postcode[:4]} {address.postcode[4:]} {address.place}"
    if address.note and address.note not in labels.BY_NUMBER:
        yield _("Uitleg"), address.note


STEP = Step(
    "address",
    slug="adres",
    title=_("Wat is je adres?"),
    short=_("Adres"),
    form=AddressForm,
    lines=address_lines,
    template="wizard/address.html",
    origin=typed,
    intro=_("Hier stuurt de school post naartoe."),
    offer=asked,
)
