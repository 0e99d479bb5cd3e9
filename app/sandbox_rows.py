"""Generated applications as rows, as if they had been sent (SIS-8). Outside production only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from app import db, keys, privacy
from app.clock import local_date
from app.domain.advice import term
from app.domain.by_duo import ByDuo
from app.domain.catalogue import Choice, availability
from app.domain.dossier import Dossier
from app.domain.draft import Known, Learnt, Outcome
from app.domain.status import APPLICATION, INTEREST, Source, Status
from app.models import application, application_status, institution, running, student
from app.sandbox_people import INTERESTS, Kind, Made, NoneOffered, make, possible
from app.services import catalogue, dossiers, koppelpunten, messages, remembered
from app.services.catalogue import facts

AT_ONCE = 500  # applications in a transaction
WHILE = timedelta(minutes=1)  # ago they were sent


def generate(
    brin: str,
    number: int,
    now: datetime,
    kinds: Sequence[Kind] = (),
    seed: int = 0,
    shown: Callable[[int], None] = lambda _made: None,
) -> int:
    """So many applications at a school, of these kinds in turn, or of all that it can have.
    What they answer follows from the seed; ids are new each time. Raises NoneOffered, and
    ValueError for a school that isn't there."""
    with db.reading() as connection:
        kinds = kinds or possible(open_at(connection, brin, now), local_date(now))
    mix = islice(cycle(kinds), number)
    made = 0
    while batch := list(islice(mix, AT_ONCE)):
        with db.transaction() as connection:
            made += len(insert_some(connection, brin, batch, now, seed))
        shown(made)
    return made


def insert_some(
    connection: Connection, brin: str, kinds: Sequence[Kind], now: datetime, seed: int = 0
) -> list[int]:
    """An application of each of these kinds, with its student, status and messages. Their ids."""
    _alone(connection)
    offered = open_at(connection, brin, now)
    points = _koppelpunten(connection, brin, offered, now)
    first = connection.execute(select(func.max(application.c.id))).scalar() or 0
    today = local_date(now)
    made = [make(kind, first + n, seed, offered, today) for n, kind in enumerate(kinds)]
    students = _insert_students(connection, made, now)
    rows = [
        _row(one, student_id, keten_id, points[one.dossier.choice.programme_id], now)
        for one, student_id, keten_id in zip(
            made,
            students,
            _keten_ids(connection, brin, len(made), Random(f"{seed} {first}")),
            strict=True,
        )
    ]
    returned = insert(application).returning(application.c.id, sort_by_parameter_order=True)
    ids = list(connection.execute(returned, rows).scalars())
    _claim(connection, made, students, ids)
    _sent(connection, made, ids, now)
    messages.announce(connection, ids, messages.Kind.NEW, now)
    _change(connection, made, rows, ids, now)
    _withdraw(connection, made, ids, now)
    return ids


def open_at(connection: Connection, brin: str, now: datetime) -> list[Choice]:
    """What can be chosen at a school now and has no places to count. Raises NoneOffered, and
    ValueError for a school that isn't there."""
    if connection.execute(select(institution.c.brin).filter_by(brin=brin)).first() is None:
        raise ValueError(f"Er is geen instelling {brin}.")
    rows = connection.execute(catalogue.cohorts().where(facts.brin == brin)).all()
    choices = [catalogue.as_choice(row, now) for row in rows]
    today = local_date(now)
    found = [c for c in choices if availability(c, today) is None and c.places_left is None]
    if not found:
        raise NoneOffered("Deze instelling heeft nu geen opleiding waarvoor je kunt aanmelden.")
    return sorted(found, key=lambda c: (c.programme, c.place, c.leertraject, c.cohort_code))


def _alone(connection: Connection) -> None:
    """Numbers are given out to one at a time."""
    connection.execute(
        select(institution.c.brin)
        .order_by(institution.c.brin)
        .limit(1)
        .with_for_update(key_share=True)
    )


def _koppelpunten(
    connection: Connection, brin: str, offered: Sequence[Choice], now: datetime
) -> dict[str, int]:
    """By programme, as for anybody who applies."""
    rows = connection.execute(
        select(facts.programme_id, facts.provider_code).where(
            facts.programme_id.in_({c.programme_id for c in offered}), catalogue.counts_now()
        )
    )
    of_provider = {row.programme_id: row.provider_code for row in rows}
    found = {
        code: koppelpunten.of_provider(connection, brin, code, now)
        for code in set(of_provider.values())
    }
    return {p: point for p, code in of_provider.items() if (point := found[code]) is not None}


def _insert_students(
    connection: Connection, made: Sequence[Made], now: datetime
) -> list[str | None]:
    ids = [str(uuid4()) if one.bsn else None for one in made]
    rows = [
        {
            "id": student_id,
            "bsn_hash": keys.lookup("bsn", one.bsn),
            "document": remembered.sealed(student_id, one.bsn, _known(one)),
            "known_version": 1,
            "language": "nl",
            "created_at": now,
            "seen_at": now,
        }
        for one, student_id in zip(made, ids, strict=True)
        if student_id
    ]
    if rows:
        connection.execute(insert(student), rows)
    return ids


