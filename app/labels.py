"""Every code in words: marked sentences, translated where they are shown."""

from __future__ import annotations

from app.domain.catalogue import Choice
from app.domain.status import Status
from app.i18n import Sentence
from app.i18n import mark as _

STATUS = {
    Status.SUBMITTED: _("Ingediend"),
    Status.RECEIVED: _("Aanmelding ontvangen"),
    Status.OFFERED: _("De school biedt je een plek aan"),
    Status.ENROLLED: _("Ingeschreven"),
    Status.REJECTED: _("Afgewezen"),
    Status.WITHDRAWN: _("Ingetrokken"),
}

STATUS_MEANING = {
    Status.SUBMITTED: _("Je aanmelding is verstuurd. De school gaat ermee aan de slag."),
    Status.RECEIVED: _("De school heeft je aanmelding en bekijkt die."),
    Status.OFFERED: _("De school wil je graag hebben."),
    Status.ENROLLED: _("Je bent student van deze school."),
    Status.REJECTED: _("Je krijgt geen plek bij deze opleiding."),
    Status.WITHDRAWN: _("Je hebt deze aanmelding ingetrokken."),
}

LEERTRAJECT = {
    "BOL": _("BOL: je gaat naar school en loopt stage"),
    "BBL": _("BBL: je werkt en gaat ook naar school"),
    "OVO": _("OVO: overig onderwijs"),
    "EX": _("EX: je doet alleen examen"),
    "VAVO": _("Vavo: je haalt alsnog een diploma van de middelbare school"),
}

SEX = {"M": _("Man"), "V": _("Vrouw"), "-": _("Onbekend")}


def start(choice: Choice) -> str:
    """When a cohort begins, as DD-MM-YYYY; empty when RIO doesn't say."""
    if choice.start is not None:
        return choice.start.strftime("%d-%m-%Y")
    if choice.start_from is not None:
        return Sentence(
            _("vanaf %(day)s, wanneer het jou past"), day=choice.start_from.strftime("%d-%m-%Y")
        )
    return ""
