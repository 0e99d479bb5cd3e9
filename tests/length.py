"""What only the long run takes."""

from __future__ import annotations

from typing import Any

import pytest


def at_length(*values: Any) -> list[Any]:
    """These values of a parameter, or of several, in `make test-all` only."""
    each = [value if isinstance(value, tuple) else (value,) for value in values]
    return [pytest.param(*value, marks=pytest.mark.long) for value in each]
