"""Mutual TLS, ended at a trusted proxy, which passes the certificate on (RFC 9440).

From any other peer the header never gets here: `app/proxy.py` takes it away. The proxy checks
the certificate's chain, and removes a header that came in from outside.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from flask import Request

LONGEST = 16_000  # characters


class Shown(NamedTuple):
    oin: str
    fingerprint: str  # SHA-256, in hexadecimal digits
    begins: datetime
    ends: datetime


def shown(request: Request, now: datetime) -> Shown | None:
    """The certificate that came with this request, when it counts now."""
    found = _read(request.headers.get("Client-Cert", ""))
    return found if found and found.begins <= now < found.ends else None


@lru_cache(maxsize=256)
def _read(header: str) -> Shown | None:
    if not (header.startswith(":") and header.endswith(":") and len(header) <= LONGEST):
        return None
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(header[1:-1], validate=True))
        numbers = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    except (binascii.Error, ValueError):
        return None
    if len(numbers) != 1:
        return None
    return Shown(
        str(numbers[0].value),
        certificate.fingerprint(SHA256()).hex(),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )
