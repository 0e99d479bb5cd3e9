"""What a SIS asks: filters, ranges, moments and JSON. Tolerant of notation, clear about the rest;
nothing that was sent is repeated in an answer."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

import orjson
from flask import Response, abort, request

from app.clock import AMSTERDAM
from app.problems import problem
from app.services.delivery import BATCH, Filters

DEEPEST = 32  # levels of JSON
RANGE = re.compile(r"\s*(?:items[ =])?\s*(\d{1,20})\s*-\s*(\d{0,20})\s*")
PART = r"\s*(start|end)\s*[,=]\s*(\d{1,20})\s*"
OBJECT = re.compile(f"{PART}(?:[,&]{PART})?")  # the existing description's `RequestRange`
LARGEST = 2**63 - 1
CA_KETEN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CA_NAMES = ("caKetenId", "centraalAanmeldenId")  # the same (SIS-2)
LINKED = (
    *(*CA_NAMES, "ketenId", "opleiding"),
    *("vanafDatumIndienen", "totDatumIndienen", "endpoint"),
)
FILTERS = ("vanafWijziging", *LINKED, "bsn")
TEXTS = {"bsn": 9, "ketenId": 15, "opleiding": 36}  # characters, at most


class Wrong(Exception):
    """What was asked can't be answered. `errors` names each place."""

    def __init__(self, errors: list[dict[str, str]], kind: str = "invoer") -> None:
        super().__init__()
        self.errors = errors
        self.kind = kind

    def answer(self) -> Response:
        first = self.errors[0]
        detail = f"{first['veld']}: {first['melding']}" if first["veld"] else first["melding"]
        return problem(400, detail, self.kind, errors=self.errors)


def wrong(field: str, text: str, kind: str = "invoer") -> Wrong:
    return Wrong([{"veld": field, "melding": text}], kind)


def body() -> dict[str, Any]:
    """The JSON object that was sent; an empty one when nothing was. Raises Wrong."""
    found = json_body()
    if not isinstance(found, dict):
        raise wrong("", "Stuur een JSON-object.")
    return found


def json_body() -> Any:
    """Whatever JSON was sent; an empty object when nothing was. Raises Wrong, also for chunks that
    hold nothing: then the first of them couldn't be read."""
    text = request.get_data()
    if len(text) >= (request.max_content_length or LARGEST):
        abort(413)  # sent without its length it is cut off there
    if not text.strip():
        if "Transfer-Encoding" in request.headers:
            raise wrong("", "Er kwam niets aan. Stuur het opnieuw, met Content-Length.")
        return {}
    try:
        found = orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError):
        raise wrong("", "Dit is geen JSON.") from None
    if _deeper(found, DEEPEST):
        raise wrong("", f"Deze JSON is dieper dan {DEEPEST} lagen.")
    return found


def _deeper(value: Any, left: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left < 0 or any(_deeper(one, left - 1) for one in inside)


def only_filters(given: dict[str, Any]) -> None:
    """A name with a typing error would find everybody. Raises Wrong for it."""
    if not given.keys() <= set(FILTERS):
        known = f"{', '.join(FILTERS[:-1])} en {FILTERS[-1]}"
        raise wrong("", f"Een van de velden kennen wij niet. De filters zijn {known}.")


def filters(given: dict[str, Any], koppelpunt_id: int, wanted: str) -> Filters | None:
    """None: nothing can be found by them. Empty ones leave all; unknown ones are ignored.
    Raises Wrong, with everything that is wrong at once."""
    errors: list[dict[str, str]] = []

    def read(name: str, reader: Any) -> Any:
        value = given.get(name)
        if value is None or value == "":
            return None
        try:
            return reader(value)
        except ValueError as error:
            errors.append({"veld": name, "melding": str(error)})
            return None

    found = {
        "bsn": read("bsn", _bsn),
        "keten_id": read("ketenId", _text(TEXTS["ketenId"])),
        "programme_id": read("opleiding", _text(TEXTS["opleiding"])),
        "sent_from": read("vanafDatumIndienen", moment),
        "sent_until": read("totDatumIndienen", moment),
        "change_from": read("vanafWijziging", number),
    }
    named = {read(name, _ca_keten_id) for name in CA_NAMES} - {None}
    endpoint = read("endpoint", number)
    if errors:
        raise Wrong(errors)
    first, most = span(wanted)
    if found["programme_id"]:
        found["programme_id"] = found["programme_id"].lower()
    if endpoint not in (None, koppelpunt_id) or len(named) > 1:
        return None
    return Filters(**found, ca_keten_id=next(iter(named), None), first=first, most=most)


def _bsn(value: Any) -> str:
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) == 9):
        raise ValueError("Een BSN heeft negen cijfers.")
    return text


def _ca_keten_id(value: Any) -> str:
    text = str(value).lower()
    if not CA_KETEN_ID.fullmatch(text):
        raise ValueError("Een caKetenId is een UUID van 36 tekens.")
    return text


def _text(longest: int) -> Any:
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest or "\0" in value:
            raise ValueError(f"Stuur een tekst van hoogstens {longest} tekens.")
        return value

    return read


def number(value: Any) -> int:
    """A whole number from 0, also written as 7.0 or in a text. Raises ValueError."""
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) < 20):
        raise ValueError("Stuur een geheel getal vanaf 0.")
    if int(text) > LARGEST:
        raise ValueError("Dit getal is te groot.")
    return int(text)


def moment(value: Any) -> datetime:
    """RFC 3339. A day begins when it does in the Netherlands, and so is a time without a zone
    read; a plus that an address turned into a blank is a plus again. Raises ValueError."""
    text = str(value).strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            midnight = datetime.combine(date.fromisoformat(text), time(), AMSTERDAM)
            return midnight.astimezone(UTC)
        read = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text))
        return (read if read.tzinfo else read.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("Stuur een moment als 2026-11-02T15:05:35Z.") from None


def span(header: str) -> tuple[int, int]:
    """How many to leave out and how many to give: `items=0-99`, `0-99`, `start,0,end,99`; both
    ends count. Without one the first BATCH, which is also the most. Raises Wrong."""
    if not header.strip():
        return 0, BATCH
    if found := RANGE.fullmatch(header):
        ends = {"start": found[1], "end": found[2]}
    elif (found := OBJECT.fullmatch(header)) and found[1] != found[3]:
        ends = {found[1]: found[2], found[3]: found[4]}
    else:
        raise wrong("Range", "Stuur een bereik als items=0-99.", "bereik")
    first = min(int(ends.get("start") or 0), LARGEST)
    last = int(ends.get("end") or first + BATCH - 1)
    if last < first:
        raise wrong("Range", "Het einde van het bereik ligt voor het begin.", "bereik")
    return first, min(BATCH, last - first + 1)


def written(at: datetime) -> str:
    """In UTC, as 2026-11-02T15:05:35Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
