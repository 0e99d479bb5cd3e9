"""What came back to a school's website, held against what the contract promises (DEE-2)."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from digistub.school_links import ASKED, Asked

STATUSES = {
    "geslaagd": "de aanmelding is verstuurd",
    "interesse": "een interessemelding is verstuurd",
    "afgebroken": "de student is gestopt",
    "nietMogelijk": "aanmelden kon niet",
}
NO_SUCCESS = ("afgebroken", "nietMogelijk")
ONCE = ("status", "caKetenId", "kenmerk")


class Row(NamedTuple):
    name: str
    value: str
    right: bool
    why: str


def rows(raw: str) -> list[Row]:
    """Of a query as it stands in the address: the site's own first, then what was added."""
    asked = max(
        (a for a in ASKED if raw == a.own or raw.startswith(f"{a.own}&")),
        key=lambda a: len(a.own),
        default=None,
    )
    if asked is None:
        return [
            Row("eigen gegevens", raw, False, "hier hoort eerst te staan wat de site zelf meegaf"),
            *added(Asked(""), raw),
        ]
    own = parse_qsl(asked.own, keep_blank_values=True)
    return [
        *(Row(name, value, True, "van de site zelf, ongewijzigd") for name, value in own),
        *added(asked, raw.removeprefix(asked.own).removeprefix("&")),
    ]


def added(asked: Asked, raw: str) -> list[Row]:
    pairs = parse_qsl(raw, keep_blank_values=True)
    status = dict(pairs).get("status", "")
    count = Counter(name for name, _ in pairs)
    came = [_row(asked, status, name, value, count[name]) for name, value in pairs]
    lacking = [("status", "status moet altijd mee")] if not status else []
    if status == "geslaagd" and "caKetenId" not in count:
        lacking.append(("caKetenId", "hoort erbij na «geslaagd»"))
    if asked.kenmerk and "kenmerk" not in count:
        lacking.append(("kenmerk", f"de site gaf «{asked.kenmerk}» mee"))
    return [*came, *(Row(name, "", False, f"ontbreekt: {why}") for name, why in lacking)]


def _row(asked: Asked, status: str, name: str, value: str, times: int) -> Row:
    if name not in ONCE:
        return Row(name, value, False, "hoort hier niet")
    if times > 1:
        return Row(name, value, False, "staat er vaker dan één keer")
    if name == "status":
        if value not in STATUSES:
            return Row(name, value, False, f"moet zijn: {', '.join(STATUSES)}")
        if asked.failed and value not in NO_SUCCESS:
            return Row(name, value, False, "deze link is voor wie niet slaagt")
        return Row(name, value, True, STATUSES[value])
    if name == "caKetenId":
        if status != "geslaagd":
            return Row(name, value, False, "hoort er alleen bij na «geslaagd»")
        if not _is_uuid(value):
            return Row(name, value, False, "moet een UUID zijn")
        return Row(name, value, True, "het nummer van de aanmelding, een UUID")
    if value != asked.kenmerk:
        gave = f"«{asked.kenmerk}»" if asked.kenmerk else "geen kenmerk"
        return Row(name, value, False, f"de site gaf {gave} mee")
    return Row(name, value, True, "ongewijzigd")


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
