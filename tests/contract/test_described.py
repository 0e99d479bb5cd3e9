"""The validator of what a SIS is served: what it has from examples, and its two modes (SIS-4)."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.contract.described import DATA, cambo

EXAMPLES = json.loads((DATA / "cambo_aanmelding.json").read_text())["components"]["examples"]
THEIRS: list[dict[str, Any]] = EXAMPLES["LinkableWrapper.vca_Aanmelding-json"]["value"]["items"]
NAMED = ("gewensteStartdatum", "voorkeursAchternaam", "voorkeursVoorvoegsels")
ADDRESS = {"$type": "vca.Adres", "plaats": "Deventer"}


def example(**more: Any) -> dict[str, Any]:
    """The last of the existing coupling's, with its day as it must be written."""
    return deepcopy({**THEIRS[-1], "gewensteStartdatum": "2024-10-15", **more})


def passes(found: dict[str, Any], reading: bool) -> bool:
    try:
        cambo(reading).check("vca_Aanmelding", found)
    except AssertionError:
        return False
    return True


@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize("reading", [False, True])
def test_the_examples_of_the_existing_coupling_pass_but_for_how_they_write_a_day(
    reading: bool,
) -> None:
    assert set(NAMED) <= THEIRS[-1].keys()
    for one in THEIRS:
        assert not passes(one, reading)
        assert passes({**one, "gewensteStartdatum": "2024-10-15"}, reading)


@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize(
    "wrong",
    [
        *({"gewensteStartdatum": value} for value in ("15-10-2024", "2024-02-30", "", 7, None)),
        *({"voorkeursAchternaam": value} for value in ("x" * 201, 7, None)),
        *({"voorkeursVoorvoegsels": value} for value in ("x" * 21, 7, None)),
    ],
)
def test_what_only_examples_have_is_held_to_its_type_and_length(
    wrong: dict[str, Any], reading: bool
) -> None:
    longest = {"voorkeursAchternaam": "x" * 200, "voorkeursVoorvoegsels": "x" * 20}
    assert passes(example(**longest), reading)
    assert not passes(example(**wrong), reading)


@pytest.mark.rule("SIS-4")
@pytest.mark.parametrize("name", [*NAMED, "onbekend"])
@pytest.mark.parametrize("part", ["correspondentieadres", "vooropleidingen", "links"])
def test_an_unknown_field_fails_what_we_write_and_passes_what_we_read(part: str, name: str) -> None:
    found = example(correspondentieadres=ADDRESS)
    (inside, *_) = found[part] if isinstance(found[part], list) else [found[part]]
    assert passes(found, reading=False)
    inside[name] = "2024-10-15"
    assert not passes(found, reading=False)
    assert passes(found, reading=True)


@pytest.mark.rule("SIS-4")
def test_what_we_read_is_held_to_all_that_is_described() -> None:
    assert not passes(example(onbekend=1), reading=False)
    assert passes(example(onbekend=1), reading=True)
    for wrong in ({"roepnaam": 7}, {"correspondentieadres": {**ADDRESS, "land": "Nederland"}}):
        assert not passes(example(**wrong), reading=True)
