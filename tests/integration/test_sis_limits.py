"""Bodies of every kind that are too large or too deep: refused, and hardly felt (item 43)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.live import Live, live_portal
from tests.sis import API, OIN, SECRET, TOKEN

MOST = 50  # MB that the portal may grow
TIMES = 8
ROOM = 255 * 1024  # bytes, just below what is read
NEAR = {
    "deep lists": b"[" * ROOM,
    "deep objects": b'{"a":' * (ROOM // 5),
    "closed depth": b"[" * 33 + b"]" * 33,
    "many lists": b"[" + b"[]," * (ROOM // 3 - 2) + b"[]]",
    "many fields": b"{" + b",".join(b'"%d":[]' % n for n in range(ROOM // 12)) + b"}",
    "a long text": b'{"foutmelding":"' + b"x" * (ROOM - 40) + b'"}',
    "a long number": b'{"wijzigingsvolgnummer":' + b"9" * (ROOM - 40) + b"}",
    "many statuses": b'{"aanmeldstatussen":[' + b"{}," * (ROOM // 3 - 20) + b"{}]}",
    "no text": b"\xff" * ROOM,
}
OVER = {"a little more": b" " * (257 * 1024), "much more": b" " * (20 * 1024 * 1024)}


@pytest.fixture
def live(sqlite_url: str) -> Iterator[Live]:
    with live_portal(sqlite_url) as live:
        live.start()
        yield live


def memory(live: Live) -> float:
    """MB that the server's processes have resident."""
    assert live.process is not None
    pid = live.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    kept = [Path(f"/proc/{one}/status").read_text() for one in (pid, *children)]
    return sum(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) for text in kept) / 1000  # type: ignore[index]


def chunked(body: bytes) -> Iterator[bytes]:
    """Without saying how long it will be."""
    for first in range(0, len(body), 65536):
        yield body[first : first + 65536]


@pytest.mark.long
def test_what_is_too_much_is_refused_and_hardly_felt(live: Live) -> None:
    form = {"grant_type": "client_credentials", "client_id": OIN, "client_secret": SECRET}
    with httpx.Client(base_url=live.url, trust_env=False, timeout=30) as sis:
        token = sis.post(TOKEN, data=form).json()["access_token"]
        sis.headers["Authorization"] = f"Bearer {token}"
        koppelpunt = f"{API}/koppelpunt/99XX/aanmelding"
        places = (
            *(f"{koppelpunt}/zoek", f"{koppelpunt}/1/foutmelding", f"{koppelpunt}/1/ontvangst"),
            "/koppelpunt-mbo/v1/aanmeldstatussen",
        )
        for place in places:
            sis.post(place, content=NEAR["many lists"])
        before, said = memory(live), set()
        for _ in range(TIMES):
            for body in NEAR.values():
                said |= {sis.post(place, content=body).status_code for place in places}
        assert said <= {200, 400, 404}, said  # an object without a known field asks for everything
        for body in OVER.values():
            for content in (body, chunked(body)):
                assert refused(sis, places[0], content)
        fields = {f"veld{number}": "x" for number in range(15_000)}
        assert refused(sis, TOKEN, None, data=fields)
        parts = {f"deel{number}": ("a.txt", b"x") for number in range(500)}
        assert refused(sis, TOKEN, None, files=parts)
        assert memory(live) - before < MOST
        assert sis.get(f"{koppelpunt}/nieuw").json() == {"items": []}


def refused(sis: httpx.Client, place: str, content: object, **form: object) -> bool:
    """413, or 400 of what isn't read; or the line is cut while we go on talking."""
    try:
        return sis.post(place, content=content, **form).status_code in (400, 413)  # type: ignore[arg-type]
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        return True
