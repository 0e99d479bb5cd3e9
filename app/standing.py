"""How an application stands, in words for the student (STA-1, MIJ-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from app.domain.advice import Term
from app.domain.status import PLACED as PLACED
from app.domain.status import Source, Status, Step
from app.i18n import Sentence
from app.i18n import mark as _
from app.labels import day

STATUS = {
    Status.SUBMITTED: _("Ingediend"),
    Status.RECEIVED: _("Aanmelding ontvangen"),
    Status.OFFERED: _("De school biedt je een plek aan"),
    Status.ENROLLED: _("Ingeschreven"),
    Status.REJECTED: _("Afgewezen"),
    Status.WITHDRAWN: _("Ingetrokken"),
}
TOLD = {  # in the timeline: what it meant when it came, in words that stay true after it
    Status.SUBMITTED: _("Je hebt je aanmelding verstuurd."),
    Status.RECEIVED: _("Je aanmelding kwam aan, en de school ging die bekijken."),
    Status.OFFERED: _("De school zei dat je kunt komen."),
    Status.ENROLLED: _("De school schreef je in als student."),
    Status.REJECTED: _("De school besloot dat je geen plek krijgt."),
    Status.WITHDRAWN: _("Je liet de school weten dat je niet komt."),
}
MEANING = {  # while it is so
    Status.SUBMITTED: _("Je aanmelding is verstuurd. De school gaat ermee aan de slag."),
    Status.RECEIVED: _("De school heeft je aanmelding en bekijkt die."),
    Status.OFFERED: _("De school wil je graag hebben."),
    Status.ENROLLED: _("Je bent student van deze school."),
    Status.REJECTED: _("Je krijgt geen plek bij deze opleiding."),
    Status.WITHDRAWN: _("Je hebt deze aanmelding ingetrokken."),
}
NEXT = {
    Status.SUBMITTED: _("Je hoeft nu niets te doen. De school laat van zich horen."),
    Status.RECEIVED: _("De school nodigt je uit. Ga naar het gesprek: dat moet."),
    Status.OFFERED: _(
        "Je krijgt van de school een overeenkomst. Lees die goed, en laat weten of je komt."
    ),
    Status.ENROLLED: _("De school vertelt je wanneer je begint."),
    Status.REJECTED: _(
        "Vraag de school waarom, en wat je nog kunt doen. "
        "Je kunt je ook aanmelden voor een andere opleiding."
    ),
    Status.WITHDRAWN: _(
        "Je hoeft niets meer te doen. Wil je toch? Begin dan een nieuwe aanmelding."
    ),
}
TONE = {  # of a badge, and of the panel on the application's page
    Status.OFFERED: "success",
    Status.ENROLLED: "success",
    Status.REJECTED: "danger",
}
WHO = {
    Source.STUDENT: _("Door jou"),
    Source.SCHOOL: _("Door de school"),
    Source.KOPPELPUNT: _("Door de school"),
}
BY_SCHOOL = _("De school heeft doorgegeven dat deze aanmelding is ingetrokken.")
BY_MISTAKE = _("Klopt dat niet? Bel of mail de school. Je kunt je ook opnieuw aanmelden.")
CHOSE_OTHER = _("Je koos voor een andere aanmelding.")
LET_GO = _("Je koos voor een andere aanmelding. Daarom is deze ingetrokken.")
CORRECTED = _("De school heeft de afwijzing teruggedraaid: je kunt toch komen.")
TAKEN_BACK = _("De school heeft het aanbod van een plek teruggenomen.")
NOT_OVER = _("Bel of mail de school, en vraag waarom. Je aanmelding loopt nog wel.")
UNDONE = _("De school heeft je inschrijving ongedaan gemaakt.")
TURNS = {  # what a status undoes of the one before it (STA-3)
    (Status.REJECTED, Status.OFFERED): CORRECTED,
    (Status.REJECTED, Status.ENROLLED): CORRECTED,
    (Status.OFFERED, Status.RECEIVED): TAKEN_BACK,
    (Status.ENROLLED, Status.WITHDRAWN): UNDONE,
}
AFTER = {TAKEN_BACK: NOT_OVER, UNDONE: BY_MISTAKE, BY_SCHOOL: BY_MISTAKE}
LATE = _("Nee, na de landelijke aanmelddatum. De school kijkt of er nog plek is.")
INTEREST = _("Interessemelding")
NOT_YET = _("Dit is nog geen aanmelding.")
INTERESTED = _("De school weet dat je interesse hebt.")
APPLIED = _("Je hebt je hier intussen voor aangemeld. Je hoeft hier niets meer te doen.")
THEN = _("De school laat je weten wanneer je je kunt aanmelden.")

REASON = {  # why somebody withdraws
    "other_programme": _("Ik kies een andere opleiding"),
    "other_school": _("Ik kies een andere school"),
    "work": _("Ik ga werken"),
    "personal": _("Om iets persoonlijks"),
    "other": _("Om iets anders"),
}

NEWS = {  # what the student did just now; said once
    "withdrawn": _("Je hebt deze aanmelding ingetrokken. De school krijgt bericht."),
    "already": _("Deze aanmelding was al ingetrokken."),
    "chosen": _("Je hebt deze opleiding gekozen. Wat je niet koos, is ingetrokken."),
    "no_offer": _("De school biedt je nu geen plek meer aan. Er is niets ingetrokken."),
    "none_left": _("Er valt niets meer te kiezen: je hebt geen andere aanmelding die nog loopt."),
    "changed": _("Je wijziging is opgeslagen. De school krijgt die ook."),
    "same": _("Er is niets veranderd."),
    "taken_back": _("Je interessemelding is verwijderd. De school krijgt bericht."),
    "mailed": _("We hebben de mail nog een keer gestuurd."),
    "mailed_enough": _(
        "We hebben je vandaag al een paar keer gemaild. "
        "Kijk ook bij je spam, of probeer het morgen weer."
    ),
}
TOO_LATE = {  # what came before the student
    Status.ENROLLED: _(
        "Dat kan niet meer: de school heeft je al ingeschreven. Bel of mail de school."
    ),
    Status.REJECTED: _(
        "Dat kan niet meer: de school heeft je aanmelding afgewezen. Bel of mail de school."
    ),
    Status.WITHDRAWN: _(
        "Dat kan niet meer: deze aanmelding is ingetrokken. Bel of mail de school."
    ),
}


class Standing(Protocol):
    """What of an application there is to say something about."""

    @property
    def interest(self) -> bool: ...

    @property
    def status(self) -> Status: ...

    @property
    def steps(self) -> tuple[Step, ...]: ...


def called(of: Standing) -> str:
    """Its status, in a few words."""
    return INTEREST if of.interest else STATUS[of.status]


def meaning(of: Standing) -> str:
    """What the status means, in one or two sentences."""
    if of.interest:
        return NOT_YET
    if of.steps and of.steps[-1].kept_id is not None:
        return LET_GO
    return _by_school(of.steps) or MEANING[of.status]


def after(of: Standing) -> str:
    """What happens next, and what the student does."""
    if of.interest:
        return THEN
    return AFTER.get(_by_school(of.steps), NEXT[of.status])


def told(steps: Sequence[Step]) -> str:
    """What the last of these steps meant, in one sentence (MIJ-1)."""
    if steps[-1].kept_id is not None:
        return CHOSE_OTHER
    return _by_school(steps) or TOLD[steps[-1].status]


def _by_school(steps: Sequence[Step]) -> str:
    """Of a last step that undoes the one before it, or that withdraws what the student didn't:
    that the school did so. Empty for others."""
    if len(steps) > 1 and (turned := TURNS.get((steps[-2].status, steps[-1].status))):
        return turned
    last = steps[-1] if steps else None
    if last is None or last.status is not Status.WITHDRAWN or last.source is Source.STUDENT:
        return ""
    return BY_SCHOOL


def in_time(was: bool | None, term: Term) -> str:
    """Whether it was sent in time for 1 April, the day of the law (WIZ-16); and where the school
    closes before that, that this is another day. Empty where it makes no difference."""
    if was is None:
        return ""
    if term.april is None:  # an earlier release kept no more than this
        return Sentence(_("Ja") if was else LATE)
    if not was:
        late = _("Nee, het was na %(day)s. De school kijkt of er nog plek is.")
        return Sentence(late, day=day(term.april))
    if term.closes is None or term.closes >= term.april:
        return Sentence(_("Ja, want het was op of voor %(day)s"), day=day(term.april))
    both = _(
        "Ja, want het was op of voor %(day)s. Wie zich tot en met die dag aanmeldt, heeft "
        "volgens de wet meestal recht op een plek. De school sluit deze start eerder: aanmelden "
        "kan daar tot en met %(last)s."
    )
    return Sentence(both, day=day(term.april), last=day(term.closes))


def late(term: Term, today: date) -> str:
    """What to know before withdrawing: applying again is late (MIJ-2). Empty before 1 April."""
    if term.april is None or today <= term.april:
        return ""
    said = _(
        "Het is na %(day)s. Meld je je later opnieuw aan, dan ben je te laat. "
        "De school kijkt dan of er nog plek is."
    )
    return Sentence(said, day=day(term.april))
