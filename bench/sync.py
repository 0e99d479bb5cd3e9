"""A night's synchronisation of ten thousand programmes, beside the reading that it can't do
without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from app import db, migrate
from bench.server import Server, serving

PROGRAMMES = 10_000
Measure = tuple[str, float, str, float | None]


def syncs(folder: Path, databases: dict[str, str]) -> Iterator[Measure]:
    """Name, value, unit and limit of each measure; `databases` are URLs of new ones by name."""
    rio = Server("RIO", "bench.rio:app", folder, {"INSTANCE": str(folder / "rio")} | SIZE)
    with serving(rio):
        environ = {"RIO_URL": f"{rio.address}/rio", "APP_ENV": "test"}
        environ |= {"INSTANCE": str(folder / "reader")}
        alone = median(once("read", environ)["seconds"] for _ in range(2))
        yield f"reading {PROGRAMMES} programmes", alone, "s", None
        for name, url in databases.items():
            migrate.upgrade(url)
            db.engine().dispose()
            there = {**environ, "DATABASE_URL": url}
            for what, night in NIGHTS.items():
                told = once(what, there)
                yield f"{night}, {name}", told["seconds"] / alone, "× reading", 3
                yield f"{night}, {name}: memory", told["memory"], "MB", 250
                yield f"{night}, {name}: longest lock", told["held"] * 1000, "ms", 100


SIZE = {"PROGRAMMES": str(PROGRAMMES)}
NIGHTS = {"sync": "first synchronisation", "again": "all of it changed"}


def once(what: str, environ: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.reading", what, str(PROGRAMMES)]
    done = subprocess.run(
        command, env={**os.environ, **environ}, check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
