"""Everything that we hold of a student, to read (MIJ-3): what they gave stands there as on the
check page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from flask import Blueprint, Response, abort, g

from app import access, clock, country_names, db, labels, standing
from app.domain.advice import Term
from app.domain.catalogue import Choice, last_day
from app.domain.draft import QUESTIONS, Draft
from app.domain.person import Person
from app.domain.status import INTEREST
from app.i18n import BY_CODE, Sentence
from app.i18n import mark as _
from app.letters import LETTERS
from app.pages import day, locale, moment, page
from app.services import holdings
from app.services.holdings import Delivered, Held, Look, Sent
from app.services.notices import Kind
from app.services.patience import TAKING
from app.wizard.step import Line
from app.wizard.steps import STEPS
from app.wizard.steps.person import known_lines
from app.wizard.steps.picked import education_lines

bp = Blueprint("everything", __name__, url_prefix="/mijn/gegevens")

LOOKED = {  # what the trail calls it, as one says it
    "nieuw": _("%(who)s haalde je gegevens op."),
    "aanmeldingen": _("%(who)s haalde je gegevens op."),
    "aanmelding": _("%(who)s bekeek je gegevens."),
    "ontvangst": _("%(who)s zei dat je gegevens er zijn."),
    "foutmelding": _("%(who)s meldde een fout."),
    "status": _("%(who)s gaf door hoe het ervoor staat."),
}
DID_SOMETHING = _("%(who)s deed iets met je gegevens.")
OPERATOR = _("De beheerder van Centraal Aanmelden deed iets met je gegevens.")
PASSED_ON = {  # to whom else, by the koppelpunten that the status went to
    (): _("De school gaf door hoe het ervoor staat."),
    ("VO",): _("De school gaf door hoe het ervoor staat. Je vorige school hoort dat ook."),
    ("GEMEENTEN",): _("De school gaf door hoe het ervoor staat. Je gemeente hoort dat ook."),
    ("GEMEENTEN", "VO"): _(
        "De school gaf door hoe het ervoor staat. Je vorige school en je gemeente horen dat ook."
    ),
}
YES_NO = {True: _("Ja"), False: _("Nee")}
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
    interest: bool
    reference: str
    facts: list[Line]
    parts: list[Part]
    history: list[Line]
    delivered: list[Line]
    statuses: list[Line]
    looks: list[Line]


@bp.get("/alles")
@access.student
def show() -> Response:
    if not TAKING.allows(g.student_id):
        abort(429)
    with db.reading() as connection:
        held = holdings.of(connection, g.student_id, clock.today())
    return page(
        "wizard/everything.html",
        account=list(account(held)),
        by_duo=list(by_duo(held)),
        drafts=[
            (row, content.answers.choice, parts(content.answers)) for row, content in held.drafts
        ],
        sent=[shown(one) for one in held.sent],
        mail=[(LETTERS[Kind(about["kind"])].subject, about["to"]) for _row, about in held.mail],
    )


def account(held: Held) -> Iterator[Line]:
    row = held.row
    yield _("Voor het eerst ingelogd"), moment(row.created_at)
    yield _("Voor het laatst ingelogd"), moment(row.seen_at)
    yield _("Taal"), BY_CODE[row.language].name
    yield _("Mail als er iets verandert"), Sentence(YES_NO[row.wants_mail])
    if row.warned_at is not None:
        yield _("Gewaarschuwd voor het weghalen"), moment(row.warned_at)
    yield _("We halen alles weg op"), day(held.goes)
    for link in held.addresses:
        yield _("Mail met een link gestuurd"), moment(link.sent_at)
        if link.confirmed_at is not None:
            yield _("Op die link gedrukt"), moment(link.confirmed_at)


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
    facts.append((_("Controleren geopend op"), moment(datetime.fromisoformat(beside["shown_at"]))))
    if identified := beside.get("identification"):
        logged_in = datetime.fromisoformat(identified["moment"])
        facts.append((_("Ingelogd met DigiD op"), moment(logged_in)))
        facts.append((_("Niveau van DigiD"), labels.digid(identified["level"])))
    version = date.fromisoformat(beside["privacy"]["version"])
    facts.append((_("Privacyverklaring gelezen, versie van"), day(version)))
    april = beside.get("april")
    term = Term(date.fromisoformat(april) if april else None, last_day(answers.choice))
    if in_time := standing.in_time(beside.get("in_time"), term):
        facts.append((_("Op tijd"), in_time))
    if beside.get("proof"):
        facts.append((_("Controlecode"), beside["proof"]))
    if one.content.link is not None and one.content.link.kenmerk:
        facts.append((_("Kenmerk in de link van de school"), one.content.link.kenmerk))
    return Shown(
        answers.choice,
        one.row.kind == INTEREST,
        one.row.keten_id,
        facts,
        parts(answers),
        [(moment(step.since), Sentence(standing.STATUS[step.status])) for step in one.steps],
        [line for each in one.delivered for line in delivery(each)],
        [(moment(row.received_at), passed_on(row.receivers)) for row in one.statuses],
        [(moment(look.at), looked(look)) for look in one.looks],
    )


def delivery(each: Delivered) -> Iterator[Line]:
    ready = moment(each.row.created_at)
    if each.row.given_at is not None:
        yield ready, Sentence(FETCHED, moment=moment(each.row.given_at))
    else:
        yield ready, Sentence(WAITING if each.row.latest else OVERTAKEN)
    for _row, text in each.reports:
        yield ready, Sentence(REPORTED, report=text)


def passed_on(receivers: list[str]) -> Sentence:
    return Sentence(PASSED_ON[tuple(sorted({*receivers} & {"GEMEENTEN", "VO"}))])


def looked(look: Look) -> Sentence:
    if look.kind == "operator":
        return Sentence(OPERATOR)
    return Sentence(LOOKED.get(look.action, DID_SOMETHING), who=look.who)
