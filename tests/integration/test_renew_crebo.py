"""A link by a school and a crebo shows what RIO has now of its programmes (CAT-1, DEE-1)."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from app import db
from app.models import programme
from app.services import catalogue_renew
from digistub.rio_catalogue import Change
from tests import watch
from tests.choosing import IDS
from tests.integration.test_renew import AT_SEA, asked
from tests.integration.test_renew_trouble import Silent
from tests.portal import Portal

pytestmark = pytest.mark.each_run_on("sqlite")

LINK = "/aanmelden?instelling=99XX&crebo=25180"
SMALL = LINK.replace("99XX", "99xx")
COOKS = ("kok-bol-zwolle", "kok-bol-deventer", "kok-bbl-zwolle")


def each_asked(portal: Portal) -> list[int]:
    return [asked(portal, key) for key in COOKS]


def rename(portal: Portal, *keys: str) -> None:
    for key in keys:
        portal.world.extensions["world"].change_rio(Change(IDS[key], "", "name", AT_SEA))


@pytest.mark.rule("CAT-1", "DEE-1")
@pytest.mark.parametrize("link", [LINK, SMALL])
def test_each_of_its_programmes_is_as_rio_has_it_now(any_portal: Portal, link: str) -> None:
    rename(any_portal, *COOKS)
    page = any_portal.browser().get(link).text
    assert AT_SEA in page
    assert "Kok in het restaurant" not in page
    assert each_asked(any_portal) == [1, 1, 1]


@pytest.mark.rule("CAT-1")
def test_each_is_asked_once_in_ten_minutes(portal: Portal, machine: time_machine.Traveller) -> None:
    portal.browser().get(f"/aanmelden?opleiding={IDS[COOKS[0]]}")
    for _ in range(2):
        assert portal.browser().get(LINK).status_code == 200
    assert each_asked(portal) == [1, 1, 1]
    machine.shift(timedelta(seconds=catalogue_renew.FRESH + 1))
    portal.browser().get(LINK)
    assert each_asked(portal) == [2, 2, 2]


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("gone", COOKS)
def test_only_a_few_are_asked_and_first_what_rio_had(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    monkeypatch.setattr(catalogue_renew, "OF_CREBO", 2)
    catalogue_renew.replace(IDS[gone], None)
    any_portal.browser().get(LINK)
    assert each_asked(any_portal) == [key != gone for key in COOKS]


@pytest.mark.long
@pytest.mark.rule("CAT-1")
def test_together_they_wait_no_longer_than_one(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a RIO that answered, though slowly, isn't taken for one that is down."""
    monkeypatch.setattr(catalogue_renew, "PATIENCE", 4)
    monkeypatch.setattr(portal.outside, "inside", Silent(portal.outside.inside, 0.4))
    rename(portal, *COOKS)
    began = time.monotonic()
    page = portal.browser().get(LINK).text
    assert time.monotonic() - began < 6
    assert AT_SEA in page
    assert sorted(each_asked(portal)) == [0, 0, 1]
    portal.browser().get(LINK)
    assert sorted(each_asked(portal)) == [0, 1, 1]


@pytest.mark.rule("CAT-1")
def test_a_rio_that_fails_is_asked_for_one_of_them(portal: Portal) -> None:
    portal.fault("rio", "aangeboden-opleiding", None, "403")
    page = portal.browser().get(LINK)
    assert page.status_code == 200
    assert "Kok in het restaurant" in page.text
    assert sorted(each_asked(portal)) == [0, 0, 1]


@pytest.mark.rule("DEE-5")
def test_what_is_hidden_does_not_take_the_place_of_what_is_not(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue_renew, "OF_CREBO", 1)
    watch.set_everywhere("institution", whitelist=True)
    for number, key in enumerate(COOKS):
        watch.set_everywhere("programme", whitelisted=False)
        with db.transaction() as connection:
            ticked = update(programme).where(programme.c.id == IDS[key])
            connection.execute(ticked.values(whitelisted=True))
        portal.browser().get(LINK)
        assert each_asked(portal) == [n <= number for n in range(3)]


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(
    "query",
    [
        "instelling=99XX",
        "instelling=99XX&crebo=x",
        "instelling=98XX&crebo=25180",
        "crebo=25180",
        "instelling=99XX&crebo=2518%00",
        "instelling=99%00X&crebo=25180",
    ],
)
def test_what_names_no_programme_asks_nobody(any_portal: Portal, query: str) -> None:
    before = len(any_portal.outside.calls)
    assert any_portal.browser().get(f"/aanmelden?{query}").status_code in (200, 404)
    assert len(any_portal.outside.calls) == before
