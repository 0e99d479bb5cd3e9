"""What a student is told above a question: what fell away since they were here, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from flask import request

from app import labels
from app.domain.catalogue import Choice, Reason, availability
from app.domain.draft import Interest
from app.domain.journey import Walk, dropped, walk
from app.i18n import Sentence
from app.i18n import mark as _
from app.services.drafts import Opened
from app.wizard.steps import BY_SLUG, STEPS

AGAIN = _("Je antwoord op deze vraag past niet meer bij de rest. Controleer het nog een keer.")
NO_CHOICE = _("Voor de opleiding die je koos, kun je je nu niet meer aanmelden. Kies een andere.")
NO_START = _("Voor de start die je koos, kun je je nu niet meer aanmelden. Kies een andere.")
ON_A_DAY = _("Voor de start op %(day)s kun je je nu niet meer aanmelden. Kies een andere.")
NO_SCHOOL = _(
    "Deze school kan nu geen aanmeldingen ontvangen. Wat je invulde, is bewaard. "
    "Probeer het later, of kies een andere school."
)
FULL = _("De start die je koos, is vol. Kies een andere.")
FULL_ON_A_DAY = _("De start op %(day)s is vol. Kies een andere.")
LOST = {  # of a choice, where there is more to say: with the day of its start, and without
    Reason.NO_KOPPELPUNT: (NO_SCHOOL, NO_SCHOOL),
    Reason.FULL: (FULL_ON_A_DAY, FULL),
    **dict.fromkeys(
        (Reason.CLOSED, Reason.OVER, Reason.NO_START, Reason.NOT_YET), (ON_A_DAY, NO_START)
    ),
}
NEW_KEY = _("De school heeft de toegangscode veranderd. Vraag de school om de nieuwe code.")
FIRST_KEY = _("De school vraagt nu een toegangscode. Vraag de school om de code en vul hem in.")
OF_ANOTHER = _("Je koos een andere opleiding of start. Daarom vragen we dit opnieuw.")
BY_DUO = _("DUO heeft andere gegevens over jou dan eerst. Controleer ze nog een keer.")
EDUCATION_AFTER_ALL = _("DUO weet nu wel op welke school je zit of zat. Kijk of het klopt.")
EDUCATION_BY_DUO = _("DUO heeft nu een andere vooropleiding van je. Kies nog een keer.")
MISSING_BY_DUO = _("DUO weet nu andere dingen van je dan eerst. Vul in wat DUO nog niet weet.")
GUARDIAN_NEEDED = _("Je bent nog geen 18. Daarom is een ouder of verzorger nodig.")
NOT_SENT = _("Je aanmelding is nog niet verstuurd.")
INTEREST_NOT_SENT = _("Je interessemelding is nog niet verstuurd.")
NO_KEY = _("Voor deze start is geen code meer nodig. Daarom kun je je nu aanmelden.")
NO_EMAIL = _("Voor een aanmelding is ook je e-mailadres nodig.")
CODE_LATER = _("We vragen eerst nog wat we niet van je weten. Daarna vul je de code in.")
ONE_MORE = _("Door wat je wijzigde, hebben we nog een vraag.")
DROPPED = {  # by question: what isn't sent any more
    "personal": _("DUO weet nu wie je bent. Wat je daarover zelf invulde, sturen we niet mee."),
    "address": _("Het adres dat je zelf invulde, sturen we niet mee."),
    "education": _("De vooropleiding die je zelf invulde, sturen we niet mee."),
    "key": _("Je hebt geen toegangscode meer nodig."),
    "joining": _("Je begint nu in het eerste leerjaar."),
    "start_day": _("De startdatum die je koos, telt niet meer. Deze start heeft een vaste dag."),
    "leerbedrijf": _(
        "Voor deze opleiding is geen leerbedrijf nodig. Je leerbedrijf sturen we niet mee."
    ),
}


def lines(draft: Opened) -> list[str]:
    """For the page of this draft that is asked for now."""
    interest = draft.answers.interest
    not_sent = INTEREST_NOT_SENT if interest else NOT_SENT
    said = [not_sent] if "nog-niet-verstuurd" in request.args else []
    if draft.before.interest is Interest.LOCK and interest is None:
        said.append(NO_KEY)
    to_come = "key" in draft.walk.path and draft.walk.kept.key is None
    if "code-straks" in request.args and to_come and draft.walk.next != "key":
        said.append(CODE_LATER)
    asked = _questions(request.args.getlist("vervalt"))
    gone = dict.fromkeys([*draft.lapsed, *(q for q in asked if q not in draft.walk.path)])
    said += [DROPPED[question] for question in gone if question in DROPPED]
    fallen = [_again(draft, question) for question in draft.fallen]
    if "extra" in request.args and not fallen:
        said.append(ONE_MORE)
    return said + [line for line in fallen if line]


def _questions(slugs: Sequence[str]) -> Iterator[str]:
    return (BY_SLUG[slug].question for slug in dict.fromkeys(slugs) if slug in BY_SLUG)


def _again(draft: Opened, question: str) -> str:
    answers, kept = draft.answers, draft.walk.kept
    if question == "person":
        return BY_DUO
    if question == "picked":
        by_duo = answers.picked and answers.picked.education
        return EDUCATION_BY_DUO if by_duo else EDUCATION_AFTER_ALL
    if question == "personal":
        return MISSING_BY_DUO
    if question == "guardians":
        return GUARDIAN_NEEDED
    if question == "choice":
        return lost_start(answers.choice, draft.today) if answers.choice else NO_CHOICE
    if question == "contact":
        return NO_EMAIL
    if question == "leerbedrijf" and answers.leerbedrijf:
        return labels.lost(answers.leerbedrijf[0])
    if question in ("joining", "start_day"):
        return OF_ANOTHER
    if question == "key" and answers.key and kept.choice:
        if answers.key.cohort_id != kept.choice.cohort_id:
            return ""  # a code of another cohort: the question itself says enough
        return NEW_KEY if answers.key.lock else FIRST_KEY
    return AGAIN


def lost_start(choice: Choice, today: date) -> str:
    """Why this can't be chosen any more, and which start that is about: there may be another."""
    why = availability(choice, today)
    on_a_day, undated = LOST.get(why, (NO_CHOICE, NO_CHOICE)) if why else (NO_CHOICE, NO_CHOICE)
    if choice.start is None:
        return undated
    return Sentence(on_a_day, day=labels.day(choice.start))


class Told(NamedTuple):
    """What an answer did to the others, for the page that comes next."""

    dropped: tuple[str, ...]  # questions that no longer count
    more: bool  # the draft was complete, and a question has opened

    @classmethod
    def between(cls, draft: Opened, question: str, after: Walk) -> Told:
        """`draft` as it was before `question` was answered, perhaps because the answer fell:
        what hung on that one counted until now."""
        before, counted = draft.walk, walk(draft.answers, draft.today, trusted=question)
        opened = before.next is None and after.next is not None and after.next not in before.path
        return cls((*draft.lapsed, *dropped(counted, after)), opened)

    @property
    def query(self) -> dict[str, list[str]]:
        """As `lines` reads it from the address: slugs, nothing of the answers."""
        found = {"vervalt": [STEPS[question].slug for question in self.dropped]}
        return {**found, "extra": ["1"] if self.more else []}
