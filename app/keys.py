"""Keys: personal data is one encrypted document a row, and what must be found is a keyed hash.

A sealed document is: format (1), length of the key's id (1), that id, nonce (12), AES-256-GCM.
Table, column and row id are its associated data, so that no document can stand in another's
place. Sub-keys come from the data keys by HKDF label, so one secret has one use (RET-2):
`document`, and `lookup:…` for each kind of hash. `export:…` is kept for the export of a year.
"""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 1
NONCE = 12

_keys: dict[str, bytes] = {}
_current = ""
_secret = b""


class UnknownKey(Exception):
    """A document was sealed with a key that DATA_KEYS no longer holds."""


def use(data_keys: tuple[tuple[str, bytes], ...], secret_key: str = "") -> None:
    """The data keys of this process: the first seals, all of them open. `secret_key` is for
    what forms carry back."""
    global _keys, _current, _secret
    _keys, _current, _secret = dict(data_keys), data_keys[0][0], secret_key.encode()
    _derived.cache_clear()
    _cipher.cache_clear()


@lru_cache(maxsize=64)
def _derived(key_id: str, label: str) -> bytes:
    if key_id not in _keys:
        raise UnknownKey(key_id)
    return HKDF(SHA256(), 32, salt=None, info=label.encode()).derive(_keys[key_id])


@lru_cache(maxsize=16)
def _cipher(key_id: str) -> AESGCM:
    return AESGCM(_derived(key_id, "document"))


def seal(place: str, value: Any) -> bytes:
    """`value` (JSON; whole numbers of 64 bits) for `place`: `table.column.row id`."""
    return _sealed(place, orjson.dumps(value))


def resealed(place: str, sealed: bytes) -> bytes:
    """The same, sealed with the current key. Raises as `unseal` does."""
    return _sealed(place, unsealed(place, sealed))


def _sealed(place: str, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return head(_current) + nonce + _cipher(_current).encrypt(nonce, plain, place.encode())


def head(key_id: str) -> bytes:
    """What everything begins with that is sealed with this key, and nothing else does."""
    return bytes((FORMAT, len(key_id))) + key_id.encode()


def key_of(sealed: bytes) -> str:
    """The id of the key that it was sealed with."""
    return sealed[2 : 2 + sealed[1]].decode()


def ids() -> list[str]:
    """Of the data keys of this process, the current first."""
    return [_current, *(key_id for key_id in _keys if key_id != _current)]


def unseal(place: str, sealed: bytes) -> Any:
    """What `seal` was given. Raises UnknownKey, or InvalidTag when it was sealed elsewhere."""
    return orjson.loads(unsealed(place, sealed))


def unsealed(place: str, sealed: bytes) -> bytes:
    """The same as JSON text, for who only passes it on."""
    end = 2 + sealed[1]
    nonce = sealed[end : end + NONCE]
    return _cipher(key_of(sealed)).decrypt(nonce, sealed[end + NONCE :], place.encode())


def lookup(label: str, text: str) -> str:
    """The keyed hash to store beside a row that must be found by `text`."""
    return _hash(_current, label, text)


def lookups(label: str, text: str) -> list[str]:
    """The keyed hashes to find it by: one for each data key, the current first."""
    return [_hash(key_id, label, text) for key_id in ids()]


def _hash(key_id: str, label: str, text: str) -> str:
    return hmac.new(_derived(key_id, f"lookup:{label}"), text.encode(), sha256).hexdigest()


def fingerprint(value: Any) -> str:
    """A keyed digest of JSON: a form carries it, so that what was shown is what is sent."""
    plain = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hmac.new(_secret, plain, sha256).hexdigest()
