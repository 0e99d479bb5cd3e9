"""Where post goes, for whom DUO gives no address."""

from __future__ import annotations

from app.domain.person import Address
from app.i18n import mark as _
from app.wizard.fields import Text, dutch_postcode
from app.wizard.step import AnswerForm, Step, typed
from app.wizard.steps.person import address_lines


class AddressForm(AnswerForm):
    answer_type = Address

    postcode = Text(
        _("Postcode"),
        7,
        _("Vul je postcode in"),
        autocomplete="postal-code",
        width="6",
        validators=[dutch_postcode],
    )
    number = Text(_("Huisnummer"), 10, _("Vul je huisnummer in"), width="4")
    suffix = Text(_("Toevoeging"), 10, width="4")
    street = Text(_("Straat"), 200, _("Vul je straat in"), autocomplete="address-line1")
    place = Text(_("Woonplaats"), 200, _("Vul je woonplaats in"), autocomplete="address-level2")

    def answer(self) -> Address:
        return Address(
            street=self.street.data,
            number=self.number.data,
            suffix=self.suffix.data,
            postcode=self.postcode.data,
            place=self.place.data,
        )


STEP = Step(
    "address",
    slug="adres",
    title=_("Wat is je adres?"),
    short=_("Je adres"),
    form=AddressForm,
    lines=address_lines,
    template="wizard/address.html",
    origin=typed,
    intro=_("Hier stuurt de school post naartoe."),
)
