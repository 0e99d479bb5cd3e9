"""Everything that we hold of a student, to read (MIJ-3): what they gave stands there as on the
check page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, g

from app import access, country_names, db, standing
from app.domain.catalogue import Choice
from app.domain.draft import QUESTIONS, Draft
from app.domain.person import Person
from app.i18n import Sentence
from app.i18n import mark as _
from app.pages import locale, moment, page
from app.services import holdings
from app.services.holdings import Delivered, Held, Look, Sent
from app.wizard.step import Line
from app.wizard.steps import STEPS
from app.wizard.steps.person import known_lines
from app.wizard.steps.picked import education_lines

bp = Blueprint("everything", __name__, url_prefix="/mijn/gegevens")

LOOKED = {  # what the trail calls it, as one says it
    "nieuw": _("%(who)s haalde je aanmelding op."),
    "aanmeldingen": _("%(who)s haalde je aanmelding op."),
    "aanmelding": _("%(who)s bekeek je aanmelding."),
    "ontvangst": _("%(who)s zei dat je aanmelding er is."),
    "foutmelding": _("%(who)s meldde een fout in je aanmelding."),
    "status": _("%(who)s gaf door hoe je aanmelding ervoor staat."),
}
DID_SOMETHING = _("%(who)s deed iets met je aanmelding.")
OPERATOR = _("De beheerder van Centraal Aanmelden deed iets met je aanmelding.")
FETCHED = _("Klaargezet voor de school. Opgehaald op %(moment)s.")
WAITING = _("Klaargezet voor de school. Nog niet opgehaald.")
OVERTAKEN = _("Klaargezet voor de school. Voordat het werd opgehaald, kwam er iets nieuws.")
REPORTED = _("De school kon er iets niet mee: %(report)s")


class Part(NamedTuple):
    """What was answered to one question."""

    title: str
    lines: list[Line]


class Shown(NamedTuple):
    """An application as the page shows it."""

    choice: Choice
    reference: str
    facts: list[Line]
    parts: list[Part]
    history: list[Line]
    delivered: list[Line]
    looks: list[Line]


@bp.get("/alles")
@access.student
def show() -> Response:
    with db.reading() as connection:
        held = holdings.of(connection, g.student_id)
    return page(
        "wizard/everything.html",
        held=held,
        by_duo=list(by_duo(held)),
        drafts=[(row, parts(content.answers)) for row, content in held.drafts],
        sent=[shown(one) for one in held.sent],
    )


def by_duo(held: Held) -> Iterator[Line]:
    known, learnt = held.said.known, held.said.learnt
    yield from known_lines(known)
    person = known.person or Person()
    if person.birth_place:
        yield _("Geboorteplaats"), person.birth_place
    if person.birth_country:
        yield _("Geboorteland"), country_names.name(person.birth_country, locale().code)
    for education in learnt.educations:
        yield from education_lines(education)


def parts(answers: Draft) -> list[Part]:
    """By question, in the order asked."""
    given = ((question, answers.answer(question)) for question in QUESTIONS)
    return [
        Part(STEPS[question].short, list(STEPS[question].lines(answer)))
        for question, answer in given
        if answer is not None
    ]


def shown(one: Sent) -> Shown:
    answers, beside = one.content.answers, one.content.beside
    assert answers.choice is not None, "it was sent"
    facts: list[Line] = [(_("Verstuurd op"), moment(one.row.requested_at))]
    if identified := beside.get("identification"):
        logged_in = datetime.fromisoformat(identified["moment"])
        facts.append((_("Ingelogd met DigiD op"), moment(logged_in)))
        facts.append((_("Niveau van DigiD"), identified["level"]))
    facts.append((_("Privacyverklaring gelezen, versie"), beside["privacy"]["version"]))
    return Shown(
        answers.choice,
        one.row.keten_id,
        facts,
        parts(answers),
        [(moment(step.since), Sentence(standing.STATUS[step.status])) for step in one.steps],
        [line for each in one.delivered for line in delivery(each)],
        [(moment(look.at), looked(look)) for look in one.looks],
    )


def delivery(each: Delivered) -> Iterator[Line]:
    ready = moment(each.row.created_at)
    if each.row.given_at is not None:
        yield ready, Sentence(FETCHED, moment=moment(each.row.given_at))
    else:
        yield ready, Sentence(WAITING if each.row.latest else OVERTAKEN)
    for text in each.reports:
        yield ready, Sentence(REPORTED, report=text)


def looked(look: Look) -> Sentence:
    if look.kind == "operator":
        return Sentence(OPERATOR)
    return Sentence(LOOKED.get(look.action, DID_SOMETHING), who=look.who)
