"""The proof of an application: what it says, and that on paper (WIZ-14).

The page that checks a proof shows the same lines, and nothing more. Typst sets the page as a PDF
that is tagged (PDF/UA-1); it gets all texts as data and reaches no network. It takes 5 to 20 ms.
"""

from __future__ import annotations

import json
import threading
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import typst
from flask import url_for
from markupsafe import Markup

from app import assets, labels, standing
from app.domain import rules
from app.i18n import Locale, Named, Sentence, translate
from app.i18n import mark as _
from app.pages import moment
from app.services.applied import Sent

TEMPLATES = Path(__file__).parent / "templates"
AUTHOR = "Centraal Aanmelden MBO"

MEANS = _("Dit bewijs zegt wat er is verstuurd. Het zegt niet hoe het nu met de aanmelding gaat.")

_one_at_a_time = threading.Lock()  # a compiler keeps what it read, for one thread


class Line(NamedTuple):
    label: str
    value: str  # a Sentence, a Named, or what is the same in every language


def title(sent: Sent) -> str:
    return _("Bewijs van interesse") if sent.interest else _("Bewijs van aanmelding")


def lines(sent: Sent) -> list[Line]:
    """What a proof says of an application, as it was sent. No BSN, birth date or address: who is
    shown the paper needs none of these."""
    choice, answers = sent.choice, sent.dossier.answers
    starts, joining = rules.starts(answers), answers.joining
    said = (
        (_("Naam"), answers.name),
        (_("Aanmeldnummer"), sent.reference),
        (_("Opleiding"), labels.programme(choice)),
        (_("School"), Named(choice.institution, "")),
        (_("Plaats"), Named(choice.place, "")),
        (_("Leertraject"), _leertraject(choice.leertraject)),
        (_("Start"), labels.day(starts) if starts else ""),
        (_("Leerjaar"), str(joining.year) if joining else ""),
        (_("Ontvangen op"), moment(sent.requested_at)),
        (_("Op tijd"), "" if sent.interest else standing.in_time(sent.in_time, sent.term)),
    )
    return [Line(label, value) for label, value in said if value]


def _leertraject(code: str) -> str:
    return Sentence(labels.LEERTRAJECT[code]) if code in labels.LEERTRAJECT else code


def _after(sent: Sent) -> list[str]:
    """What the student should know, in sentences."""
    if sent.interest:
        return [standing.INTERESTED, standing.THEN]
    invited = _("De school nodigt je uit voor een gesprek: de intake.")
    go = _("Ga naar het gesprek. Dat moet, anders verlies je je recht op een plek.")
    if not sent.in_time:
        return [invited, _("Ga naar het gesprek.")]
    right = _("Past je vooropleiding bij deze opleiding? Dan heb je meestal recht op een plek.")
    return [right, invited, go]


def pdf(sent: Sent, reader: Locale, base_url: str, today: date) -> bytes:
    """The proof as one page, in the reader's language. Made again of the same on the same day,
    it is the same."""
    here = base_url + url_for("proof_check.check")

    def said(text: str) -> str:
        sentence = text if isinstance(text, Sentence) else Sentence(text)
        return _set(sentence, reader.code)["text"]

    lead = _("Deze aanmelding is verstuurd naar de school.")
    if sent.interest:
        lead = _("Deze interesse is doorgegeven aan de school.")
    content = {
        "lang": reader.code,
        "author": AUTHOR,
        "house": said(_("Aanmelden")),
        "title": said(title(sent)),
        "lead": said(lead),
        "warning": said(standing.NOT_YET) if sent.interest else "",
        "made": said(Sentence(_("Gemaakt op %(day)s"), day=labels.day(today))),
        "lines": [
            {"label": said(label), "value": _set(value, reader.code)}
            for label, value in lines(sent)
        ],
        "next": {
            "title": said(_("Wat gebeurt er nu?")),
            "sentences": [said(sentence) for sentence in _after(sent)],
        },
        "code": sent.proof_code,
        "check": {
            "title": said(_("Is dit bewijs echt?")),
            "how": said(_("Kijk op deze pagina. Vul het aanmeldnummer en de controlecode in.")),
            "url": here,
            "address": here.partition("://")[2],
            "label": said(_("Controlecode")),
            "then": said(MEANS),
        },
    }
    return _paper(content, sent)


def _set(value: str, language: str) -> dict[str, str]:
    """A text and the language that it is in, for who reads `language`."""
    if isinstance(value, Named):
        english = value.english if language == "en" else ""
        return {"text": english or str(value), "lang": "en" if english else "nl"}
    if isinstance(value, Sentence):
        plain = {name: _plain(held) for name, held in value.values.items()}
        return {"text": translate(language, str(value), **plain), "lang": language}
    return {"text": _plain(value), "lang": language}


def _plain(value: str) -> str:
    """Without the markup that keeps a date together on a page."""
    return str(value.striptags()) if isinstance(value, Markup) else value


def _paper(content: dict[str, Any], sent: Sent) -> bytes:
    how: dict[str, Any] = {
        "format": "pdf",
        "sys_inputs": {"said": json.dumps(content)},
        "timestamp": int(sent.requested_at.timestamp()),
    }
    with _one_at_a_time:
        try:
            made = _compiler().compile(**how, pdf_standards="ua-1")
        except typst.TypstError:
            # A name has a character that none of the fonts has, which the standard forbids. It
            # is a box on the paper then, and itself to who copies it or has it read aloud.
            made = _compiler().compile(**how)
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """With the fonts of app.assets.build and no others, which it reads once a process."""
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[assets.DIST / assets.PAPER],
    )
    return typst.Compiler(
        TEMPLATES / "proof.typ", TEMPLATES, font_paths=fonts, ignore_system_fonts=True
    )
