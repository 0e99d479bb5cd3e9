"""Somebody at the other end of a kept connection: little work, so that the server has the CPU."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

import brotli
import httpx

from bench.server import HOST, Server
from tests.portal import Student

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
HEADERS = (
    f"User-Agent: {PHONE}\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"
    "Accept-Language: nl-NL,nl;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n"
)


class Answer(NamedTuple):
    status: int
    head: str
    body: bytes  # as it came over the line
    size: int  # bytes over the line, headers included

    @property
    def text(self) -> str:
        packed = "content-encoding: br" in self.head.lower()
        return (brotli.decompress(self.body) if packed else self.body).decode()


class Visitor:
    """One connection to `server`; with `student`, somebody whose draft is complete."""

    def __init__(self, server: Server, bsn: str = "") -> None:
        self.server = server
        self.connect()
        self.cookies, self.step = "", "/"
        self.form: dict[str, str] = {}
        self.answers = 0
        if bsn:
            self.log_in(bsn)

    def connect(self) -> None:
        """Anew: granian ends a connection that has been silent for 30 seconds."""
        self.socket = socket.create_connection((HOST, self.server.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_in(self, bsn: str) -> None:
        with httpx.Client(base_url=self.server.address) as browser:
            student = Student(browser, bsn)
            student.log_in()
            student.walk_to("controleren")
            self.step = f"/aanmelding/{student.draft}/contact"
            student.get(self.step)
            self.form = student.fields()
            own = (c for c in browser.cookies.jar if c.path == "/")
            self.cookies = "; ".join(f"{c.name}={c.value}" for c in own)

    def get(self, path: str, *headers: str) -> bytes:
        return self._request("GET", path, headers)

    def post(self, path: str, form: dict[str, str]) -> bytes:
        body = urlencode(form)
        content = "Content-Type: application/x-www-form-urlencoded"
        return self._request("POST", path, (content, f"Content-Length: {len(body)}"), body)

    def _request(self, method: str, path: str, headers: tuple[str, ...], body: str = "") -> bytes:
        lines = "".join(f"{line}\r\n" for line in headers)
        cookie = f"Cookie: {self.cookies}\r\n" if self.cookies else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self.server.port}\r\n"
        return f"{head}{HEADERS}{cookie}{lines}\r\n{body}".encode()

    def ask(self, request: bytes) -> Answer:
        self.socket.sendall(request)
        return self.receive()

    def receive(self) -> Answer:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        return Answer(int(head[9:12]), head.decode(), body, len(head) + 4 + length)

    def _more(self) -> bytes:
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError(f"{self.server.name} hung up")
        return data


Request = Callable[[Visitor], bytes]


def home(visitor: Visitor) -> bytes:
    return visitor.get("/")


def shown(visitor: Visitor) -> bytes:
    """A step with the answer given before."""
    return visitor.get(visitor.step)


def fragment(visitor: Visitor) -> bytes:
    """The same as HTMX asks for it."""
    return visitor.get(visitor.step, "HX-Request: true", "HX-Boosted: true", "HX-Target: main")


def answered(visitor: Visitor) -> bytes:
    """Another answer each time."""
    visitor.answers += 1
    changed = {**visitor.form, "email": f"student{visitor.answers}@voorbeeld.nl"}
    return visitor.post(visitor.step, changed)


def drive(visitors: list[Visitor], request: Request, count: int, status: int) -> list[float]:
    """`count` requests over all connections at once, each visitor waiting for their answer.

    Returns how long each took, in seconds. Another status than `status` is an error.
    """
    times: list[float] = []
    sent: dict[Visitor, float] = {}
    with selectors.DefaultSelector() as ready:

        def send(visitor: Visitor) -> None:
            data = request(visitor)
            sent[visitor] = time.perf_counter()
            visitor.socket.sendall(data)

        for visitor in visitors:
            visitor.connect()
            ready.register(visitor.socket, selectors.EVENT_READ, visitor)
            send(visitor)
        while len(times) < count:
            for key, _ in ready.select():
                answer = key.data.receive()
                times.append(time.perf_counter() - sent.pop(key.data))
                assert answer.status == status, f"{answer.status} {answer.head}"
                if len(times) + len(sent) < count:
                    send(key.data)
        assert not sent
    return times
