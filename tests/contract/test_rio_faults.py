"""RIO that fails, and how much is asked of it: never a half list, never a ninth call at once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product

import httpx
import pytest

from app.domain.ports import (
    MalformedReply,
    Misconfigured,
    RateLimited,
    RegisterError,
    RequestRejected,
    Unavailable,
)
from app.registers import rio, rio_shared
from app.registers.http import MOST_CONNECTIONS, Client
from app.registers.rio import RioCatalogue
from digistub.rio_data import OFFERS
from tests.contract.world import BASE, Stub
from tests.length import crossed
from tests.source import everything

TECHNIEK = "991A001"  # the provider with most programmes
CALLS = [  # whatever a synchronisation asks
    "erkenningen",
    "erkenning-eenheden",
    "contactadressen",
    "aangeboden-opleidingen",
    "opleiding",
    "onderwijslocatie",
    "opleiding-cohorten",
    "opleidingserkenning",
]
FAULTS: list[tuple[str, type[RegisterError]]] = [
    ("500", Unavailable),
    ("503", Unavailable),
    ("429", RateLimited),
    ("401", Misconfigured),
    ("403", Misconfigured),
    ("302", Misconfigured),
    ("400", RequestRejected),
    ("204", MalformedReply),
    ("truncated", MalformedReply),
    ("html", MalformedReply),
    ("timeout", Unavailable),
]


@pytest.fixture
def stub(only_stub: Stub) -> Iterator[Stub]:
    yield only_stub
    only_stub.world.mend()


def failing(stub: Stub, call: str, fault: str) -> RioCatalogue:
    stub.world.set_fault("rio", call, None, fault)
    return RioCatalogue(stub.rio(0.15 if fault.startswith("timeout") else 3, checked=False))


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(("call", "fault", "error"), crossed(CALLS, FAULTS))
def test_one_call_that_fails_fails_the_whole(
    stub: Stub, call: str, fault: str, error: type[RegisterError]
) -> None:
    catalogue = failing(stub, call, fault)
    with pytest.raises(RegisterError) as caught:
        list(everything(catalogue))
    assert type(caught.value) is error
    assert not any(offer.id in str(caught.value) for offer in OFFERS)


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(
    ("call", "page", "fault", "error"),
    crossed(
        product(["erkenningen", "aangeboden-opleidingen"], [1, 2]),
        [*FAULTS, ("empty", MalformedReply)],
    ),
)
def test_half_a_list_is_none(
    stub: Stub, call: str, page: int, fault: str, error: type[RegisterError]
) -> None:
    """The pages before it are fine."""
    catalogue = failing(stub, call, f"{fault}:{page}")
    with pytest.raises(RegisterError) as caught:
        list(catalogue.providers() if call == "erkenningen" else catalogue.programmes(TECHNIEK))
    assert type(caught.value) is error


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(
    ("call", "fault", "error"),
    [
        ("aangeboden-opleiding", "empty", MalformedReply),
        ("opleiding-cohorten", "404", RequestRejected),
    ],
)
def test_a_programme_is_not_gone_because_of_half_an_answer(
    stub: Stub, call: str, fault: str, error: type[RegisterError]
) -> None:
    catalogue = failing(stub, call, fault)
    with pytest.raises(error):
        catalogue.programme(OFFERS[0].id)


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(
    ("call", "fault", "error"),
    crossed(["aangeboden-opleiding", "onderwijsaanbieder", *CALLS[4:]], FAULTS),
)
def test_one_programme_comes_whole_or_not(
    stub: Stub, call: str, fault: str, error: type[RegisterError]
) -> None:
    catalogue = failing(stub, call, fault)
    with pytest.raises(RegisterError) as caught:
        catalogue.programme(OFFERS[0].id)
    assert type(caught.value) is error


def test_an_empty_catalogue_is_empty(stub: Stub) -> None:
    """Whether that can be true is for the synchronisation to say."""
    catalogue = failing(stub, "aangeboden-opleidingen", "empty")
    assert list(everything(catalogue)) == []


def test_a_run_goes_on_where_it_failed(stub: Stub) -> None:
    """What had been read of a provider is no reason to leave something out of the next try."""
    whole = {p.id for p in RioCatalogue(stub.rio(checked=False)).programmes(TECHNIEK)}
    catalogue = failing(stub, "opleidingserkenning", "500")
    with pytest.raises(Unavailable):
        list(catalogue.programmes(TECHNIEK))
    stub.world.mend()
    assert {p.id for p in catalogue.programmes(TECHNIEK)} == whole


class Watched(httpx.BaseTransport):
    """Counts what is asked, and how much at once."""

    def __init__(
        self, inner: httpx.BaseTransport, meanwhile: Callable[[int], None] = lambda _now: None
    ) -> None:
        self.inner = inner
        self.meanwhile = meanwhile
        self.asked: Counter[str] = Counter()
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            self.asked[request.url.path.rsplit("/", 1)[-1]] += 1
            self._now += 1
            now = self._now
            self.most = max(self.most, now)
        try:
            self.meanwhile(now)
            return self.inner.handle_request(request)
        finally:
            with self._lock:
                self._now -= 1

    def catalogue(self, **size: int) -> RioCatalogue:
        return RioCatalogue(Client("rio", f"{BASE}/rio", self, 10), **size)


@pytest.mark.rule("CAT-1")
def test_eight_calls_at_once_and_no_ninth(stub: Stub) -> None:
    """The first seven wait until there is an eighth, and that one waits for a ninth to come."""
    eighth, ninth = threading.Event(), threading.Event()

    def wait(now: int) -> None:
        if now > MOST_CONNECTIONS:
            ninth.set()
        elif now == MOST_CONNECTIONS and not eighth.is_set():
            ninth.wait(0.3)
            eighth.set()
        elif busy.asked["aangeboden-opleidingen"] and now > 1:
            assert eighth.wait(5)

    busy = Watched(stub.transport, wait)
    assert len(list(busy.catalogue().programmes(TECHNIEK))) >= MOST_CONNECTIONS
    assert busy.most == MOST_CONNECTIONS == 8
    assert not ninth.is_set()


@pytest.mark.rule("CAT-1")
def test_a_page_is_read_whole_and_no_more_than_that_ahead(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No thread reads on while the first is written, and no whole provider waits in memory."""
    monkeypatch.setattr(rio, "MOST_CONNECTIONS", 1)
    watched = Watched(stub.transport, lambda _now: time.sleep(0.02))
    reading = watched.catalogue(page_size=2).programmes(TECHNIEK)
    next(reading)
    assert watched.asked["aangeboden-opleiding-cohorten"] == 2
    rest = list(reading)
    assert watched.asked["aangeboden-opleiding-cohorten"] == len(rest) + 1 > 4


