"""The portal's own CSS and JavaScript, and the command that builds them for the browser."""

from __future__ import annotations

import json
from pathlib import Path

DIST = Path(__file__).resolve().parent.parent / "static" / "dist"
PAPER = "paper"  # the folder in DIST with the fonts of a PDF


def manifest() -> dict[str, dict[str, str]]:
    """What was built: by name the `file` in DIST, and its `integrity`."""
    built: dict[str, dict[str, str]] = json.loads((DIST / "manifest.json").read_text())
    return built
