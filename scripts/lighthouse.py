"""What Lighthouse thinks of the portal on a telephone: `make lighthouse`; exits 1 under 100.

The browser tests' portal, and Chromium as Lighthouse slows it down: the start page, and a
question as somebody sees it who opens it anew, logged in. Each page is measured three times and
the run in the middle counts, because other work on the machine costs points.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx

from app.assets.build import install_packages, node
from tests import services
from tests.e2e.server import Server, running_portal
from tests.e2e.windows import CHROMIUM
from tests.portal import Student

FOLDER = Path(__file__).parent.parent / "bench" / "lighthouse"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
RUNS = 3
STEP = "contact"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FIGURES = {  # Lighthouse's audit, what it is called here, how it is written
    "largest-contentful-paint": ("LCP ms", ".0f"),
    "total-blocking-time": ("TBT ms", ".0f"),
    "cumulative-layout-shift": ("CLS", ".3f"),
    "total-byte-weight": ("bytes", ".0f"),
}

Report = dict[str, Any]


def log_in(server: Server) -> tuple[str, str]:
    """The address of a step, and the Cookie header of the student whose step it is."""
    with httpx.Client(base_url=server.base, trust_env=False) as browser:
        student = Student(browser, server.fresh())
        student.log_in()
        student.walk_to(STEP)
        own = (each for each in browser.cookies.jar if each.domain == "127.0.0.1")
        return str(student.page.url), "; ".join(f"{each.name}={each.value}" for each in own)


def measured(address: str, cookie: str) -> Report:
    """One run of Lighthouse; exits when it ended up at another page."""
    flags = " ".join(("--headless=new", *CHROMIUM))
    command = [
        *(*node(), str(PROGRAM), address, "--quiet", "--output=json"),
        *(f"--chrome-flags={flags}", f"--extra-headers={json.dumps({'Cookie': cookie})}"),
    ]
    environ = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True)
    report: Report = json.loads(done.stdout)
    if report["finalDisplayedUrl"] != address:
        sys.exit(f"Lighthouse asked for {address} and got {report['finalDisplayedUrl']}")
    return report


def score(report: Report, category: str) -> int:
    """From 0 to 100; 0 where Lighthouse couldn't tell."""
    return round(100 * (report["categories"][category]["score"] or 0))


def middle(reports: list[Report]) -> Report:
    return sorted(reports, key=lambda report: score(report, "performance"))[len(reports) // 2]


def lost(report: Report) -> list[str]:
    """What cost points."""
    return [
        f"{category}: {audit['title']} {audit.get('displayValue', '')}".rstrip()
        for category in CATEGORIES
        for counted in report["categories"][category]["auditRefs"]
        for audit in [report["audits"][counted["id"]]]
        if counted["weight"] and audit["score"] is not None and audit["score"] < 1
    ]


def row(name: str, *cells: str) -> str:
    return f"{name:8}" + "".join(f"{cell:>16}" for cell in cells)


def main() -> int:
    install_packages(FOLDER)
    services.make_folder()
    reports: dict[str, Report] = {}
    try:
        with running_portal(services.folder()) as server:
            step, cookie = log_in(server)
            for name, address, sent in (("start", f"{server.base}/", ""), (STEP, step, cookie)):
                reports[name] = middle([measured(address, sent) for _ in range(RUNS)])
    finally:
        services.end()
    print(row("", *CATEGORIES, *(title for title, _ in FIGURES.values())))
    for name, report in reports.items():
        figures = (
            format(report["audits"][audit]["numericValue"], form)
            for audit, (_, form) in FIGURES.items()
        )
        print(row(name, *(str(score(report, each)) for each in CATEGORIES), *figures))
    scores = [score(report, each) for report in reports.values() for each in CATEGORIES]
    if min(scores) == 100:
        return 0
    for name, report in reports.items():
        print(*(f"{name}: {what}" for what in lost(report)), sep="\n", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
