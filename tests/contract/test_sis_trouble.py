"""The Stub SIS against a server that does what servers do when they aren't well (SIS-7)."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from digistub.sis.api import Api, Refused, Trouble, things
from digistub.sis.follow import Manner, Sis
from digistub.sis.login import Certificate, Key, Secret, read_key
from digistub.sis.run import Screen, Turn, follow
from digistub.sis.state import OtherServer, State
from tests.contract.raw_server import Send, answer, self_signed, serving
from tests.sis_process import LOGIN, lines_until, running

CLOSE = "Connection: close\r\n"
POINT = {"koppelpuntcode": "99XX", "sis": "Stub SIS", "actief": True, "wachtend": 1}
ITEM = {
    **{"$type": "vca.Aanmelding", "caKetenId": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"},
    **{"ketenId": "99XX:91234567", "instelling": "99XX", "wijzigingsvolgnummer": 7},
    **{"type": "A", "ingetrokken": False, "links": [{"id": 12, "rel": "self"}]},
}
TOKEN = answer(json.dumps({"access_token": "t", "expires_in": 600}).encode(), headers=CLOSE)
POINTS = answer(json.dumps({"items": [POINT]}).encode(), headers=CLOSE)
NOTHING = answer(b'{"items": []}', headers=CLOSE)
ONE = answer(json.dumps({"items": [ITEM]}).encode(), headers=CLOSE)
DONE = answer(b'{"resultaat": "ontvangen"}', headers=CLOSE)


def unwell(status: str, *headers: str) -> bytes:
    return answer(b'{"foutmelding": "Nu niet."}', status, CLOSE + "".join(headers))


WRONG = {
    "503": unwell("503 Service Unavailable"),
    "502 in HTML": answer(b"<h1>Bad Gateway</h1>", "502 Bad Gateway", CLOSE),
    "no JSON": answer(b"<html>Onderhoud</html>", headers=CLOSE),
    "half an answer": answer(json.dumps({"items": [ITEM]}).encode(), headers=CLOSE)[:-9],
    "no list": answer(b'{"item": []}', headers=CLOSE),
    "a list of something else": answer(b'{"items": [1, null]}', headers=CLOSE),
    "an application without ids": answer(
        json.dumps({"items": [{**ITEM, "links": []}]}).encode(), headers=CLOSE
    ),
    "a number that is none": answer(
        json.dumps({"items": [{**ITEM, "wijzigingsvolgnummer": "zeven"}]}).encode(), headers=CLOSE
    ),
    "an unknown koppelpunt": unwell("404 Not Found"),
    "a way elsewhere": unwell("302 Found", "Location: https://elders.example/\r\n"),
    "nothing": b"",
}


class Server:
    """Answers by address; what is wrong comes first, once each."""

    def __init__(self, wrong: dict[str, list[bytes]] | None = None) -> None:
        self.wrong = wrong or {}
        self.asked: list[str] = []

    def __call__(self, request: bytes, send: Send) -> None:
        path = request.decode("latin-1").split(" ")[1].partition("?")[0]
        self.asked.append(path)
        waiting = next((w for part, w in self.wrong.items() if part in path and w), None)
        send(waiting.pop(0) if waiting else self.right(path))

    def right(self, path: str) -> bytes:
        if path.endswith("/token"):
            return TOKEN
        if path.endswith("/koppelpunt"):
            return POINTS
        if path.endswith("/ontvangst"):
            return DONE
        return ONE if path.endswith("/nieuw") else NOTHING


@contextmanager
def at(server: Server, manner: Manner | None = None) -> Iterator[Sis]:
    with serving(server) as address:
        api = Api(address, "9" * 20, Secret("stubsis"))
        yield Sis(api, State(None, address), manner or Manner(only_on_stub=True))
        api.close()


@pytest.mark.rule("SIS-7")
@pytest.mark.parametrize("what", WRONG)
def test_whatever_the_server_says_the_message_comes_in_the_end(what: str) -> None:
    server = Server({"/nieuw": [WRONG[what]]})
    with at(server) as sis:
        turn = Turn(sis, Screen(sis.state), every=0)
        assert not turn.take()
        assert turn.troubles == 1
        assert sis.state.applications("99XX") == {}
        turn.take()
        assert sis.state.applications("99XX") == {ITEM["caKetenId"]: (12, 7, False)}
        assert turn.troubles == 0


@pytest.mark.each_run(10)
@pytest.mark.parametrize("what", sorted(set(WRONG) - {"an unknown koppelpunt"}))
@pytest.mark.parametrize("where", ["/token", "/koppelpunt", "/ontvangst"])
def test_trouble_elsewhere_costs_a_round(where: str, what: str) -> None:
    server = Server({where: [WRONG[what]]})
    with at(server) as sis:
        turn = Turn(sis, Screen(sis.state), every=0)
        for _ in range(3):
            turn.take()
        assert sis.state.applications("99XX") == {ITEM["caKetenId"]: (12, 7, False)}
        assert sis.state.waiting(sis.api.client_id) == []


@pytest.mark.parametrize("point", [{"koppelpuntcode": 5}, {"koppelpuntcode": None}, {}, 3])
def test_a_koppelpunt_that_is_none_costs_a_round(point: object) -> None:
    nonsense = answer(json.dumps({"items": [point]}).encode(), headers=CLOSE)
    with at(Server({"/koppelpunt": [nonsense]}), Manner()) as sis:
        turn = Turn(sis, Screen(sis.state), every=0)
        turn.take()
        assert turn.troubles == 1
        turn.take()
        assert sis.state.applications("99XX")


def whole(line: ssl.SSLSocket) -> str:
    """A request to its end: a line that is closed with something unread is cut, not ended."""
    text = ""
    while "\r\n\r\n" not in text:
        text += line.recv(65536).decode()
    head, _, body = text.partition("\r\n\r\n")
    length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0] or 0)
    while len(body) < length:
        body += line.recv(65536).decode()
    return head


@pytest.mark.rule("SIS-6")
def test_who_has_a_certificate_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(pem))
    context.load_cert_chain(pem)
    context.verify_mode = ssl.CERT_REQUIRED
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for _ in range(2):
                connection, _address = listener.accept()
                with context.wrap_socket(connection, server_side=True) as shown:
                    request = whole(shown)
                    subject = dict(pair[0] for pair in shown.getpeercert()["subject"])  # type: ignore
                    seen.append(subject["commonName"])
                    shown.sendall(TOKEN if "/token" in request else POINTS)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        address = f"https://127.0.0.1:{listener.getsockname()[1]}"
        api = Api(address, "9" * 20, Certificate(pem, pem))
        assert [point["koppelpuntcode"] for point in api.koppelpunten()] == ["99XX"]
        thread.join(5)
    assert seen == ["127.0.0.1"] * 2


@pytest.mark.rule("SIS-7")
def test_who_gets_nothing_because_of_the_stub_hears_so_once() -> None:
    """Also when nothing waits, as the Stub SIS takes it all."""
    said: list[str] = []
    empty = answer(json.dumps({"items": [{**POINT, "wachtend": 0}]}).encode(), headers=CLOSE)
    no = unwell("409 Conflict")
    server = Server({"/nieuw": [no, no], "/koppelpunt": [empty, empty, POINTS]})
    with at(server, Manner()) as sis:
        sis.say = said.append
        for _ in range(3):
            sis.round()
        assert said == ["99XX: 409: Nu niet."]
        assert len([path for path in server.asked if path.endswith("/nieuw")]) == 2
        sis.round()
    assert said[1] == "99XX: 99XX:91234567 nieuw"


@pytest.mark.rule("SIS-7")
def test_an_old_token_is_replaced_at_once() -> None:
    server = Server({"/koppelpunt": [unwell("401 Unauthorized")]})
    with at(server) as sis:
        assert sis.round()
        assert [path for path in server.asked if path.endswith("/token")] == [server.asked[0]] * 2
        assert sis.state.applications("99XX")


@pytest.mark.rule("SIS-7")
def test_who_asks_too_often_waits_as_long_as_is_said() -> None:
    said: list[float] = []
    server = Server({"/nieuw": [unwell("429 Too Many Requests", "Retry-After: 17\r\n")]})
    with at(server) as sis, pytest.raises(Trouble) as trouble:
        sis.round()
    said.append(trouble.value.wait)
    for header in ("Retry-After: morgen\r\n", "Retry-After: 99999\r\n", ""):
        busy = Server({"/nieuw": [unwell("503 Service Unavailable", header)]})
        with at(busy) as sis, pytest.raises(Trouble) as trouble:
            sis.round()
        said.append(trouble.value.wait)
    assert said == [17, 0, 120, 0]


@pytest.mark.long
@pytest.mark.rule("SIS-7")
def test_a_process_goes_on_through_all_of_it(tmp_path: Path) -> None:
    """Also where the server said to wait, and where it isn't there at first."""
    too_often = unwell("429 Too Many Requests", "Retry-After: 1\r\n")
    wrong = [too_often, *WRONG.values(), unwell("401 Unauthorized")]
    between = [one for each in wrong for one in (each, NOTHING)]  # or it waits ever longer
    server = Server({"/nieuw": between, "/ontvangst": [too_often]})
    with serving(server) as address:
        options = ("--follow", "--every", "0.02", "--state", str(tmp_path / "sis.db"))
        with running(address, *LOGIN, *options) as process:
            said = lines_until(process, "99XX:91234567 nieuw")
            lines_until(process, "het gaat weer")
            assert process.poll() is None
        assert process.returncode == 0
    assert any("te vaak, wacht 1 s" in line for line in said)
    assert any("geen JSON" in line for line in said)
    assert State(tmp_path / "sis.db", address).waiting("9" * 20) == []


