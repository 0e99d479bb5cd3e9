"""The SISs that may log in: by which keys, and for which schools (SIS-6).

A SIS is known by its OIN. Several keys may count at once, so that they change without a pause.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey
from sqlalchemy import Connection, delete, insert, or_, select, update

from app import db
from app.models import institution, sis_client, sis_client_school, sis_key

OIN = re.compile(r"[0-9A-Z]{20}")  # a school's holds its BRIN: 00000007000 99XX 00000
JWK, SECRET, CERTIFICATE = "jwk", "secret", "certificate"
SMALLEST_RSA, LONGEST_JWK = 2048, 4000  # bits, characters
BY_RSA = ("PS256", "RS256")
CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}  # each with its only algorithm
ALGORITHMS = (*BY_RSA, *CURVES.values())  # that the NL profile allows


class Unknown(Exception):
    """There is no such SIS, key or school."""


class Key(NamedTuple):
    client_id: str
    kind: str
    kid: str
    active_from: datetime
    until: datetime | None


class Client(NamedTuple):
    client_id: str
    name: str
    brins: tuple[str, ...]
    keys: tuple[Key, ...]


def set_up(client_id: str, name: str, brins: Sequence[str], now: datetime) -> None:
    """A SIS, and the schools that it acts for in place of those there were; done twice it changes
    nothing. Raises ValueError or Unknown."""
    if not OIN.fullmatch(client_id):
        raise ValueError("an OIN has 20 digits; that of a school holds its BRIN")
    if not 0 < len(name) <= 80 or not name.isprintable():
        raise ValueError("a name has 1 to 80 characters")
    with db.transaction() as connection:
        there = set(connection.execute(select(institution.c.brin)).scalars())
        if unknown := set(brins) - there:
            raise Unknown(f"no school {', '.join(sorted(unknown))}")
        connection.execute(
            db.insert(connection, sis_client)
            .values(client_id=client_id, name=name, created_at=now)
            .on_conflict_do_update(index_elements=["client_id"], set_={"name": name})
        )
        connection.execute(delete(sis_client_school).filter_by(client_id=client_id))
        if brins:
            connection.execute(
                insert(sis_client_school),
                [{"client_id": client_id, "brin": brin} for brin in sorted(set(brins))],
            )


def add_jwk(client_id: str, text: str, now: datetime) -> str:
    """A public key in JSON (RFC 7517) that counts from now on, beside those there are. Returns
    its `kid`, made of its fingerprint when it has none. Raises ValueError or Unknown."""
    key = public_jwk(text)
    kid = str(key.get("kid") or _thumbprint(key))[:100]
    _add(client_id, JWK, kid, json.dumps({**key, "kid": kid}), now)
    return kid


def public_jwk(text: str) -> dict[str, Any]:
    """The public half of an RSA key of at least 2048 bits or an EC key of P-256 or larger, that
    says of itself nothing by which it couldn't sign here. Raises ValueError, also for a private
    key: that one is its owner's alone."""
    if len(text) > LONGEST_JWK:
        raise ValueError("a public key has at most 4000 characters")
    try:
        given = json.loads(text)
        if "keys" in given and len(given["keys"]) == 1:
            given = given["keys"][0]
        key = JWKRegistry.import_key(given)
    except (ValueError, TypeError, KeyError, JoseError, RecursionError):
        raise ValueError("this is no public key in JSON (JWK)") from None
    if key.is_private or not isinstance(key, RSAKey | ECKey):
        raise ValueError("give the public half of an RSA or EC key, and keep the private half")
    if isinstance(key, RSAKey) and key.public_key.key_size < SMALLEST_RSA:
        raise ValueError("an RSA key has at least 2048 bits")
    if isinstance(key, ECKey) and key.curve_name not in CURVES:
        raise ValueError(f"an EC key is on one of {', '.join(CURVES)}")
    theirs = BY_RSA if isinstance(key, RSAKey) else (CURVES[key.curve_name],)
    if given.get("alg") not in (None, *theirs):
        raise ValueError(f"the algorithm of this key is {' or '.join(theirs)}")
    acts = given.get("key_ops", ["verify"])
    if given.get("use") not in (None, "sig") or not isinstance(acts, list) or "verify" not in acts:
        raise ValueError("this key isn't for signatures, says its `use` or `key_ops`")
    if not str(given.get("kid") or "").isprintable():
        raise ValueError("a key's name has no control characters")
    return {**key.as_dict(private=False), "kid": given.get("kid") or ""}


def _thumbprint(key: dict[str, Any]) -> str:
    return str(JWKRegistry.import_key({k: v for k, v in key.items() if k != "kid"}).thumbprint())


