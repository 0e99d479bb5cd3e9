"""A server under measurement: granian as `make run` starts it, with one worker process."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from scripts.serve import granian

HOST = "127.0.0.1"
START = 30  # seconds
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """`target` is `module:application`. Its log goes to a file, as it would on a real server."""

    name: str
    target: str
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    threads: int | None = None  # default: as `make run` does
    port: int = field(default_factory=lambda: free_port())

    def __post_init__(self) -> None:
        self.environ = {**os.environ, **self.environ, "PORT": str(self.port)}

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}"

    def command(self, *arguments: str) -> None:
        """`flask …` with this server's settings."""
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            env=self.environ,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        command = granian(HOST, str(self.port), self.target)
        if self.threads:
            command[command.index("--blocking-threads") + 1] = str(self.threads)
        with (self.folder / f"{self.port}.log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command], env=self.environ, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START
        while not self.listens():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.folder / f"{self.port}.log").read_text())
            time.sleep(0.05)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        self.worker = int(children.read_text().split()[-1])

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def cpu(self) -> float:
        """Seconds of user and system time that the worker has used, to 10 ms."""
        stat = Path(f"/proc/{self.worker}/stat").read_text()
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / TICKS

    def cpu_now(self) -> float:
        """The same to a microsecond or so, by the scheduler's books of each thread."""
        tasks = Path(f"/proc/{self.worker}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9

    def memory(self) -> float:
        """The worker's resident memory in MB."""
        status = Path(f"/proc/{self.worker}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024 / 1e6


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
