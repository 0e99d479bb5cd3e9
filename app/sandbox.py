"""For suppliers of SISs: keys, generated applications, and the settings of a test school's
koppelpunt (SIS-8). Not there in production.

Forms in, JSON out, errors in plain Dutch: DigiStub's page asks here, and so may a machine.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import click
from flask import Blueprint, Response, jsonify, request
from joserfc.jwk import ECKey
from sqlalchemy import func, select

from app import access, clock, db, equipment, sandbox_rows, testdoor
from app.commands.said import said
from app.domain.koppelpunt import STUB
from app.models import application, koppelpunt
from app.sandbox_people import MEANS, Kind, NoneOffered
from app.services import delivery, koppelpunten, receipts, sis_clients
from app.services.koppelpunten import Koppelpunt
from app.testdoor import SCHOOLS

bp = Blueprint("sandbox", __name__, url_prefix="/testdeur/sis")
bp.before_request(testdoor.only_ours)

SUPPLIER = "0000000900"  # how the client_id of a supplier's own SIS begins
MOST, LATEST = 1000, 50  # applications made at once, and shown
LONGEST_NUMBER = 12  # digits
YEAR = timedelta(days=365)
YES, NO = ("ja", "1", "true"), ("nee", "0", "false")


class Wrong(Exception):
    """What was asked can't be done; why, in Dutch."""


@bp.errorhandler(Wrong)
@bp.errorhandler(NoneOffered)
def refused(error: Exception) -> tuple[Response, int]:
    return jsonify(fout=str(error)), 422


@bp.get("")
@access.public
def overview() -> Response:
    """Test schools, their koppelpunten and SISs, the kinds, and the latest applications."""
    with db.reading() as connection:
        points = koppelpunten.of_schools(connection, list(SCHOOLS))
        waiting = delivery.counts(connection, [p.id for p in points])
        clients = sis_clients.every(connection)
        of = application.c
        latest = connection.execute(
            select(
                of.id, of.ca_keten_id, of.keten_id, of.brin, of.kind, of.status, koppelpunt.c.code
            )
            .join(koppelpunt, koppelpunt.c.id == of.koppelpunt_id)
            .where(of.brin.in_(SCHOOLS))
            .order_by(of.id.desc())
            .limit(LATEST)
        ).all()
    return jsonify(
        scholen=[{"instelling": brin, "naam": school.name} for brin, school in SCHOOLS.items()],
        koppelpunten=[_point(p, waiting.get(p.id, 0)) for p in points],
        clients=[_client(c) for c in clients if set(c.brins) & set(SCHOOLS)],
        soorten=[{"soort": kind, "uitleg": text} for kind, text in MEANS.items()],
        aanmeldingen=[
            {
                **{"id": row.id, "caKetenId": row.ca_keten_id, "ketenId": row.keten_id},
                **{"instelling": row.brin, "koppelpunt": row.code},
                **{"type": row.kind, "status": row.status},
            }
            for row in latest
        ],
    )


def _point(point: Koppelpunt, waiting: int) -> dict[str, Any]:
    return {
        "koppelpunt": point.code,
        "naam": point.name,
        "instelling": point.brin,
        "wachtend": waiting,
        "bevestigend": point.acknowledging,
        "stub": point.sis == STUB,
        "uit": point.off,
    }


def _client(client: sis_clients.Client) -> dict[str, Any]:
    keys = [{"kid": key.kid, "soort": key.kind} for key in client.keys]
    return {
        "client_id": client.client_id,
        "naam": client.name,
        "instellingen": list(client.brins),
        "sleutels": keys,
    }


@bp.post("/sleutel")
@access.checks_token
@access.public
def make_key() -> tuple[Response, int]:
    """A SIS of its own for a test school: with the public `jwk` that is given (`soort` jwk), with
    a pair made here (paar), or with a secret (geheim). What is secret is said here only."""
    brin, kind = _school(), request.form.get("soort", "")
    name = request.form.get("naam", "").strip() or "SIS van een leverancier"
    text, told = request.form.get("jwk", ""), {}
    if len(name) > 80 or not name.isprintable():
        raise Wrong("Een naam heeft hoogstens 80 tekens, zonder stuurtekens.")
    if kind == "paar":
        pair = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
        text, told = json.dumps(pair.as_dict(private=False)), pair.as_dict(private=True)
    elif kind not in ("jwk", "geheim"):
        raise Wrong("Kies een soort: jwk, paar of geheim.")
    if kind != "geheim":
        try:
            sis_clients.public_jwk(text)
        except ValueError:
            raise Wrong(
                "Dit is geen publieke sleutel die wij kunnen gebruiken. Stuur een JWK in JSON: RSA "
                "van minstens 2048 bits, of EC op P-256, P-384 of P-521. Houd de private helft "
                "zelf."
            ) from None
    client_id = SUPPLIER + f"{secrets.randbelow(10**10):010}"
    now = clock.real_now()
    sis_clients.set_up(client_id, name, [brin], now)
    answer: dict[str, Any] = {
        "client_id": client_id,
        "naam": name,
        "instelling": brin,
        "token": equipment.settings().base_url + "/login/oauth2/token",
    }
    if kind == "geheim":
        answer["geheim"] = sis_clients.add_secret(client_id, now)
    else:
        answer["kid"] = sis_clients.add_jwk(client_id, text, now)
    if told:
        answer["sleutel"] = told
    return jsonify(answer), 201


