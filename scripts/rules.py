"""How many tests show each rule: a line a rule of docs/rules.md, its number and «n tests» or
«none». Counts what pytest collects, so a parametrised test counts once for each of its cases.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import pytest

RULES = Path(__file__).parent.parent / "docs" / "rules.md"


class Count:
    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            self.tests.update({rule for mark in item.iter_markers("rule") for rule in mark.args})


def numbers() -> list[str]:
    """The rules in the order of the page."""
    return re.findall(r"^- ([A-Z]{3}-\d+) ", RULES.read_text(encoding="utf-8"), re.MULTILINE)


def main() -> int:
    count = Count()
    quiet = [
        "--collect-only",
        "-p",
        "no:terminal",
        "-p",
        "no:xdist",
        "-o",
        "addopts=--import-mode=importlib",
    ]
    code = pytest.main(quiet, plugins=[count])
    rules = numbers()
    for rule in rules:
        print(rule, f"{count.tests[rule]} tests" if count.tests[rule] else "none")
    unknown = sorted(set(count.tests) - set(rules))
    for rule in unknown:
        print(f"{rule} is named by a test and stands not in {RULES.name}", file=sys.stderr)
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print("Not every test could be collected: run pytest --collect-only", file=sys.stderr)
        return 1
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
