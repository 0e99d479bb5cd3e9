"""What the command line says and the audit trail keeps of it."""

from __future__ import annotations

import pytest

from app.commands.said import masked


@pytest.mark.rule("RET-2")
@pytest.mark.parametrize(
    "text", ["999990019", "bsn 999990019.", "x999990019y", "999990019-999990019", "a-999990019"]
)
def test_what_might_be_a_bsn_is_masked(text: str) -> None:
    assert masked(text) == text.replace("999990019", "*" * 9)


@pytest.mark.parametrize(
    "text",
    [
        "ids=3f2504e0-4f89-11d3-9a0c-7e046360049f",
        "99XX:90000001 00000001234567890000",
        f"{'ab' * 20}123456789{'c' * 15}",
    ],
)
def test_an_id_stays_whole(text: str) -> None:
    assert masked(text) == text
