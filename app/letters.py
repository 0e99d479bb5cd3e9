"""What our mail says: as text and as HTML, from the same sentences, in the student's language.

Nothing in it that a stranger shouldn't read: not who it is for, nor which school or programme it
is about. Every link leads to logging in, but for the one that confirms an address and the one to
an interessemelding left without DigiD (MIJ-4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.ports import Mail
from app.i18n import BY_CODE, translate
from app.i18n import mark as _
from app.services.notices import Kind
from app.standing import NOT_YET

OVERVIEW, OWN_DATA = "/mijn", "/mijn/gegevens"  # where one logs in first
INTEREST = "/interesse/"  # and the token of its link
MISTAKEN = _(
    "Heb jij dit niet gedaan? Dan heeft iemand zich vergist in het e-mailadres. "
    "Je hoeft niets te doen."
)
FINE = _("Is het goed zo? Dan hoef je niets te doen.")
SHOWN_INTEREST = _("Je interessemelding voor het mbo is verstuurd. Dit is nog geen aanmelding.")
LONG_AGO = (
    _("Je deed een interessemelding. Dat is bijna een jaar geleden, of langer."),
    NOT_YET,
    _("Op %(day)s halen we alles weg wat we van je hebben."),
)
SECRET_LINK = _("Geef deze link aan niemand. Wie hem heeft, ziet je interessemelding.")
ASK = _("Is dit je eigen e-mailadres? Bevestig het. Dan mailen we je ook als er iets verandert.")
CONFIRM = _("Bevestig je e-mailadres")
SENDER = "Centraal Aanmelden MBO"
BY_ITSELF = _("Deze mail is automatisch verstuurd. Je kunt er niet op antwoorden.")


@dataclass(frozen=True)
class Letter:
    subject: str
    said: tuple[str, ...]
    action: str  # on the button
    path: str = OVERVIEW
    after: tuple[str, ...] = ()


LETTERS = {
    Kind.CONFIRMATION: Letter(
        _("We hebben je aanmelding"),
        (_("Je aanmelding voor het mbo is verstuurd. De school neemt contact met je op."),),
        _("Bekijk je aanmelding"),
        after=(MISTAKEN,),
    ),
    Kind.CHANGED: Letter(
        _("Bevestig je nieuwe e-mailadres"),
        (_("Bij een aanmelding voor het mbo staat nu dit e-mailadres."),),
        _("Bekijk je aanmelding"),
        after=(MISTAKEN,),
    ),
    Kind.STATUS: Letter(
        _("Er is nieuws over je aanmelding"),
        (
            _("Er is iets veranderd in je aanmelding voor het mbo."),
            _("Wat dat is, staat niet in deze mail. Log in, dan zie je het."),
        ),
        _("Bekijk het nieuws"),
        after=(_("Wil je deze mails niet meer? Log in en zet ze uit bij Mijn gegevens."),),
    ),
    Kind.WITHDRAWN: Letter(
        _("Er is een aanmelding ingetrokken"),
        (_("Je hebt een aanmelding voor het mbo ingetrokken. De school krijgt bericht."),),
        _("Bekijk je aanmeldingen"),
        after=(_("Heb jij dit niet gedaan? Log in en kijk wat er staat, of bel de school."),),
    ),
    Kind.CLOSES: Letter(
        _("Je aanmelding wacht nog"),
        (
            _("Je begon met een aanmelding voor het mbo. Die heb je nog niet verstuurd."),
            _("Aanmelden kan nog tot en met %(day)s."),
        ),
        _("Maak je aanmelding af"),
        after=(_("Wil je je niet meer aanmelden? Dan hoef je niets te doen."),),
    ),
    Kind.IN_TIME: Letter(
        _("Je aanmelding wacht nog"),
        (
            _("Je begon met een aanmelding voor het mbo. Die heb je nog niet verstuurd."),
            _("Verstuur hem uiterlijk op %(day)s. Dan ben je op tijd."),
        ),
        _("Maak je aanmelding af"),
        after=(_("Wil je je niet meer aanmelden? Dan hoef je niets te doen."),),
    ),
    Kind.REMOVAL: Letter(
        _("We gaan je gegevens weghalen"),
        (
            _("Je meldde je aan voor het mbo. Dat is bijna een jaar geleden, of langer."),
            _("Op %(day)s halen we alles weg wat we van je hebben."),
            _("Wil je iets bewaren? Log voor die dag in en sla het op."),
        ),
        _("Bekijk je gegevens"),
        OWN_DATA,
        after=(FINE,),
    ),
    Kind.INTEREST: Letter(
        _("We hebben je interessemelding"),
        (SHOWN_INTEREST, _("Heb je van de school de toegangscode? Log in en meld je aan.")),
        _("Bekijk je interessemelding"),
        after=(MISTAKEN,),
    ),
    Kind.GUEST: Letter(
        _("We hebben je interessemelding"),
        (SHOWN_INTEREST, _("De school neemt contact met je op.")),
        _("Bekijk je interessemelding"),
        INTEREST,
        after=(SECRET_LINK, MISTAKEN),
    ),
    Kind.INTEREST_REMOVAL: Letter(
        _("We gaan je gegevens weghalen"),
        (*LONG_AGO, _("Wil je iets bewaren? Log voor die dag in en sla het op.")),
        _("Bekijk je gegevens"),
        OWN_DATA,
        after=(FINE,),
    ),
    Kind.GUEST_REMOVAL: Letter(
        _("We gaan je gegevens weghalen"),
        LONG_AGO,
        _("Bekijk je interessemelding"),
        INTEREST,
        after=(SECRET_LINK, FINE),
    ),
}


class Action(NamedTuple):
    """A link: a button in HTML, a line of its own in text."""

    label: str
    url: str


def written(about: dict[str, Any], key: str, base_url: str) -> Mail:
    """The mail that a job of notices.post is about; its Message-ID comes from the job's `key`."""
    letter, language = LETTERS[Kind(about["kind"])], BY_CODE[about["language"]]
    day = date.fromisoformat(about["day"]) if "day" in about else None
    values = {"day": format_date(day, "d MMMM y", language.code)} if day else {}

    def said(sentence: str) -> str:
        filled = {name: value for name, value in values.items() if f"%({name})s" in sentence}
        return translate(language.code, sentence, **filled)

    parts: list[str | Action] = [said(sentence) for sentence in letter.said]
    token, leads_back = about.get("token", ""), letter.path == INTEREST
    own = f"{letter.path}{token}" if leads_back else letter.path
    parts.append(Action(said(letter.action), base_url + own))
    if token and not leads_back:
        parts += [said(ASK), Action(said(CONFIRM), f"{base_url}/mail/{token}")]
    parts += [said(sentence) for sentence in letter.after]
    subject, hello = said(letter.subject), said(_("Hallo,"))
    signed = (SENDER, said(BY_ITSELF))
    html = _TEMPLATE.render(
        language=language, style=_STYLE, subject=subject, hello=hello, parts=parts, signed=signed
    )
    return Mail(
        to=about["to"],
        subject=subject,
        text="\n\n".join([hello, *_lines(parts), "\n".join(signed)]) + "\n",
        message_id=f"<{key}@{urlsplit(base_url).hostname}>",
        language=language.code,
        html=html,
    )


def _lines(parts: list[str | Action]) -> Iterator[str]:
    for part in parts:
        yield f"{part.label}:\n{part.url}" if isinstance(part, Action) else part


_HERE = Path(__file__).parent
_STYLE = (_HERE / "assets" / "letter.css").read_text(encoding="utf-8")
# Of its own, without the languages' folding: it holds no sentence.
_TEMPLATE = Environment(
    loader=FileSystemLoader(_HERE / "templates" / "mail"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
).get_template("letter.html")
