"""Our privacy statement: which version of it somebody read (WIZ-12)."""

from __future__ import annotations

from datetime import date

SINCE = date(2026, 12, 1)  # of the text in templates/privacy.html; another text is another day
VERSION = SINCE.isoformat()