@bp.post("/koppelpunt")
@access.checks_token
@access.public
def set_point() -> Response:
    """`bevestigend` and `stub`, ja or nee; what isn't given stays. The Stub SIS takes it or lets
    it go."""
    point = _koppelpunt()
    stub = _yes("stub")
    sis = None if stub is None else STUB if stub else ""
    wanted = koppelpunten.Settings(sis=sis, acknowledging=_yes("bevestigend"))
    koppelpunten.set_up(point.code, point.brin, wanted, clock.now(), production=False)
    with db.reading() as connection:
        waiting = delivery.counts(connection, [point.id])
    return jsonify(_point(_koppelpunt(), waiting.get(point.id, 0)))


@bp.post("/aanmeldingen")
@access.checks_token
@access.public
def make_applications() -> Response:
    """`aantal` of them at a test school, of each `soort` in turn; all kinds when none is named."""
    brin = _school()
    known = {str(kind): kind for kind in Kind}
    named = request.form.getlist("soort")
    if unknown := [kind for kind in named if kind not in known]:
        raise Wrong(f"Onbekende soort: {unknown[0][:20]}. Kies uit: {', '.join(known)}.")
    number = _number("aantal", 1, MOST) or len(named) or len(Kind)
    seed = _number("zaad", 0, 10**9) or 0
    kinds = [known[kind] for kind in named]
    return jsonify(gemaakt=sandbox_rows.generate(brin, number, clock.now(), kinds, seed))


@bp.post("/klaarzetten")
@access.checks_token
@access.public
def set_ready() -> Response:
    """Every application of a test school, of a year back."""
    now = clock.now()
    period = (now - YEAR, now + YEAR)
    return jsonify(klaargezet=receipts.again(_school(), (), period, now))


def _school() -> str:
    brin = request.form.get("instelling", "").strip().upper()
    if brin not in SCHOOLS:
        raise Wrong(f"Kies een testinstelling: {', '.join(SCHOOLS)}.")
    return brin


def _koppelpunt() -> Koppelpunt:
    code = request.form.get("koppelpunt", "").strip()
    with db.reading() as connection:
        points = koppelpunten.of_schools(connection, list(SCHOOLS))
    for point in points:
        if point.code == code:
            return point
    raise Wrong(f"Kies een koppelpunt: {', '.join(p.code for p in points)}. Let op hoofdletters.")


def _yes(name: str) -> bool | None:
    value = request.form.get(name, "").strip().lower()
    if value and value not in (*YES, *NO):
        raise Wrong(f"Vul bij {name} ja of nee in.")
    return value in YES if value else None


def _number(name: str, least: int, most: int) -> int | None:
    value = request.form.get(name, "").strip()
    if not value:
        return None
    digits = value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
    if not (digits and least <= int(value) <= most):
        raise Wrong(f"Vul bij {name} een getal in van {least} tot en met {most}.")
    return int(value)


@testdoor.bp.cli.command("applications")
@click.option("--school", default=testdoor.SANDBOX_SCHOOL, show_default=True, help="Its BRIN.")
@click.option("--number", default=len(Kind), show_default=True, type=click.IntRange(1, 500_000))
@click.option(
    *("--kind", "kinds"),
    type=click.Choice([str(kind) for kind in Kind]),
    multiple=True,
    help="Of this kind; repeatable, in turn. All kinds when none is named.",
)
@click.option("--seed", default=0, show_default=True, help="The same answers for the same seed.")
@click.option("--once", is_flag=True, help="Only where the school has no applications yet.")
def applications(school: str, number: int, kinds: Sequence[str], seed: int, once: bool) -> None:
    """Generated applications at a school, as if students had sent them."""
    with db.reading() as connection:
        count = select(func.count()).select_from(application).where(application.c.brin == school)
        there = connection.execute(count).scalar_one()
    if once and there:
        click.echo(f"{school} has {there} applications: nothing added.")
        return
    chosen = [Kind(kind) for kind in kinds]
    with said(), _bar(number) as shown:
        try:
            made = sandbox_rows.generate(school, number, clock.now(), chosen, seed, shown)
        except NoneOffered as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{made} applications made at {school}.")


@contextmanager
def _bar(number: int) -> Iterator[Callable[[int], None]]:
    """How far it is, on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _made: None
        return
    with click.progressbar(length=number, file=sys.stderr, label="Making applications") as shown:
        yield lambda made: shown.update(made - shown.pos)
