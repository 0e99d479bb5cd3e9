"""An application that was sent: how it stands (MIJ-1), withdrawing it, and choosing it (MIJ-2)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, g, request, session, url_for

from app import access, clock, db, equipment, errors, standing
from app.domain import advice, rules
from app.domain.status import PLACED, REASONS, Status
from app.i18n import mark as _
from app.logs import event
from app.pages import page, see_other
from app.phone_numbers import readable_phone
from app.services import applied, catalogue, mailbox, statuses
from app.services.applied import Sent
from app.services.statuses import NotNow, NotTheirs, NotThose, TooEarly

bp = Blueprint("application", __name__, url_prefix="/mijn/<uuid:draft_id>")

NOT_THERE = errors.Said(
    _("Deze aanmelding is er niet"),
    _("Misschien heb je die weggegooid. Kijk bij Mijn aanmeldingen, of begin een nieuwe."),
)
OTHERS = _("Er is iets veranderd sinds je deze pagina opende. Kijk nog een keer welke je kiest.")


@bp.errorhandler(NotTheirs)
def nobodys(_error: NotTheirs) -> Response:
    return errors.shown(404, NOT_THERE)


def mine(draft_id: UUID) -> tuple[Sent, list[Sent]]:
    """This application, and the student's others. Raises NotTheirs."""
    with db.reading() as connection:
        every = applied.of_student(connection, g.student_id)
    found = next((item for item in every if item.draft_id == str(draft_id)), None)
    if found is None:
        raise NotTheirs()
    return found, [item for item in every if item is not found]


def mine_to_end(draft_id: UUID) -> tuple[Sent, list[Sent]]:
    """As `mine`, but for an interessemelding: that has no statuses. Raises NotTheirs."""
    found, others = mine(draft_id)
    if found.interest:
        raise NotTheirs()
    return found, others


def let_go(found: Sent, others: list[Sent]) -> list[Sent]:
    """Those that «ik kies deze» withdraws; none where it can't be chosen."""
    if found.status not in PLACED:
        return []
    return [item for item in others if item.open and not item.interest]


def there(draft_id: UUID, news: str = "") -> Response:
    """To the application's page, which says `news` once."""
    if news:
        session["news"] = news
    return see_other(url_for(".show", draft_id=draft_id))


@bp.get("")
@access.student
def show(draft_id: UUID) -> Response:
    return shown(draft_id, session.pop("news", ""))


def shown(draft_id: UUID, news: str, status: int = 200) -> Response:
    found, others = mine(draft_id)
    said = standing.TOO_LATE.get(found.status) if news == "ended" else standing.NEWS.get(news)
    email = found.dossier.contact.email
    with db.reading() as connection:
        confirmed = mailbox.is_confirmed(connection, g.student_id, email)
        asked = mailbox.is_asked(connection, g.student_id, email)
        bounces = mailbox.bounces(connection, g.student_id, email)
        contact = catalogue.contact(connection, found.choice.brin, found.choice.programme_id)
    return page(
        "application.html",
        status,
        application=found,
        news=said,
        reached=reached(found),
        wrong=news in ("ended", "mailed_enough", "no_offer", "none_left"),
        starts=rules.starts(found.dossier.answers),
        leerbedrijf=found.may_add_leerbedrijf(clock.today()),
        others=len(let_go(found, others)),
        became=applied.became(found, others),
        chosen_at=applied.chosen_at(found, others),
        confirmed=confirmed,
        asked=asked,
        bounces=bounces and found.open,
        otherwise=otherwise(found, others),
        contact=contact,
    )


def reached(found: Sent) -> list[tuple[str, str]]:
    """How the school reaches the student: labels and values."""
    contact, lines = found.dossier.contact, []
    if contact.email:
        lines.append((_("E-mailadres"), contact.email))
    if contact.phone:
        lines.append((_("Telefoonnummer"), readable_phone(contact.phone)))
    return lines


def otherwise(found: Sent, others: list[Sent]) -> list[Sent]:
    """The others in which something else stands of how the school reaches the student: who
    changes that in one, easily forgets them."""
    contact = found.dossier.contact
    also = (item for item in others if found.open and item.open and not item.interest)
    return [item for item in also if item.dossier.contact != contact]


@bp.route("/intrekken", methods=["GET", "POST"])
@access.student
def withdraw(draft_id: UUID) -> Response:
    """Once; who does it again, or in another tab, hears that it was done."""
    found, _others = mine_to_end(draft_id)
    if found.status is Status.WITHDRAWN:
        return there(draft_id, "already")
    if request.method != "POST":  # Flask gives HEAD to whoever takes GET
        return asked("withdraw.html", found, [found]) if found.open else there(draft_id, "ended")
    try:
        statuses.withdraw(g.student_id, found.draft_id, reason(), clock.now())
    except NotNow:
        return shown(draft_id, "ended", 409)
    event("withdrawn")
    return there(draft_id, "withdrawn")


@bp.route("/kiezen", methods=["GET", "POST"])
@access.student
def choose(draft_id: UUID) -> Response:
    """Only those are withdrawn that were on the page."""
    found, others = mine_to_end(draft_id)
    if request.method != "POST":
        leaves = let_go(found, others)
        return asked("choose.html", found, leaves) if leaves else there(draft_id)
    try:
        statuses.keep_one(g.student_id, found.draft_id, request.form.getlist("andere"), clock.now())
    except NotThose:
        return not_those(draft_id)
    except TooEarly:
        return shown(draft_id, "no_offer", 409)
    except NotNow:
        return shown(draft_id, "ended", 409)
    event("chosen")
    return there(draft_id, "chosen")


def not_those(draft_id: UUID) -> Response:
    """It was chosen before; or others can be let go than were on the page, or none."""
    found, others = mine_to_end(draft_id)
    if leaves := let_go(found, others):
        return asked("choose.html", found, leaves, 409, [OTHERS])
    if applied.chosen_at(found, others):
        return there(draft_id, "chosen")
    return shown(draft_id, "none_left", 409)


def reason() -> str:
    """From the short list; anything else is none."""
    given = request.form.get("reden", "")
    return given if given in REASONS else ""


def asked(
    template: str, found: Sent, leaves: list[Sent], status: int = 200, notices: Sequence[str] = ()
) -> Response:
    """A page that asks whether the student is sure to let these go."""
    deadlines, today = equipment.settings().deadlines, clock.today()
    terms = (advice.term(item.dossier.answers, deadlines) for item in leaves)
    late = next(filter(None, (standing.late(term, today) for term in terms)), "")
    return page(template, status, application=found, leaves=leaves, late=late, notices=notices)