def test_following_stops_when_it_is_told() -> None:
    server, stop = Server(), threading.Event()
    with at(server) as sis:
        thread = threading.Thread(target=follow, args=([sis], Screen(sis.state), stop, 0.01))
        thread.start()
        stop.set()
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.rule("SIS-7")
def test_a_state_is_of_one_server(tmp_path: Path) -> None:
    path = tmp_path / "map" / "sis.db"
    State(path, "https://een.example")
    with pytest.raises(OtherServer, match="een"):
        State(path, "https://twee.example")
    assert path.stat().st_mode & 0o077 == 0


def test_what_is_no_list_is_trouble() -> None:
    for body in (None, [], 3, {"items": {}}, {"items": [{}]}):
        with pytest.raises(Trouble):
            things(body, "caKetenId")


def _key(content: str) -> Callable[[Path], Any]:
    def write(folder: Path) -> Any:
        (folder / "sleutel.json").write_text(content)
        return read_key(folder / "sleutel.json")

    return write


@pytest.mark.parametrize(
    ("content", "told"), [("geen json", "sleutel.json"), ("{}", "geen JWK"), ("[]", "geen JWK")]
)
def test_what_is_no_key_is_said(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        _key(content)(tmp_path)


def test_a_refused_login_is_a_refusal() -> None:
    server = Server({"/token": [unwell("401 Unauthorized")]})
    with at(server) as sis, pytest.raises(Refused, match="geen token"):
        sis.round()
    assert repr(Secret("geheim")) == "Secret(basic=False)"
    assert Key.__dataclass_fields__["jwk"].repr is False