@pytest.mark.rule("CAT-1")
def test_what_programmes_share_is_asked_once_a_synchronisation(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rio, "MOST_CONNECTIONS", 1)  # with eight, a few ask the same at once
    watched = Watched(stub.transport)
    catalogue = watched.catalogue()
    shared = {
        "onderwijslocatie": {(offer.location, offer.kind) for offer in OFFERS},
        "opleiding": {(offer.training, offer.kind) for offer in OFFERS},
    }
    first = list(everything(catalogue))
    assert {name: watched.asked[name] for name in shared} == {n: len(s) for n, s in shared.items()}
    read_again(catalogue)
    assert {name: watched.asked[name] for name in shared} == {n: len(s) for n, s in shared.items()}
    assert list(everything(catalogue)) == first
    twice = {name: 2 * len(each) for name, each in shared.items()}
    assert {name: watched.asked[name] for name in shared} == twice
    monkeypatch.setattr(rio_shared, "LIFE", -1.0)
    read_again(catalogue)
    assert watched.asked["onderwijslocatie"] > twice["onderwijslocatie"]


def read_again(catalogue: RioCatalogue) -> None:
    """Within the same synchronisation."""
    list(catalogue.programmes(TECHNIEK))


def test_one_programme_is_always_asked_afresh(stub: Stub) -> None:
    watched = Watched(stub.transport)
    catalogue = watched.catalogue()
    before = list(catalogue.programmes(TECHNIEK))
    asked = watched.asked["onderwijslocatie"]
    assert catalogue.programme(before[0].id) == before[0]
    assert watched.asked["onderwijslocatie"] == asked + 1
