from __future__ import annotations

from typing import Any


def add(connection: Any, rows: Any) -> None: ...
def tidy(connection: Any) -> None: ...
