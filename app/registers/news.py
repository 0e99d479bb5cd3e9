"""Telling a SIS, at an address that the operator set, that there is news (SIS-9). In production
never a private network's: the name is looked up here, and what was looked up is what is called."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx

from app.domain.ports import News
from app.registers.http import MOST_CONNECTIONS, Client

SECONDS = 5.0  # in all; nobody waits for it
NEITHER = tuple(  # that Python 3.11 calls global, or that wrap another address
    ipaddress.ip_network(text)
    for text in (
        *("::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48", "fec0::/10"),
        *("192.0.0.0/24", "192.88.99.0/24", "3fff::/20"),
    )
)
GIVEN_OUT = ipaddress.ip_network("2000::/3")  # all of IPv6 that anybody can have on the internet
Look = Callable[[str, int], list[str]]


def addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a name. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def is_public(address: str) -> bool:
    """An IP address on the open internet; also what is wrapped in it must be."""
    ip = ipaddress.ip_address(address)
    if any(ip in network for network in NEITHER):
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if wrapped := ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]):
            return is_public(str(wrapped))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in GIVEN_OUT:
            return False
    return ip.is_global and not ip.is_multicast


class PublicOnly(httpx.BaseTransport):
    """Calls a public address, or nobody: one private address among several is enough to refuse."""

    def __init__(self, inner: httpx.BaseTransport, look: Look = addresses) -> None:
        self._inner = inner
        self._look = look

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, port = request.url.host, request.url.port or 443
        try:
            found = self._look(host, port)
        except (OSError, UnicodeError):
            found = []
        if not found or not all(is_public(address) for address in found):
            raise httpx.UnsupportedProtocol("no public address", request=request)
        called = httpx.Request(
            request.method,
            request.url.copy_with(host=found[0]),
            headers=request.headers,  # Host says the name
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return self._inner.handle_request(called)


class Nudger:
    """`transport(address)` says how an address is reached; None is the network."""

    def __init__(
        self, transport: Callable[[str], httpx.BaseTransport | None], public_only: bool
    ) -> None:
        self._transport = transport
        self._public_only = public_only

    def nudge(self, url: str, news: News) -> None:
        """Raises a RegisterError unless the SIS answers with 2xx."""
        parts = urlsplit(url)
        client = Client("sis", f"{parts.scheme}://{parts.netloc}", self._to(url), SECONDS)
        try:
            client.tell(
                f"{parts.path}{parts.query and f'?{parts.query}'}",
                {
                    "koppelpuntCode": news.code,
                    "koppelpuntNaam": news.name,
                    "geschatteNieuweAanmeldingen": news.waiting,
                },
            )
        finally:
            client.close()

    def _to(self, url: str) -> httpx.BaseTransport | None:
        if not self._public_only:
            return self._transport(url)
        limits = httpx.Limits(max_connections=MOST_CONNECTIONS)
        return PublicOnly(
            self._transport(url) or httpx.HTTPTransport(limits=limits, trust_env=False)
        )
