"""Sealed documents and keyed hashes: what opens where, and after a change of keys."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from app import keys
from tests.length import examples

OLD, NEW = ("old", b"1" * 32), ("new2", b"2" * 32)
PLACE = "student.document.1"
BSN = "999650002"
VALUE = {"v": 1, "bsn": BSN, "name": "Noor", "none": None, "list": [1, "é"]}


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    keys.use((OLD,))
    yield
    keys.use((OLD,))


@pytest.mark.rule("RET-2")
def test_what_is_sealed_opens_in_its_own_place_only() -> None:
    sealed = keys.seal(PLACE, VALUE)
    assert keys.unseal(PLACE, sealed) == VALUE
    for other in ("student.document.2", "draft.document.1", "student.document.11", ""):
        with pytest.raises(InvalidTag):
            keys.unseal(other, sealed)


@pytest.mark.rule("RET-2")
def test_nothing_of_it_can_be_read_or_compared() -> None:
    sealed = keys.seal(PLACE, VALUE)
    assert BSN.encode() not in sealed
    assert b"Noor" not in sealed
    assert len({keys.seal(PLACE, VALUE) for _ in range(100)}) == 100


@pytest.mark.rule("RET-2")
def test_a_changed_byte_is_noticed() -> None:
    sealed = keys.seal(PLACE, VALUE)
    body = len(sealed) - len(json.dumps(VALUE, ensure_ascii=False).encode()) - 16
    for at in range(body, len(sealed)):
        with pytest.raises(InvalidTag):
            keys.unseal(PLACE, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])


@settings(max_examples=examples(100), deadline=None)
@given(
    st.recursive(st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(), st.lists)
)
def test_any_json_comes_back(value: object) -> None:
    keys.use((OLD,))
    assert keys.unseal(PLACE, keys.seal(PLACE, value)) == value


@pytest.mark.rule("RET-2")
def test_after_rotation_the_new_key_seals_and_the_old_one_still_opens() -> None:
    before = keys.seal(PLACE, VALUE)
    keys.use((NEW, OLD))
    after = keys.seal(PLACE, VALUE)
    assert keys.unseal(PLACE, before) == keys.unseal(PLACE, after) == VALUE
    keys.use((NEW,))
    assert keys.unseal(PLACE, after) == VALUE
    with pytest.raises(keys.UnknownKey, match="old"):
        keys.unseal(PLACE, before)


@pytest.mark.rule("RET-2")
def test_a_key_of_the_same_name_but_another_value_opens_nothing() -> None:
    sealed = keys.seal(PLACE, VALUE)
    keys.use((("old", b"3" * 32),))
    with pytest.raises(InvalidTag):
        keys.unseal(PLACE, sealed)


@pytest.mark.rule("RET-2")
def test_a_keyed_hash_finds_what_any_of_the_keys_made() -> None:
    before = keys.lookup("bsn", BSN)
    keys.use((NEW, OLD))
    assert keys.lookups("bsn", BSN) == [keys.lookup("bsn", BSN), before]
    assert keys.lookup("bsn", BSN) != before
    keys.use((NEW,))
    assert before not in keys.lookups("bsn", BSN)


@pytest.mark.rule("RET-2")
def test_a_hash_has_one_use() -> None:
    assert len({keys.lookup(label, BSN) for label in ("bsn", "name", "export:2026")}) == 3
    assert keys.lookup("bsn", BSN) == keys.lookup("bsn", BSN)
    assert keys.lookup("bsn", BSN) != keys.lookup("bsn", "999651018")
    assert BSN not in keys.lookup("bsn", BSN)


@pytest.mark.rule("RET-2")
def test_each_use_has_a_key_of_its_own() -> None:
    """Who is given one of them, such as the export of a year, can make none of the others."""
    labels = ("document", "lookup:bsn", "lookup:email", "export:2026", "export:2027")
    assert len({OLD[1], *(keys._derived("old", label) for label in labels)}) == 1 + len(labels)


@pytest.mark.rule("RET-2")
def test_sealed_anew_it_is_the_same_under_the_new_key() -> None:
    before = keys.seal(PLACE, VALUE)
    keys.use((NEW, OLD))
    assert keys.ids() == ["new2", "old"]
    after = keys.resealed(PLACE, before)
    assert (keys.key_of(before), keys.key_of(after)) == ("old", "new2")
    assert before.startswith(keys.head("old"))
    assert after.startswith(keys.head("new2"))
    keys.use((NEW,))
    assert keys.unseal(PLACE, after) == VALUE
    with pytest.raises(InvalidTag):
        keys.unseal("student.document.2", after)


def test_a_fingerprint_is_of_the_content_and_not_of_its_order() -> None:
    assert keys.fingerprint({"a": 1, "b": [1, 2]}) == keys.fingerprint({"b": [1, 2], "a": 1})
    assert keys.fingerprint({"a": [1, 2]}) != keys.fingerprint({"a": [2, 1]})
    assert keys.fingerprint({"a": None}) != keys.fingerprint({})