def _known(one: Made) -> ByDuo:
    answers = one.dossier.answers
    picked = answers.picked and answers.picked.education
    learnt = Learnt(Outcome.FOUND, (picked,)) if picked else Learnt(Outcome.UNKNOWN)
    return ByDuo(answers.person or Known(Outcome.UNKNOWN), learnt)


def _keten_ids(connection: Connection, brin: str, number: int, random: Random) -> list[str]:
    """Free ones, each once."""
    free: dict[str, None] = {}
    while len(free) < number:
        wanted = [f"{brin}:9{random.randrange(10**7):07}" for _ in range(number)]
        taken = select(application.c.keten_id).where(application.c.keten_id.in_(wanted))
        gone = set(connection.execute(taken).scalars())
        free |= dict.fromkeys(w for w in wanted if w not in gone)
    return list(free)[:number]


def _row(
    one: Made, student_id: str | None, keten_id: str, point: int, now: datetime
) -> dict[str, Any]:
    ca_keten_id = str(uuid4())
    choice = one.dossier.choice
    return {
        "student_id": student_id,
        "kind": INTEREST if one.kind in INTERESTS else APPLICATION,
        "draft_id": str(uuid4()),
        "ca_keten_id": ca_keten_id,
        "keten_id": keten_id,
        "koppelpunt_id": point,
        "cohort_id": choice.cohort_id,
        "brin": choice.brin,
        "status": Status.SUBMITTED,
        "requested_at": now - WHILE,
        "submitted_at": now - WHILE,
        "document": _document(one, one.dossier, ca_keten_id, now),
    }


def _document(one: Made, dossier: Dossier, ca_keten_id: str, now: datetime) -> bytes:
    """As sending makes it: app/services/applications.py."""
    sent = (now - WHILE).isoformat()
    in_time = term(dossier.answers, {}).in_time(local_date(now))
    if one.kind in INTERESTS:
        in_time = None  # which gives no right
    identified = {"level": "20", "moment": (now - 9 * WHILE).isoformat()}
    beside = {
        "identification": identified if one.bsn else None,
        "language": "nl",
        "shown_at": sent,
        "privacy": {"version": privacy.VERSION, "school": "", "moment": sent},
        "in_time": in_time,
    }
    if one.registratiecode:
        beside["registratiecode"] = one.registratiecode
    return dossiers.sealed(ca_keten_id, dossier.answers, None, beside)


def _claim(
    connection: Connection,
    made: Sequence[Made],
    students: Sequence[str | None],
    ids: Sequence[int],
) -> None:
    rows = [
        {
            "student_id": student_id,
            "cohort_id": one.dossier.choice.cohort_id,
            "application_id": number,
        }
        for one, student_id, number in zip(made, students, ids, strict=True)
        if student_id and one.kind not in INTERESTS and one.kind is not Kind.WITHDRAWN
    ]
    if rows:
        connection.execute(insert(running), rows)


def _sent(connection: Connection, made: Sequence[Made], ids: Sequence[int], now: datetime) -> None:
    """Their first status; an interessemelding has none."""
    sent = {"status": Status.SUBMITTED, "source": Source.STUDENT, "since": now - WHILE}
    rows = [
        {"application_id": number, **sent}
        for one, number in zip(made, ids, strict=True)
        if one.kind not in INTERESTS
    ]
    if rows:
        connection.execute(insert(application_status), rows)


def _of(kind: Kind, made: Sequence[Made], ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Places in the batch, and ids."""
    return ((n, i) for n, (one, i) in enumerate(zip(made, ids, strict=True)) if one.kind is kind)


def _change(
    connection: Connection,
    made: Sequence[Made],
    rows: Sequence[dict[str, Any]],
    ids: Sequence[int],
    now: datetime,
) -> None:
    changed = []
    for n, number in _of(Kind.CHANGED, made, ids):
        dossier = made[n].changed
        assert dossier is not None, "who changed has become something"
        document = _document(made[n], dossier, rows[n]["ca_keten_id"], now)
        connection.execute(update(application).filter_by(id=number).values(document=document))
        changed.append(number)
    if changed:
        messages.announce(connection, changed, messages.Kind.CHANGE, now)


def _withdraw(
    connection: Connection, made: Sequence[Made], ids: Sequence[int], now: datetime
) -> None:
    gone = [number for _, number in _of(Kind.WITHDRAWN, made, ids)]
    if not gone:
        return
    history = application_status
    connection.execute(
        update(application).where(application.c.id.in_(gone)).values(status=Status.WITHDRAWN)
    )
    connection.execute(update(history).where(history.c.application_id.in_(gone)).values(until=now))
    withdrawn = {"status": Status.WITHDRAWN, "source": Source.STUDENT, "since": now}
    connection.execute(insert(history), [{"application_id": n, **withdrawn} for n in gone])
    messages.announce(connection, gone, messages.Kind.WITHDRAWN, now)
