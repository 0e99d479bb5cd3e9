"""The services that tests need, each started by the run itself and ended with it.

A run has one folder, named in the environment so that the workers of pytest-xdist share it.
The first test that needs a service starts it, under a file lock; the process that made the
folder ends them. Nothing listens on a port: both are reached by a socket in the folder.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "PORTAL_TEST_FOLDER"
START = 30  # seconds that a service may take to start
ROOM = 4 << 30  # bytes that a run may need
POSTGRESQL = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=200 -c shared_buffers=64MB "
    "-c jit=off -c wal_level=minimal -c max_wal_senders=0"
)


def make_folder(inside: str | None = None) -> Path:
    """The folder of this run. Its name is short: a socket's path has at most 107 characters."""
    folder = Path(tempfile.mkdtemp(prefix="cam-", dir=inside))
    folder.chmod(0o755)  # PostgreSQL may run as another user
    os.environ[FOLDER] = str(folder)
    return folder


def memory() -> str | None:
    """A place that isn't on the disk, where there is room: thousands of databases are made. Not
    for what is measured: there the disk counts."""
    there = Path("/dev/shm")
    roomy = os.access(there, os.W_OK) and shutil.disk_usage(there).free >= ROOM
    return str(there) if roomy else None


def folder() -> Path:
    return Path(os.environ[FOLDER])


@contextmanager
def once(name: str) -> Iterator[Path | None]:
    """The path of what has to be made by one of the workers; None when it is there already."""
    path = folder() / name
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ready = folder() / f"{name}.ready"
        if ready.exists():
            yield None
            return
        yield path
        ready.touch()


def redis() -> Path:
    """The socket of this run's Redis, started when it isn't there. It keeps nothing on disk."""
    socket = folder() / "redis.socket"
    with once("redis") as fresh:
        if fresh:
            log = (folder() / "redis.log").open("w")
            process = subprocess.Popen(
                [
                    *(program("redis-server", "redis-server"), "--port", "0"),
                    *("--unixsocket", str(socket), "--save", "", "--appendonly", "no"),
                    *("--dir", str(folder())),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            (folder() / "redis.pid").write_text(str(process.pid))
            wait_for(socket, process)
    return socket


def wait_for(socket: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START
    while not socket.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((folder() / "redis.log").read_text())
        time.sleep(0.02)


def postgresql() -> Path:
    """The folder with the socket of this run's PostgreSQL, started when it isn't there."""
    home = folder() / "postgresql"
    with once("postgresql") as fresh:
        if fresh:
            home.mkdir(mode=0o700)
            if os.geteuid() == 0:
                owner = pwd.getpwnam(unprivileged())
                os.chown(home, owner.pw_uid, owner.pw_gid)
            data = str(home / "data")
            run(
                *(postgresql_program("initdb"), "--pgdata", data, "--no-sync"),
                *("--auth", "trust", "--username", "portal", "--encoding", "UTF8"),
                *("--locale", "C.UTF-8"),
            )
            run(
                *(postgresql_program("pg_ctl"), "start", "--wait", "--pgdata", data),
                *("--timeout", str(START), "--log", str(home / "log")),
                *("--options", f"{POSTGRESQL} -c unix_socket_directories={home}"),
            )
    return home


def unprivileged() -> str:
    """PostgreSQL refuses to run as root: then another user does."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def run(*command: str) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(unprivileged())
        drop = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        command = (*drop, *command)
    # pg_ctl hands its output on to the server, which would keep a pipe open for ever
    with (folder() / "postgresql.log").open("a+") as log:
        code = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", check=False
        ).returncode
        if code:
            log.seek(0)
            raise RuntimeError(f"{' '.join(command)}\n{log.read()}")


def postgresql_program(name: str) -> str:
    """The newest of Debian's, which stand outside PATH, or else the one in PATH."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4])
    )
    return str(versions[-1]) if versions else program(name, "postgresql")


def program(name: str, package: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is missing: apt-get install {package}"
    return path


def end() -> None:
    """Ends what this run started and removes its folder."""
    if (home := folder() / "postgresql").joinpath("data", "postmaster.pid").exists():
        run(
            *(postgresql_program("pg_ctl"), "stop", "--mode", "immediate", "--wait"),
            *("--pgdata", str(home / "data")),
        )
    if (pid := folder() / "redis.pid").exists():
        try:
            os.kill(int(pid.read_text()), signal.SIGTERM)
        except ProcessLookupError:
            pass
    shutil.rmtree(folder(), ignore_errors=True)
    del os.environ[FOLDER]
