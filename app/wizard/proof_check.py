"""Whether the proof that somebody shows is genuine: for anyone who holds the paper (WIZ-14)."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app import access, csrf, db, equipment, proof
from app.i18n import mark as _
from app.pages import page
from app.services import guessing, proofs
from app.services.patience import TooOften
from app.wizard.fields import Text
from app.wizard.step import AnswerForm
from app.wizard.views import STALE

bp = Blueprint("proof_check", __name__)

GUESSED, MOST = "proof", 60  # that are wrong, in an hour from one network
UNKNOWN = _(
    "Dit nummer en deze code horen niet bij elkaar, of de aanmelding is weggehaald. "
    "Kijk ze na, letter voor letter."
)
TOO_OFTEN = _("Er is hier te vaak iets ingevuld dat niet klopt. Probeer het over een uur weer.")


class ProofForm(AnswerForm):
    """What stands on the paper, in any notation. Nothing is required: every kind of wrong gets
    the same answer."""

    mistaken = _("We herkennen dit bewijs niet")

    reference = Text(_("Aanmeldnummer"), 100, hint=_("Bijvoorbeeld 99XX:91234567"))
    code = Text(_("Controlecode"), 100, hint=_("Bijvoorbeeld K7RM-4PQX-92HD"))


@bp.route("/controleer", methods=["GET", "POST"])
@access.checks_token
@access.public
def check() -> Response:
    form = ProofForm()
    if request.method != "POST":  # Flask gives HEAD to whoever takes GET
        return asked(form)
    if not csrf.fresh():
        return asked(form, 400, STALE)
    store, where = equipment.store(), guessing.network(request.remote_addr or "")
    try:
        guessing.may_try(store, GUESSED, where, MOST)
        with db.reading() as connection:
            found = proofs.genuine(connection, form.reference.data or "", form.code.data or "")
        if found is None:
            guessing.count(store, GUESSED, where, MOST)
    except TooOften as error:
        answer = asked(form, 429, TOO_OFTEN)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    if found is None:
        form.form_errors = [UNKNOWN]
        return asked(form, 422)
    return page(
        "proof_genuine.html",
        title=proof.title(found),
        lines=proof.lines(found),
        interest=found.interest,
        means=proof.MEANS,
    )


def asked(form: ProofForm, status: int = 200, notice: str = "") -> Response:
    return page("proof_check.html", status, form=form, notice=notice)
