"""Mail to students, by way of an outbox: a job written with the act it tells of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from app.domain.draft import Interest
from app.domain.ports import Mail
from app.i18n import mark as _
from app.i18n import translate
from app.services import work

MAIL = "mail"

CONFIRM = _("Is dit je eigen e-mailadres? Bevestig het hier: %(link)s\n\n")
CONFIRMATION = (
    _("We hebben je aanmelding"),
    _(
        "Hallo,\n\n"
        "Je aanmelding voor het mbo is verstuurd. De school neemt contact met je op.\n\n"
        "Log in om je aanmelding te bekijken: %(address)s\n\n"
        "%(confirm)s"
        "Heb je je niet aangemeld? Dan heeft iemand zich vergist in het e-mailadres. "
        "Je hoeft niets te doen.\n\n"
        "Centraal Aanmelden MBO"
    ),
)
CHANGED = (
    _("Bevestig je nieuwe e-mailadres"),
    _(
        "Hallo,\n\n"
        "Bij een aanmelding voor het mbo staat nu dit e-mailadres.\n\n"
        "%(confirm)s"
        "Log in om je aanmelding te bekijken: %(address)s\n\n"
        "Heb jij dit niet gedaan? Dan heeft iemand zich vergist in het e-mailadres. "
        "Je hoeft niets te doen.\n\n"
        "Centraal Aanmelden MBO"
    ),
)
INTEREST = (
    _("We hebben je interessemelding"),
    _(
        "Hallo,\n\n"
        "Je interessemelding voor het mbo is verstuurd. Dit is nog geen aanmelding.\n\n"
        "Heb je van de school de toegangscode? Log in en meld je aan: %(address)s\n\n"
        "%(confirm)s"
        "Heb jij dit niet gedaan? Dan heeft iemand zich vergist in het e-mailadres. "
        "Je hoeft niets te doen.\n\n"
        "Centraal Aanmelden MBO"
    ),
)
GUEST = (
    _("We hebben je interessemelding"),
    _(
        "Hallo,\n\n"
        "Je interessemelding voor het mbo is verstuurd. Dit is nog geen aanmelding. "
        "De school neemt contact met je op.\n\n"
        "Wil je zien wat je hebt verstuurd? Open deze link: %(back)s\n\n"
        "Geef deze link aan niemand. Wie hem heeft, ziet je interessemelding.\n\n"
        "Heb jij dit niet gedaan? Dan heeft iemand zich vergist in het e-mailadres. "
        "Je hoeft niets te doen.\n\n"
        "Centraal Aanmelden MBO"
    ),
)
KINDS = {
    "confirmation": CONFIRMATION,
    "changed": CHANGED,
    "interest": INTEREST,
    "guest": GUEST,  # the only one with a link that opens something (MIJ-4)
}
OF = {None: "confirmation", Interest.LOCK: "interest", Interest.CODE: "guest"}


def changed(connection: Connection, to: str, language: str, token: str) -> None:
    """Ask whether this address, which an application has from now on, is theirs (MIJ-5), in this
    transaction."""
    about = {"to": to, "language": language, "kind": "changed", "token": token}
    work.enqueue(connection, MAIL, about)


def confirm(
    connection: Connection, to: str, language: str, token: str, interest: Interest | None = None
) -> None:
    """Tell the student that the application is there (WIZ-14), or the interessemelding (INT-4), in
    this transaction. With the `token` of a link, the mail asks whether the address is theirs
    (WIZ-5); that of who came without DigiD leads back to it."""
    about = {"to": to, "language": language, "kind": OF[interest], "token": token}
    work.enqueue(connection, MAIL, about)


def written(about: dict[str, Any], key: str, base_url: str) -> Mail:
    """The mail that an outbox job is about. Nothing in it that a stranger shouldn't read."""
    subject, text = KINDS[about["kind"]]
    language, token = about["language"], about.get("token", "")
    asks = translate(language, CONFIRM, link=f"{base_url}/mail/{token}") if token else ""
    back = f"{base_url}/interesse/{token}"
    host = base_url.split("//", 1)[1].split(":")[0]
    return Mail(
        to=about["to"],
        subject=translate(language, subject),
        text=translate(language, text, address=f"{base_url}/mijn", confirm=asks, back=back),
        message_id=f"<{key}@{host}>",
        language=language,
    )
