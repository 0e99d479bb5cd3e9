"""A mail server that is really there, and does as it is told."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Smtp:
    """The few words of SMTP that a test needs. `replies` overrule an answer, by command."""

    def __init__(self, replies: dict[str, str]) -> None:
        self.replies = replies
        self.received: list[bytes] = []
        self.heard: list[str] = []

    def talk(self, lines: Iterator[bytes], send: socketserver.BaseRequestHandler) -> None:
        say = send.wfile.write  # type: ignore[attr-defined]
        say(b"220 test\r\n")
        for line in lines:
            word = line.decode().strip()
            self.heard.append(word)
            command = word.split(" ")[0].split(":")[0].upper()
            if self.replies.get(command) == "hang up":
                return
            if self.replies.get(command) == "silent":
                continue
            say(f"{self.replies.get(command, self.usual(command))}\r\n".encode())
            if command == "DATA" and command not in self.replies:
                body = iter(lambda: next(lines), b".\r\n")
                # The sender doubled a dot at the start of a line.
                self.received.append(b"".join(line.removeprefix(b".") for line in body))
                if self.replies.get("BODY") == "hang up":
                    return
                say(f"{self.replies.get('BODY', '250 ok')}\r\n".encode())

    @staticmethod
    def usual(command: str) -> str:
        return {"DATA": "354 go on", "QUIT": "221 bye", "EHLO": "250 test"}.get(command, "250 ok")


@contextmanager
def listening(**replies: str) -> Iterator[tuple[str, Smtp]]:
    smtp = Smtp(replies)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            smtp.talk(iter(self.rfile.readline, b""), self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", smtp
        server.shutdown()
