"""Going on until stopped: whatever the server does, this process stays and asks again."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence

from digistub.sis.api import Refused, Trouble
from digistub.sis.follow import Lost, Sis
from digistub.sis.state import State

EVERY = 1.0  # seconds between two rounds
LONGEST = 30.0  # seconds between two tries when there is trouble
TRIES = 5  # in a row, of who does everything once


class Screen:
    """Lines of what happened; on a terminal with a last line of how far it is."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._terminal = sys.stdout.isatty()

    def say(self, text: str) -> None:
        clear = "\r\033[K" if self._terminal else ""
        print(f"{clear}Stub SIS: {text}", flush=True)

    def progress(self) -> None:
        if self._terminal:
            print(f"\r\033[K{self._told()}", end="", flush=True)

    def close(self) -> None:
        """How far it came, also where nothing happened."""
        self.say(f"klaar: {self._told()}")

    def _told(self) -> str:
        known, receipts, statuses = self._state.counts()
        return f"{known} aanmeldingen · {receipts} bevestigd · {statuses} statussen"


class Turn:
    """One SIS, and when it is its turn again."""

    def __init__(self, sis: Sis, screen: Screen, every: float = EVERY) -> None:
        self.sis, self._screen, self._every = sis, screen, every
        self.due, self._told, self.troubles = 0.0, "", 0

    def take(self) -> bool:
        """One round; whether anything happened."""
        try:
            happened = self.sis.round()
        except Lost:
            self.due = 0.0
            return True
        except Exception as trouble:  # whatever the server makes of an answer, we stay
            self.troubles += 1
            asked = trouble.wait if isinstance(trouble, Trouble) else 0.0
            wait = asked or min(LONGEST, self._every * 2.0 ** min(self.troubles - 1, 10))
            self.due = time.monotonic() + wait
            text = told(trouble)
            if text != self._told:
                self._told = text
                self._screen.say(f"{self.sis.api.client_id}: {text}; probeert het weer")
            return False
        if self._told:
            self._screen.say(f"{self.sis.api.client_id}: het gaat weer")
        self._told, self.troubles = "", 0
        self.due = time.monotonic() + self._every
        return happened


def told(error: Exception) -> str:
    """What is wrong, without what may be somebody's."""
    known = isinstance(error, Trouble | Refused)
    return str(error) if known else f"onverwacht ({type(error).__name__})"


def follow(
    sises: Sequence[Sis], screen: Screen, stop: threading.Event, every: float = EVERY
) -> None:
    """Until `stop` is set; every so many seconds."""
    turns = [Turn(sis, screen, every) for sis in sises]
    while not stop.is_set():
        for turn in turns:
            if turn.due <= time.monotonic() and not stop.is_set():
                turn.take()
        screen.progress()
        stop.wait(max(0.0, min(turn.due for turn in turns) - time.monotonic()))


def once(sises: Sequence[Sis], screen: Screen, stop: threading.Event) -> bool:
    """Until nothing is left to take or to say; False when a server doesn't let us."""
    for sis in sises:
        turn = Turn(sis, screen)
        while turn.take() or turn.troubles:
            screen.progress()
            if turn.troubles >= TRIES or stop.is_set():
                return False
            if turn.troubles:
                stop.wait(max(0.0, turn.due - time.monotonic()))
    screen.close()
    return True
