"""The portal, its worker and the Stub SIS, until one of them ends or somebody stops us.

Portal and worker are two processes on one database, as they would be on a real server; the Stub
SIS asks the portal over HTTP, as any SIS does. Ctrl-C and `kill` end all (exit 0); when one of
them dies the others are ended too (exit 1).
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"
START = 60  # seconds that the portal may take before it answers
END = 10  # seconds that a process may take to end by itself
PR_SET_PDEATHSIG = 1

WORKER = ["flask", "--app", "wsgi", "jobs", "run"]
STUB = "Stub SIS"


def granian(host: str, port: str, application: str) -> list[str]:
    """The server's command line (docs/decisions/0005); the bench measures with the same.

    Four threads, because who waits for DUO must not let everybody else wait.
    """
    return [
        *("granian", "--interface", "wsgi", "--host", host, "--port", port, "--workers", "1"),
        *("--blocking-threads", "4", "--log-level", "warning", "--no-access-log", application),
    ]


class Stopped(Exception):
    """Somebody asked us to end."""


def stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def port_is_free() -> bool:
    family = socket.AF_INET6 if ":" in HOST else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(PORT)))
        except OSError:
            return False
    return True


def end_with_parent() -> None:
    """Runs in the child: also when we are killed outright, nothing stays behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(command: list[str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches only us and we end it in order."""
    return subprocess.Popen(
        [sys.executable, "-m", *command], start_new_session=True, preexec_fn=end_with_parent
    )


def address() -> str:
    """Where the portal is, for who is on this machine."""
    host = f"[{HOST}]" if ":" in HOST else HOST.replace("0.0.0.0", "127.0.0.1")
    return f"http://{host}:{PORT}"


def stub_sis() -> list[str]:
    """It says «ontvangen» (AO) of each new application at a koppelpunt that is set to it."""
    state = f"{os.environ.get('INSTANCE') or 'instance'}/sis.db"
    options = ("--server", address(), "--state", state, "--statuses", "AO")
    return ["digistub.sis", "--follow", *options]


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"{address()}/healthz", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def watch(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Returns when one of the processes has ended; says when the portal can be visited, and then
    starts the Stub SIS."""
    ready, deadline = False, time.monotonic() + START
    while not any(process.poll() is not None for process in processes.values()):
        if not ready and (ready := answers()):
            say(f"\nThe portal is at http://{HOST}:{PORT} (Ctrl-C stops it)")
            if os.environ.get("APP_ENV") != "production":
                say(f"For the supplier of a SIS: the manual at http://{HOST}:{PORT}/docs/sis,")
                say(f"keys and applications at http://{HOST}:{PORT}/digistub/sis/")
                processes[STUB] = start(stub_sis())
        elif not ready and time.monotonic() > deadline:
            say(f"The portal does not answer within {START} seconds")
            return
        time.sleep(0.2)
    for name, process in processes.items():
        if process.poll() is not None:
            say(f"The {name} ended by itself (exit code {process.returncode})")


def end(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in processes.values():
        signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + END
    for name, process in processes.items():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"The {name} does not end by itself: killing it")
            signal_group(process, signal.SIGKILL)
            process.wait()


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def main() -> int:
    if not PORT.isdigit() or not port_is_free():
        say(
            f"Port {PORT} on {HOST} can't be used: something else listens there, perhaps another\n"
            "`make run`. Stop that, or choose another port: make run PORT=8001"
        )
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        processes["portal"] = start(granian(HOST, PORT, "wsgi:app"))
        processes["worker"] = start(WORKER)
        watch(processes)
        return 1
    except Stopped:
        say("\nStopping")
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end(processes)


if __name__ == "__main__":
    sys.exit(main())
