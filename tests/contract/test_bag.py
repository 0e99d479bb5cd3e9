"""PDOK's addresses: our adapter against the test service, and against answers of other shapes."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.wrappers import Request, Response

from app.domain.person import Address
from app.domain.ports import (
    MalformedReply,
    RegisterError,
    RequestRejected,
    Unavailable,
)
from app.registers.bag import Bag
from app.registers.bounded import InProcess
from app.registers.http import Client
from digistub.bag_addresses import HITS
from digistub.people import PEOPLE
from digistub.world import World
from tests.contract import described
from tests.contract.digistub_process import running_digistub
from tests.contract.world import FAULTS, NOT_FOUND, Stub

HOME = Address(street="Lindelaan", number="12", postcode="1234AB", place="Ons Dorp")
HIT = {
    "type": "adres",
    "id": "adr-1",
    "weergavenaam": "Lindelaan 12, 1234AB Ons Dorp",
    "straatnaam": "Lindelaan",
    "huisnummer": 12,
    "postcode": "1234AB",
    "woonplaatsnaam": "Ons Dorp",
}


def suffixes(stub: Stub, postcode: str, number: str) -> list[str]:
    return [address.suffix for address in Bag(stub.bag()).on_number(postcode, number)]


@pytest.mark.rule("DUO-4")
def test_an_exact_hit(stub: Stub) -> None:
    assert Bag(stub.bag()).on_number("1234AB", "12") == (HOME,)


@pytest.mark.rule("DUO-4")
def test_every_addition_on_one_number(stub: Stub) -> None:
    assert suffixes(stub, "1234AB", "16") == ["", "A", "B"]
    assert suffixes(stub, "3099XZ", "18") == ["A", "A-2", "B", "B-2"]
    assert suffixes(stub, "9799XZ", "40") == [str(n) for n in range(1, 31)]


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize("nearly", [("1234AB", "13"), ("1234CD", "14"), ("1299ZZ", "12")])
def test_another_address_than_asked_for_is_none(stub: Stub, nearly: tuple[str, str]) -> None:
    question = {"q": " ".join(nearly), "fq": "type:adres"}
    assert stub.bag().get_json("/free", question)["response"]["docs"], "it does find something"
    assert Bag(stub.bag()).on_number(*nearly) == ()


@pytest.mark.rule("DUO-3")
def test_the_test_people_live_there_but_for_the_secret_one(stub: Stub) -> None:
    assert suffixes(stub, "8019XK", "12") == ["B"]
    assert suffixes(stub, "7411XN", "203") == [""]
    assert "Geheimestraat" in repr(PEOPLE[3].data)
    assert "Geheimestraat" not in repr(HITS)
    assert suffixes(stub, "7941ZZ", "7") == []


@pytest.mark.parametrize(("fault", "error"), [*FAULTS, NOT_FOUND])
def test_every_fault_is_one_of_five_errors(
    stub: Stub, fault: str, error: type[RegisterError]
) -> None:
    stub.world.set_fault("bag", "adres", None, fault)
    bag = Bag(stub.bag(0.3 if fault == "timeout" else 3, checked=fault.isdigit()))
    with pytest.raises(RegisterError) as caught:
        bag.on_number(HOME.postcode, HOME.number)
    assert type(caught.value) is error
    told = "".join(traceback.format_exception(caught.value))
    assert not [word for word in ("1234AB", "Lindelaan") if word in told]


def test_an_answer_about_another_address_is_none(stub: Stub) -> None:
    stub.world.set_fault("bag", "adres", None, "other-address")
    assert Bag(stub.bag()).on_number("1234AB", "12") == ()


def test_over_a_real_socket(tmp_path: Path) -> None:
    with running_digistub(tmp_path) as issuer:
        transport = described.Described(httpx.HTTPTransport(), described.bag(), "/digistub/bag")
        bag = Bag(Client("bag", f"{issuer}/bag", transport))
        assert bag.on_number("1234AB", "12") == (HOME,)
        World(tmp_path).set_fault("bag", "adres", None, "500")
        with pytest.raises(Unavailable):
            bag.on_number("1234AB", "12")


def test_the_address_of_pdok_works_as_it_is() -> None:
    """Only an address is asked, of the one operation there is."""
    asked: list[Request] = []
    base = "https://api.pdok.nl/bzk/locatieserver/search/v3_1"
    assert answering({"response": {"docs": [HIT]}}, False, base, asked).on_number(
        "1234AB", "12"
    ) == (HOME,)
    assert [request.base_url for request in asked] == [f"{base}/free"]
    assert asked[0].args.to_dict() == {"q": "1234AB 12", "fq": "type:adres", "rows": "100"}
    assert not asked[0].get_data()


@pytest.mark.parametrize("question", [{"nummer": "12"}, {"rows": 101}, {"start": "x"}])
def test_the_test_service_refuses_what_pdok_would(stub: Stub, question: dict[str, Any]) -> None:
    with pytest.raises(RequestRejected):
        stub.bag(checked=False).get_json("/free", {"q": "1234AB 12", **question})


def answering(
    body: Any, checked: bool, url: str = "http://pdok.example", asked: list[Request] | None = None
) -> Bag:
    """The adapter over a PDOK that always says `body`, and keeps what it was asked."""

    def app(environ: Any, start_response: Any) -> Any:
        if asked is not None:
            asked.append(Request(environ))
        return Response(json.dumps(body), mimetype="application/json")(environ, start_response)

    transport: httpx.BaseTransport = InProcess(app)
    if checked:
        transport = described.Described(transport, described.bag(), "")
    return Bag(Client("bag", url, transport))


def finding(*hits: Any, checked: bool = True) -> tuple[Address, ...]:
    response = {"numFound": len(hits), "start": 0, "docs": list(hits)}
    return answering({"response": response}, checked).on_number("1234AB", "12")


@pytest.mark.rule("DUO-4")
@pytest.mark.parametrize(
    ("more", "suffix"),
    [
        ({"huisletter": "A", "huisnummertoevoeging": "2"}, "A-2"),
        ({"huisletter": "A"}, "A"),
        ({"huisnummertoevoeging": "bis"}, "bis"),
    ],
)
def test_letter_and_addition_are_one(more: dict[str, str], suffix: str) -> None:
    assert [address.suffix for address in finding({**HIT, **more})] == [suffix]


def test_digits_of_another_script_are_sorted_too() -> None:
    hits = [{**HIT, "huisnummertoevoeging": addition} for addition in ("10", "٢", "2", "²")]
    found = [address.suffix for address in finding(*hits, checked=False)]
    assert found == ["²", "٢", "2", "10"]


@pytest.mark.rule("DUO-4")
def test_one_odd_hit_hides_no_others() -> None:
    odd = [{**HIT, "straatnaam": None}, {**HIT, "huisnummer": "12"}, "Lindelaan 12"]
    for hits in ([*odd, HIT], [HIT, *odd]):
        assert finding(*hits, checked=False) == (HOME,)
    with pytest.raises(MalformedReply):
        finding(*odd, checked=False)


@pytest.mark.rule("DUO-4")
def test_an_addition_that_no_sis_takes_is_not_offered() -> None:
    fits = {**HIT, "huisletter": "A", "huisnummertoevoeging": "12345678"}
    longer = {**HIT, "huisletter": "A", "huisnummertoevoeging": "123456789"}
    found = finding(longer, fits, HIT, checked=False)
    assert [address.suffix for address in found] == ["", "A-12345678"]


def test_what_is_found_twice_counts_once() -> None:
    assert finding(HIT, {**HIT, "id": "adr-2"}) == (HOME,)


@pytest.mark.parametrize(
    "other",
    [{"type": "postcode"}, {"postcode": "1234AC"}, {"huisnummer": 120}],
    ids=repr,
)
def test_only_an_address_with_both_counts(other: dict[str, Any]) -> None:
    assert finding({**HIT, **other}) == ()


WRONG: dict[str, Callable[[], Any]] = {
    "a list": lambda: [],
    "nothing": lambda: None,
    "no response": lambda: {},
    "no docs": lambda: {"response": {"numFound": 1}},
    "docs is an object": lambda: {"response": {"docs": {}}},
    "a hit is a text": lambda: {"response": {"docs": ["Lindelaan 12"]}},
    "no street": lambda: {"response": {"docs": [{**HIT, "straatnaam": None}]}},
    "a street of a mile": lambda: {"response": {"docs": [{**HIT, "straatnaam": "a" * 201}]}},
    "a nul": lambda: {"response": {"docs": [{**HIT, "woonplaatsnaam": "Ons\0Dorp"}]}},
    "a number as text": lambda: {"response": {"docs": [{**HIT, "huisnummer": "12"}]}},
    "a list for a letter": lambda: {"response": {"docs": [{**HIT, "huisletter": ["A"]}]}},
    "an addition of 5,000 digits": lambda: {
        "response": {"docs": [{**HIT, "huisnummertoevoeging": "9" * 5000}]}
    },
    "a number of 4,000 digits": lambda: {"response": {"docs": [{**HIT, "huisnummer": 10**4000}]}},
}


@pytest.mark.parametrize("how", WRONG)
def test_an_answer_of_another_shape(how: str) -> None:
    with pytest.raises(MalformedReply) as caught:
        answering(WRONG[how](), checked=False).on_number("1234AB", "12")
    assert caught.value.__context__ is None


def test_the_check_against_the_description_can_fail() -> None:
    with pytest.raises(AssertionError):
        finding({**HIT, "straat": "Lindelaan"})
