"""A server that misbehaves below the level of HTTP libraries."""

from __future__ import annotations

import datetime
import ipaddress
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Send = Callable[[bytes], None]
Behaviour = Callable[[bytes, Send], None]


def answer(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    """Its connection is closed after it, and it says so: who asks again must not use it again."""
    headers = f"Content-Type: application/json\r\nConnection: close\r\n{headers}"
    head = f"HTTP/1.1 {status}\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def drip(data: bytes, send: Send, seconds: float = 0.05) -> None:
    """A byte at a time; each comes well within a time-out for one read."""
    for n in range(len(data)):
        send(data[n : n + 1])
        time.sleep(seconds)


@contextmanager
def serving(behave: Behaviour, certificate: Path | None = None) -> Iterator[str]:
    """Its address. `behave` gets the request's first line and headers, once a connection."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                behave(self.request.recv(65536), self.request.sendall)
            except OSError:
                pass  # the client went away, which is what most tests here want

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 50

        def handle_error(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        scheme = "https" if certificate else "http"
        yield f"{scheme}://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def self_signed(folder: Path) -> Path:
    """A certificate that nobody vouches for, with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