def add_certificate(client_id: str, fingerprint: str, now: datetime) -> str:
    """From now on this SIS logs in by registered certificates only; `fingerprint` is SHA-256 in
    hexadecimal digits. Returns what it is called. Raises ValueError or Unknown."""
    kid = f"certificate-{fingerprint[:12]}"
    _add(client_id, CERTIFICATE, kid, fingerprint, now)
    return kid


def counts_certificate(
    connection: Connection, client_id: str, fingerprint: str, now: datetime
) -> bool:
    """Any that the proxy let through, until one was registered for this SIS; then only those."""
    some = select(sis_key.c.id).filter_by(client_id=client_id, kind=CERTIFICATE).limit(1)
    if connection.execute(some).first() is None:
        return True
    return fingerprint in connection.execute(_counting(CERTIFICATE, client_id, now)).scalars().all()


def add_secret(client_id: str, now: datetime, secret: str = "") -> str:
    """A secret that counts from now on, outside production only; made when none is given.
    Returns it: only its hash is kept. Raises Unknown."""
    secret = secret or secrets.token_urlsafe(32)
    _add(client_id, SECRET, f"secret-{hashed(secret)[:12]}", hashed(secret), now)
    return secret


def _add(client_id: str, kind: str, kid: str, value: str, now: datetime) -> None:
    row = {"client_id": client_id, "kind": kind, "kid": kid, "value": value}
    with db.transaction() as connection:
        if not exists(connection, client_id):
            raise Unknown("no such SIS")
        known = connection.execute(
            select(sis_key.c.value, sis_key.c.until).filter_by(client_id=client_id, kid=kid)
        ).first()
        if known is not None and known.until is not None:
            raise ValueError(f"the key {kid} was ended; make another")
        if known is not None and known.value == value:
            return
        if known is not None:
            raise ValueError(f"this SIS has another key that is called {kid}")
        connection.execute(insert(sis_key), {**row, "active_from": now})


def end_key(client_id: str, kid: str, after: timedelta, now: datetime) -> None:
    """The key no longer counts `after` so long; what ends sooner stays so. Raises Unknown."""
    which = (sis_key.c.client_id == client_id, sis_key.c.kid == kid)
    later = or_(sis_key.c.until.is_(None), sis_key.c.until > now + after)
    with db.transaction() as connection:
        if connection.execute(select(sis_key.c.id).where(*which)).first() is None:
            raise Unknown("no such key")
        connection.execute(update(sis_key).where(*which, later).values(until=now + after))


def exists(connection: Connection, client_id: str) -> bool:
    return (
        connection.execute(select(sis_client.c.client_id).filter_by(client_id=client_id)).first()
        is not None
    )


def described(connection: Connection, client_id: str) -> tuple[str, list[str]]:
    """Its name, and the schools that it acts for."""
    name = connection.execute(select(sis_client.c.name).filter_by(client_id=client_id)).scalar()
    return name or "", brins(connection, client_id)


def brins(connection: Connection, client_id: str) -> list[str]:
    """The schools that it acts for."""
    wanted = select(sis_client_school.c.brin).filter_by(client_id=client_id)
    wanted = wanted.order_by(sis_client_school.c.brin)
    return list(connection.execute(wanted).scalars())


def every(connection: Connection) -> list[Client]:
    """With the keys that each has, ended ones too."""
    wanted = select(sis_client).order_by(sis_client.c.client_id)
    schools = connection.execute(select(sis_client_school).order_by(sis_client_school.c.brin)).all()
    keys = connection.execute(select(sis_key).order_by(sis_key.c.id)).all()
    return [
        Client(
            row.client_id,
            row.name,
            tuple(s.brin for s in schools if s.client_id == row.client_id),
            tuple(
                Key(k.client_id, k.kind, k.kid, k.active_from, k.until)
                for k in keys
                if k.client_id == row.client_id
            ),
        )
        for row in connection.execute(wanted).all()
    ]


def _counting(kind: str, client_id: str, now: datetime) -> Any:
    return (
        select(sis_key.c.value)
        .filter_by(client_id=client_id, kind=kind)
        .where(sis_key.c.active_from <= now, or_(sis_key.c.until.is_(None), sis_key.c.until > now))
    )


def jwks(connection: Connection, client_id: str, now: datetime) -> list[dict[str, Any]]:
    """The public keys that count now."""
    found = connection.execute(_counting(JWK, client_id, now)).scalars()
    return [json.loads(value) for value in found]


def has_secret(connection: Connection, client_id: str, secret: str, now: datetime) -> bool:
    """Whether this secret counts now. All are compared, in constant time."""
    given = hashed(secret)
    kept = connection.execute(_counting(SECRET, client_id, now)).scalars()
    return sum(hmac.compare_digest(value, given) for value in kept) > 0


def hashed(secret: str) -> str:
    """Secrets are 256 random bits, so that an ordinary hash hides them."""
    return sha256(secret.encode()).hexdigest()
