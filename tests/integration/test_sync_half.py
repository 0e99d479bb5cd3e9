"""What RIO says by halves changes nothing, and what was read again meanwhile stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app import clock, db
from app.domain.ports import ProgrammeRecord, ProviderRecord, RegisterError
from app.models import catalogue
from app.services import arrivals, catalogue_renew, catalogue_status, catalogue_sync
from app.services import catalogue as shelves
from app.services.catalogue_sync import Refused
from tests.integration.test_sync_runs import AT, at
from tests.portal import Portal
from tests.source import Source, as_it_is, shown

pytestmark = pytest.mark.each_run_on("sqlite")


class Without(httpx.BaseTransport):
    """RIO behind a gateway that lost one of its ways."""

    def __init__(self, inside: httpx.BaseTransport, path: str) -> None:
        self.inside, self.path = inside, path

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if re.search(self.path, request.url.path):
            return httpx.Response(404, json={"status": 404, "title": "Not Found"})
        return self.inside.handle_request(request)


def problem() -> str:
    with db.reading() as connection:
        return str(connection.execute(sa.select(catalogue.c.problem)).scalar_one())


@pytest.mark.each_run(2)
@pytest.mark.rule("CAT-1", "CAT-2")
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/opleidingserkenning$", "with a crebo"),
        ("/onderwijslocatie$", "with a place"),
        ("aangeboden-opleidingen/[^/]+/opleiding$", "with a crebo"),
        ("/aangeboden-opleiding-cohorten$", "cohorts"),
        ("/contactadressen$", "with a contact"),
    ],
)
def test_a_part_of_rio_that_is_gone_changes_nothing(portal: Portal, path: str, says: str) -> None:
    before = shown()
    portal.outside.inside = Without(portal.outside.inside, path)
    source = portal.app.extensions["registers"].catalogue
    with pytest.raises(Refused, match=says):
        catalogue_sync.synchronise(source, clock.real_now)
    assert shown() == before
    assert says in problem()


@pytest.mark.rule("CAT-1", "CAT-4")
def test_codes_that_are_all_gone_open_nothing(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    before = shown()
    with pytest.raises(Refused, match="with a code"):
        at(source.each_cohort(lambda c: replace(c, access_code="")), AT)
    assert shown() == before
    at(source.each_cohort(lambda c: replace(c, access_code="")), AT, accept_shrink=True)
    assert shown() != before


@pytest.mark.each_run(1)
@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize("comes", ["newer", "gone", "new"])
def test_what_was_read_before_is_not_written_over_what_came_since(
    any_portal: Portal, comes: str
) -> None:
    """The run has a page of RIO in hand; somebody comes for one of those programmes."""
    source = as_it_is(any_portal)
    one = source.every_programme[0]
    newer = None if comes == "gone" else replace(one, name="Zojuist")
    if comes == "new":
        catalogue_renew.replace(one.id, None)

    class InHand(Source):
        def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
            page = list(super().programmes(provider_code))
            if one in page:
                catalogue_renew.replace(one.id, newer)
            for record in page:
                yield replace(record, name="Van de nacht") if record == one else record

    changes = at(InHand(source.every_provider, source.every_programme), AT)
    found = dict(shown()[one.id][0])
    assert found["active"] is (comes != "gone")
    assert (found["name"] == "Zojuist") is (comes != "gone")
    assert changes.total == len(source.every_programme) - (comes == "gone")


@pytest.mark.rule("CAT-1", "CAT-2")
def test_a_new_provider_is_there_when_its_run_counts(any_portal: Portal) -> None:
    source = as_it_is(any_portal)
    first = ProviderRecord("990A000", "99XX", "Gloednieuw", "x@y.nl", contact_context="ALGEMEEN")
    more = replace(source, every_provider=(first, *source.every_provider))

    def seen() -> Any:
        with db.reading() as connection:
            arrived = arrivals.read(connection, {"instelling": "99XX"}, clock.now(), True)
            contact = shelves.contact(connection, "99XX")
            return arrived, contact, catalogue_status.counts(connection)

    before = seen()
    with pytest.raises(RegisterError):
        at(more.failing(len(source.every_programme) - 1), AT)
    assert seen() == before
    at(more, AT)
    assert seen() != before


@pytest.mark.rule("CAT-1")
def test_a_clock_that_was_wrong_keeps_nobody_out(any_portal: Portal) -> None:
    source = as_it_is(any_portal)

    class Dies(Source):
        def programmes(self, provider_code: str) -> Iterator[ProgrammeRecord]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        at(Dies(source.every_provider, source.every_programme), AT + timedelta(days=3650))
    assert at(source, AT).total == len(source.every_programme)


@pytest.mark.rule("CAT-1")
def test_tidying_that_finds_the_database_busy_fails_nothing(
    any_portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise db.Busy

    monkeypatch.setattr(catalogue_sync, "tidy", busy)
    source = as_it_is(any_portal)
    assert at(source.each(lambda p: replace(p, name=f"{p.name} nieuw")), AT).changed
    assert problem() == ""
