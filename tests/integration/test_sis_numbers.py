"""Numbers as other programs write them, and those that no database can hold."""

from __future__ import annotations

import pytest

from tests.portal import Portal
from tests.sis import Sis, number, sis
from tests.status_items import sent

pytestmark = pytest.mark.each_run_on("sqlite")

TOO_LARGE = 2**63


@pytest.fixture
def reader(any_portal: Portal) -> Sis:
    sent(any_portal)
    return sis(any_portal)


@pytest.mark.rule("SIS-4")
def test_an_application_with_too_large_a_number_is_not_there(reader: Sis) -> None:
    for answer in (
        reader.get(f"{TOO_LARGE}"),
        reader.post(f"{TOO_LARGE}/ontvangst", json={}),
        reader.post(f"{TOO_LARGE}/foutmelding", json={"foutmelding": "Onbekend."}),
    ):
        assert answer.status_code == 404
        assert answer.json()["type"] == "/docs/sis#fout-aanmelding-onbekend"


@pytest.mark.rule("SIS-1")
@pytest.mark.parametrize("written", [1, "1", 1.0, None, ""])
def test_a_change_number_in_any_notation(reader: Sis, written: object) -> None:
    (one,) = reader.items()
    answer = reader.post(f"{number(one)}/ontvangst", json={"wijzigingsvolgnummer": written})
    assert answer.json() == {"id": number(one), "wijzigingsvolgnummer": 1, "resultaat": "ontvangen"}


@pytest.mark.rule("SIS-1")
@pytest.mark.parametrize("wrong", [1.5, -1, True, "een", TOO_LARGE, [1]])
def test_what_is_no_number(reader: Sis, wrong: object) -> None:
    (one,) = reader.items()
    answer = reader.post(f"{number(one)}/ontvangst", json={"wijzigingsvolgnummer": wrong})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["veld"] == "wijzigingsvolgnummer"
