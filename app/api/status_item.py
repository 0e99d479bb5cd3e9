"""One status as a SIS sends it: strict about who and when, tolerant of what only says where else
it goes (STA-4)."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

import orjson

from app.api import asked
from app.api.asked import CA_KETEN_ID, CA_NAMES
from app.domain.routing import Facts
from app.domain.status import CODES
from app.services.status_messages import Item

LONGEST_ID = 100  # characters
BRIN = re.compile(r"[0-9]{2}[A-Z]{2}")
KETEN_ID = re.compile(r"[0-9]{2}[A-Z]{2}(?:[0-9]{2})?:[0-9]{8}")
BORN = re.compile(r"([0-9]{4})-?(0[0-9]|1[0-2])-?([0-2][0-9]|3[01])")
OTHER = "?"  # in place of a ketenId that is none
YES = frozenset({"true", "j", "ja", "1"})
NO = frozenset({"false", "n", "nee", "0"})


class Unreadable(Exception):
    """This item can't be understood; `code` says what of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ids(given: Any) -> dict[str, str]:
    """Those that are written as they should be, to say again. Nothing else of an item is."""
    if not isinstance(given, dict):
        return {}
    named = {
        "berichtId": _message_id(given),
        "caKetenId": _one(given, CA_KETEN_ID, *CA_NAMES),
        "ketenId": _one(given, KETEN_ID, "ketenId"),
    }
    return {name: value for name, value in named.items() if value}


def read(given: Any) -> Item:
    """Raises Unreadable."""
    if not isinstance(given, dict):
        raise Unreadable("bericht-ongeldig")
    message_id = _message_id(given)
    if not message_id:
        raise Unreadable("berichtid-ongeldig")
    brin = _text(given, "brin").upper()
    if not BRIN.fullmatch(brin):
        raise Unreadable("brin-ongeldig")
    code = _text(given, "status").upper()
    if code not in CODES:
        raise Unreadable("status-onbekend")
    try:
        moment = asked.moment(given.get("tijdstip")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("tijdstip-ongeldig") from None
    ca_keten_id, keten_id = _keten_ids(given)
    return Item(
        message_id=message_id,
        brin=brin,
        status=CODES[code],
        moment=moment,
        ca_keten_id=ca_keten_id,
        keten_id=keten_id,
        facts=_facts(given),
        content=orjson.dumps(given, option=orjson.OPT_SORT_KEYS).decode(),
    )


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    return value.strip() if isinstance(value, str) else ""


def _message_id(given: dict[str, Any]) -> str:
    """Empty for one that can't be."""
    value = given.get("berichtId")
    if not isinstance(value, str) or len(value) > LONGEST_ID or not value.isprintable():
        return ""
    return value if value.strip() else ""


def _one(given: dict[str, Any], form: re.Pattern[str], *names: str) -> str:
    """The first of these that is there, where it has this form."""
    value = next((_text(given, name) for name in names if given.get(name)), "")
    value = value.lower() if form is CA_KETEN_ID else value.upper()
    return value if form.fullmatch(value) else ""


def _keten_ids(given: dict[str, Any]) -> tuple[str, str]:
    """caKetenId and ketenId; beside the first the second needn't be one."""
    ca_keten_id, keten_id = _one(given, CA_KETEN_ID, *CA_NAMES), _one(given, KETEN_ID, "ketenId")
    named_ca, named = any(given.get(name) for name in CA_NAMES), bool(given.get("ketenId"))
    if not (named_ca or named):
        raise Unreadable("keten-id-ontbreekt")
    if (named_ca and not ca_keten_id) or not (ca_keten_id or keten_id):
        raise Unreadable("keten-id-ongeldig")
    return ca_keten_id, keten_id or (OTHER if named else "")


def _facts(given: dict[str, Any]) -> Facts:
    """What can't be read says nothing: then the status goes to nobody else for it."""
    born = BORN.fullmatch(_text(given, "geboortedatum"))
    brin = _text(given, "brinLatendeSchool").upper()
    return Facts(
        leertraject=_text(given, "leertraject").upper(),
        ilt_code=_digits(given, "iltCode"),
        brin_left=brin if BRIN.fullmatch(brin[:4]) else "",
        municipality=_digits(given, "gemeentecode"),
        qualified=_yes_or_no(given.get("startkwalificatie")),
        birth_date="".join(born.groups()) if born else "",
    )


def _digits(given: dict[str, Any], name: str) -> str:
    """Four, with the zeros that a number loses."""
    text = str(given.get(name, "")).strip()
    return text.zfill(4) if re.fullmatch(r"[0-9]{1,4}", text) else ""


def _yes_or_no(value: Any) -> bool | None:
    text = str(value).strip().lower()
    return True if text in YES else False if text in NO else None
