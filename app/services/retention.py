"""What has been kept long enough, and its going (RET-1, RET-3): by the policy of
app/domain/retention.py, in pieces that hold nobody up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    case,
    delete,
    func,
    select,
    true,
    tuple_,
    update,
)

from app import db
from app.clock import AMSTERDAM, local_date
from app.domain import retention, rules
from app.domain.retention import Account, Fate
from app.domain.status import APPLICATION
from app.models import (
    application,
    audit,
    draft,
    error_report,
    job,
    message,
    status_message,
    student,
)
from app.services import dossiers, ledger, mailbox, messages, notices, removal, waiting

BATCH = 200  # rows that are read at once; each student goes in a transaction of their own
LINES = 1000  # of a log that go at once
MOST = 0.5  # of all accounts that go in one night, unless somebody says so
FEW = 100  # accounts, of which any number may go

of = application.c


class What(StrEnum):
    """What is done, as it is counted."""

    ACCOUNT = "accounts"  # a year after the last application
    PROFILE = "empty profiles"
    DOSSIER = "dossiers"  # of who has a later one
    WARNING = "warnings"
    MAIL = "mails that nobody could send"
    LINE = "lines of logs"


class TooMany(Exception):
    """More accounts would go than go in one night: perhaps a clock is wrong. Nothing was done."""

    def __init__(self, going: int, of_all: int) -> None:
        super().__init__(f"{going} of {of_all} accounts would go")


class Due(NamedTuple):
    what: What
    id: str  # of the student, or a caKetenId
    says: date | None = None  # of a warning: when it goes


def run(now: datetime, progress: Callable[[], object], everybody: bool = False) -> Counter[What]:
    """Counts first, then does what is due by `now`. How much of each. `progress` is called
    often. Raises TooMany unless `everybody` may go."""
    counted = plan(now, progress)
    _check(counted, everybody)
    done: Counter[What] = Counter()
    for one in due(now):
        with suppress(db.Busy):  # somebody is at it just now: the next night is soon enough
            done[one.what] += _do(one, now)
        progress()
    done[What.MAIL] = _forget_mails(now)
    done[What.LINE] = sum(_forget_lines(*log, now, progress) for log in LOGS)
    messages.forget_graves(_logs_until(now))
    return done


def plan(now: datetime, progress: Callable[[], object]) -> Counter[What]:
    """What `run` would do; nothing is changed."""
    found: Counter[What] = Counter()
    for one in due(now):
        found[one.what] += 1
        progress()
    with db.reading() as connection:
        found[What.MAIL] = _count(connection, job, _unsent(now))
        found[What.LINE] = sum(
            _count(connection, table, (moment < _logs_until(now)) & which)
            for table, moment, which in LOGS
        )
    return found


def _check(counted: Counter[What], everybody: bool) -> None:
    going = counted[What.ACCOUNT] + counted[What.PROFILE]
    with db.reading() as connection:
        every = connection.execute(select(func.count()).select_from(student)).scalar_one()
    if going > max(FEW, MOST * every) and not everybody:
        raise TooMany(going, every)


def due(now: datetime) -> Iterator[Due]:
    """Everything that is due about students; memory stays flat."""
    today = local_date(now)
    for row in _old_applications(today):
        yield from _of_application(row, today)
    for student_id in _without_application(today):
        with db.reading() as connection:
            found = account(connection, student_id)
        if found is not None and found.fate(today) is Fate.REMOVED:
            yield Due(What.PROFILE, student_id)


def _old_applications(today: date) -> Iterator[Any]:
    """That may be due, or have an account that is warned: oldest first."""
    year_ago = today - timedelta(days=365 - retention.WARNING.days - 1)
    before = datetime.combine(year_ago, time(), AMSTERDAM)
    wanted = select(of.id, of.student_id, of.ca_keten_id, of.document, of.submitted_at).where(
        of.removed_at.is_(None), of.submitted_at < before
    )
    yield from _pages(wanted, of.submitted_at, of.id)


def _without_application(today: date) -> Iterator[str]:
    moment = datetime.combine(today - timedelta(days=28 * retention.EMPTY), time(), AMSTERDAM)
    theirs = select(of.id).where(of.student_id == student.c.id).exists()
    wanted = select(student.c.seen_at, student.c.id).where(student.c.seen_at < moment, ~theirs)
    yield from (row.id for row in _pages(wanted, student.c.seen_at, student.c.id))


def _pages(wanted: Select[Any], *order: ColumnElement[Any]) -> Iterator[Any]:
    """All rows in this order, read in pieces: those that were read may have gone by the next."""
    last: tuple[Any, ...] | None = None
    names = [column.key for column in order]
    while True:
        after = wanted if last is None else wanted.where(tuple_(*order) > tuple_(*last))
        with db.reading() as connection:
            rows = connection.execute(after.order_by(*order).limit(BATCH)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        last = tuple(getattr(rows[-1], str(name)) for name in names)


def _of_application(row: Any, today: date) -> Iterator[Due]:
    """The account where it goes or must be warned, told once: at its last application. Else the
    dossier by itself, unless it is the last that keeps the account: that goes with it."""
    with db.reading() as connection:
        found = account(connection, row.student_id)
        newest = select(func.max(of.id)).where(of.student_id == row.student_id)
        last = found is not None and connection.execute(newest).scalar() == row.id
    fate = found.fate(today) if found else Fate.KEPT
    if found and fate is Fate.REMOVED:
        if last:
            yield Due(What.ACCOUNT, row.student_id)
        return
    if found and fate is Fate.WARNED and last:
        yield Due(What.WARNING, row.student_id, found.ends(today))
    goes = _goes(row)
    if goes <= today and (found is None or goes != found.goes):
        yield Due(What.DOSSIER, row.ca_keten_id)


def account(connection: Connection, student_id: str | None) -> Account | None:
    """What decides about this student's account; None for nobody, and for who is gone."""
    own = select(student.c.seen_at, student.c.warned_at).filter_by(id=student_id)
    theirs = connection.execute(own).first()
    if theirs is None:
        return None
    # Who was reminded of a last day may still come until then.
    later = case((draft.c.reminded_at > draft.c.touched_at, draft.c.reminded_at))
    touched = select(func.max(func.coalesce(later, draft.c.touched_at)))
    worked_on = connection.execute(touched.where(draft.c.student_id == student_id)).scalar()
    kept = select(of.ca_keten_id, of.document, of.submitted_at).filter_by(student_id=student_id)
    dossiers_go = tuple(_goes(row) for row in connection.execute(kept).all())
    return Account(
        dossiers=dossiers_go,
        worked_on=worked_on and local_date(worked_on),
        seen=local_date(theirs.seen_at),
        warned=theirs.warned_at and local_date(theirs.warned_at),
        waits=None if dossiers_go else waiting.until(connection, student_id),
    )


