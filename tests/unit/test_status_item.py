"""Reading one status: whatever is sent, it is understood or said to be wrong."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api import status_item
from app.api.status_item import Unreadable
from app.api.statuses import SAID
from app.services.status_messages import Item

NAMES = (
    *("berichtId", "caKetenId", "centraalAanmeldenId", "ketenId", "pgn", "status", "tijdstip"),
    *("brin", "leertraject", "iltCode", "brinLatendeSchool", "postcode", "gemeentecode"),
    *("startkwalificatie", "geboortedatum"),
)
UUID = "3f2b8c1e-0000-4000-8000-0123456789ab"
RIGHT = {
    **{"berichtId": "b", "caKetenId": UUID, "status": "AO", "brin": "99XX"},
    "tijdstip": "2027-02-01T12:00:00Z",
}
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=120)
    | st.sampled_from(["99XX:90000000", "99XX:10000000", UUID, "9999-12-31T23:59:59-23:00", "²³"])
)
JSON = st.recursive(
    LEAVES,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside),
    max_leaves=4,
)
ITEMS = st.dictionaries(st.sampled_from(NAMES), JSON).map(lambda other: {**RIGHT, **other}) | JSON


def read_or_code(given: Any) -> Item | str:
    try:
        return status_item.read(given)
    except Unreadable as error:
        return error.code


@pytest.mark.rule("STA-2")
@given(sent=ITEMS)
def test_anything_at_all(sent: Any) -> None:
    """As the door gets it: JSON that was read."""
    given = orjson.loads(orjson.dumps(sent))
    echoed = status_item.ids(given)
    for name, form in (("caKetenId", status_item.CA_KETEN_ID), ("ketenId", status_item.KETEN_ID)):
        assert form.fullmatch(echoed.get(name, "")) or name not in echoed
    item = read_or_code(given)
    if isinstance(item, str):
        assert item in SAID
        return
    assert item.message_id == echoed["berichtId"]
    assert item.moment.tzinfo is UTC
    assert item.ca_keten_id or not item.own_series or item.keten_id == echoed["ketenId"]
    for code in (item.facts.ilt_code, item.facts.municipality):
        assert re.fullmatch(r"([0-9]{4})?", code)
    assert re.fullmatch(r"([0-9]{8})?", item.facts.birth_date)


@pytest.mark.rule("STA-2")
def test_the_same_content_in_another_order_is_the_same() -> None:
    other = status_item.read(dict(reversed(RIGHT.items())))
    assert other == status_item.read(RIGHT)
    assert other.content != status_item.read({**RIGHT, "pgn": "1"}).content


@pytest.mark.rule("STA-4")
@pytest.mark.parametrize(
    ("field", "sent", "read"),
    [
        ("startkwalificatie", True, True),
        ("startkwalificatie", "J", True),
        ("startkwalificatie", "Nee", False),
        ("startkwalificatie", 0, False),
        ("startkwalificatie", "?", None),
        ("startkwalificatie", None, None),
        ("geboortedatum", "2009-03-14", "20090314"),
        ("geboortedatum", "20090000", "20090000"),
        ("geboortedatum", "14-03-2009", ""),
        ("geboortedatum", "2009-13-01", ""),
        ("gemeentecode", 3, "0003"),
        ("gemeentecode", "GM0003", ""),
        ("iltCode", "90", "0090"),
        ("brinLatendeSchool", "01ab00", "01AB00"),
        ("brinLatendeSchool", "school", ""),
    ],
)
def test_what_only_says_where_else_it_goes(field: str, sent: Any, read: Any) -> None:
    facts = status_item.read({**RIGHT, field: sent}).facts
    names = {
        "startkwalificatie": facts.qualified,
        "geboortedatum": facts.birth_date,
        "gemeentecode": facts.municipality,
        "iltCode": facts.ilt_code,
        "brinLatendeSchool": facts.brin_left,
    }
    assert names[field] == read


@pytest.mark.rule("STA-5")
def test_what_was_sent_is_not_written_by_accident() -> None:
    item = status_item.read({**RIGHT, "pgn": "999650002", "geboortedatum": "20090314"})
    assert "999650002" not in repr(item)
    assert "20090314" not in repr(item)
