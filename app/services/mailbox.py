"""Whether an e-mail address is the student's own: who presses the link in a mail has the mailbox
(WIZ-5). No mail about a status goes to an address before that."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, Select, func, insert, select, update

from app import db, keys
from app.domain.draft import Draft, Interest
from app.models import email_link, job, student
from app.services import notices, work
from app.services.students import NoSuchStudent
from app.store import Store, StoreDown

SENT = {
    None: notices.Kind.CONFIRMATION,
    Interest.LOCK: notices.Kind.INTEREST,
    Interest.CODE: notices.Kind.GUEST,
}
MOST = 3  # times a day that a mail is sent once more
ASKED = 10  # mails a day that ask one address whose it is, from one student, or from all guests
DAY = 24 * 3600  # seconds


def link(
    connection: Connection, student_id: str, email: str, now: datetime, leads_back: bool = False
) -> str:
    """The token for a mail to this address, in this transaction; empty when it was confirmed and
    does nothing else: one that `leads_back` also opens an interessemelding (MIJ-4)."""
    if not leads_back and is_confirmed(connection, student_id, email):
        return ""
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": _hashed(token),
        "student_id": student_id,
        "email_hash": _key(email),
        "sent_at": now,
    }
    connection.execute(insert(email_link), row)
    return token


def may_ask(store: Store, student_id: str, answers: Draft) -> bool:
    """Whether a mail with a link may go to the address in `answers`, which may be anybody's: we
    fill no mailbox. Those without DigiD count together: they are as many as they like."""
    return int(store.get(_asking(student_id, answers)) or 0) < ASKED


def count_asked(store: Store, student_id: str, answers: Draft) -> None:
    """One more, once it was done: nothing of that is spoilt by a store that is down."""
    with suppress(StoreDown):
        store.incr(_asking(student_id, answers), DAY)


def _asking(student_id: str, answers: Draft) -> str:
    whose = "" if answers.interest is Interest.CODE else student_id
    email = answers.contact.email if answers.contact else ""
    return "ask:" + keys.lookup("ask", f"{whose} {email.casefold()}")


def tell(
    connection: Connection,
    student_id: str,
    answers: Draft,
    language: str,
    now: datetime,
    asks: bool = True,
) -> None:
    """The mail that says that it was sent, in this transaction. Who left no address gets none, nor
    an address that isn't confirmed unless it `asks` whose that is."""
    email = answers.contact.email if answers.contact else ""
    guest = answers.interest is Interest.CODE
    if email and (asks or is_confirmed(connection, student_id, email)):
        token = link(connection, student_id, email, now, leads_back=guest)
        notices.post(connection, SENT[answers.interest], student_id, email, language, token)


def ask_whose(
    connection: Connection, student_id: str, email: str, language: str, now: datetime
) -> None:
    """A mail to an address that they have from now on, unless they confirmed it (WIZ-5)."""
    if token := link(connection, student_id, email, now):
        notices.post(connection, notices.Kind.CHANGED, student_id, email, language, token)


def send_again(store: Store, student_id: str, answers: Draft, language: str, now: datetime) -> bool:
    """The same mail once more, for who lost it or never got it, as long as there is a link to press
    in it. False when this address was mailed so MOST times today. Raises NoSuchStudent."""
    email = answers.contact.email if answers.contact else ""
    if store.incr(f"mail:{_key(email)}", DAY) > MOST:
        return False
    with db.transaction() as connection:
        theirs = select(student.c.id).filter_by(id=student_id).with_for_update(key_share=True)
        if connection.execute(theirs).first() is None:
            raise NoSuchStudent()
        guest = answers.interest is Interest.CODE
        if email and (guest or not is_confirmed(connection, student_id, email)):
            tell(connection, student_id, answers, language, now)
    return True


def is_asked(connection: Connection, student_id: str, email: str) -> bool:
    """Whether a mail with a link went to this address of theirs."""
    return connection.execute(_links(student_id, email)).first() is not None


def is_confirmed(connection: Connection, student_id: str, email: str) -> bool:
    pressed = _links(student_id, email).where(email_link.c.confirmed_at.is_not(None))
    return connection.execute(pressed).first() is not None


def _links(student_id: str, email: str) -> Select[tuple[str]]:
    return select(email_link.c.token_hash).where(
        email_link.c.student_id == student_id, email_link.c.email_hash.in_(hashes(email))
    )


def bounces(connection: Connection, student_id: str, email: str) -> bool:
    """Whether a mail to this address of theirs was given up."""
    given_up = select(job.c.document_id, job.c.document).where(
        job.c.student_id == student_id, job.c.failed_at.is_not(None)
    )
    return any(
        work.about(key, document).get("to") == email
        for key, document in connection.execute(given_up)
    )


def hashes(email: str) -> list[str]:
    """By which an address is known, the current one first."""
    return keys.lookups("email", email.casefold())


def is_ours(connection: Connection, token: str) -> bool:
    """Whether the link can be pressed. Looking does nothing: programs open what is in a mail."""
    where = email_link.c.token_hash == _hashed(token)
    return connection.execute(select(email_link.c.student_id).where(where)).first() is not None


def is_pressed(connection: Connection, token: str) -> bool:
    where = (email_link.c.token_hash == _hashed(token), email_link.c.confirmed_at.is_not(None))
    return connection.execute(select(email_link.c.student_id).where(*where)).first() is not None


def confirm(token: str, now: datetime) -> bool:
    """False for a link that is none of ours. Pressed twice is pressed, the first time."""
    with db.transaction() as connection:
        pressed = connection.execute(
            update(email_link)
            .where(email_link.c.token_hash == _hashed(token))
            .values(confirmed_at=func.coalesce(email_link.c.confirmed_at, now))
        )
    return bool(pressed.rowcount)


def _key(email: str) -> str:
    return keys.lookup("email", email.casefold())


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