def _goes(row: Any) -> date:
    """When a dossier does; one that nobody can open any more goes a year after it was sent."""
    answers = dossiers.readable(row)
    start = rules.starts(answers) if answers else None
    return retention.dossier_goes(local_date(row.submitted_at), start)


def _do(one: Due, now: datetime) -> bool:
    if one.what in (What.ACCOUNT, What.PROFILE):
        return removal.account(one.id, ledger.Kind.EXPIRED, now, unless=_no_longer(now))
    if one.what is What.DOSSIER:
        return removal.dossier(one.id, now)
    return _warn(one, now)


def _no_longer(now: datetime) -> Callable[[Connection, str], bool]:
    """Whether something happened since it was looked at: an application, a login."""

    def changed(connection: Connection, student_id: str) -> bool:
        found = account(connection, student_id)
        return found is None or found.fate(local_date(now)) is not Fate.REMOVED

    return changed


def _warn(one: Due, now: datetime) -> bool:
    """A mail to the address of the newest application; who gave none can't be warned."""
    with db.transaction() as connection:
        mine = update(student).where(student.c.id == one.id).values(warned_at=now)
        told = connection.execute(mine.returning(student.c.language, student.c.bsn_hash)).first()
        applied = func.max(case((of.kind == APPLICATION, 1), else_=0)).over()
        kept = select(of.ca_keten_id, of.document, applied.label("applied"))
        kept = kept.filter_by(student_id=one.id)
        newest = connection.execute(kept.order_by(of.id.desc()).limit(1)).first()
        if told is None or newest is None:
            return False
        if email := _email(newest):
            guest = told.bsn_hash is None
            kind = notices.Kind.REMOVAL if newest.applied else notices.Kind.INTEREST_REMOVAL
            kind = notices.Kind.GUEST_REMOVAL if guest else kind
            token = mailbox.link(connection, one.id, email, now, leads_back=True) if guest else ""
            notices.post(connection, kind, one.id, email, told.language, token, one.says)
    return True


def _email(row: Any) -> str:
    answers = dossiers.readable(row)
    return answers.contact.email if answers and answers.contact else ""


# --- mail that could not be sent, and logs --------------------------------------------------------

_REPORTED = select(error_report.c.id).where(error_report.c.message_id == message.c.id).exists()
LOGS: tuple[tuple[Table, Any, Any], ...] = (  # with their moment, and which lines go
    (audit, audit.c.at, true()),
    (status_message, status_message.c.received_at, true()),
    # Of each application the last stays: totals tell what was fetched (ADM-7).
    (message, message.c.created_at, ~message.c.latest & ~_REPORTED),
)


def _unsent(now: datetime) -> ColumnElement[bool]:
    return (job.c.name == notices.MAIL) & (job.c.failed_at < (now - retention.FAILED).timestamp())


def _forget_mails(now: datetime) -> int:
    with db.transaction() as connection:
        return connection.execute(delete(job).where(_unsent(now))).rowcount


def _logs_until(now: datetime) -> datetime:
    day = retention.months_after(local_date(now), -retention.LOGS)
    return datetime.combine(day, time(), AMSTERDAM)


def _forget_lines(
    table: Table, moment: Any, which: Any, now: datetime, progress: Callable[[], object]
) -> int:
    gone = 0
    while True:
        old = select(table.c.id).where(moment < _logs_until(now), which).limit(LINES)
        with db.transaction() as connection:
            number = connection.execute(delete(table).where(table.c.id.in_(old))).rowcount
        progress()
        gone += number
        if number < LINES:
            return gone


def _count(connection: Connection, table: Table, where: Any) -> int:
    wanted = select(func.count()).select_from(table).where(where)
    return int(connection.execute(wanted).scalar_one())
