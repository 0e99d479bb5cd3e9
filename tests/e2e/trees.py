"""What somebody hears of each page: the accessibility tree of `main`, one file for each stop.

`.venv/bin/python -m tests.e2e.trees` writes them anew; read what changed before you commit it.
Below the tree stands what Playwright leaves out of it: what is told after a name, and what is
required.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests import services
from tests.e2e.server import Server, running_portal
from tests.e2e.tour import Tour
from tests.e2e.windows import launch, new_window

TREES = Path(__file__).parent / "trees"
# What differs from day to day: addresses hold uuids, and the test services count from today. How
# many suggestions there are is said, or not, by how soon one walks through them.
MASKS = (
    (re.compile(r":?\n *- /url: .*"), ""),
    (re.compile(r"\d{1,2} [a-z]+ (19|20)\d\d(, \d\d:\d\d)?|\d\d-\d\d-20\d\d"), "‹dag›"),
    (re.compile(r"\b(19|20)\d\d\b"), "‹jaar›"),
    (re.compile(r"nog \d+ dagen", re.IGNORECASE), "nog ‹aantal› dagen"),
    (re.compile(r'heading "[^"]*kun je je (nog )?op tijd aanmelden[^"]*"'), 'heading "‹1 april›"'),
    (re.compile(r"paragraph: (Je bent op tijd|Je meldt je aan na).*"), "paragraph: ‹1 april›"),
    (re.compile(r"\n *- paragraph: Het is na .*"), ""),
    (re.compile(r"(term: Op tijd\n *- definition:) .*"), r"\1 ‹ja of nee›"),
    (re.compile(r'- status: "?\d+ .*'), "- status"),
    (re.compile(r"\b(?:[2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}\b"), "‹code›"),
    (re.compile(r"127\.0\.0\.1:\d+"), "‹adres›"),
    (re.compile(r"\b99XX:\d{8}\b|\b[0-9A-F]{8}\b"), "‹nummer›"),
)
OURS = {"checkbox", "combobox", "Date", "DisclosureTriangle", "group", "link", "radio", "textbox"}


def tree(page: Page) -> str:
    """As YAML, with a comment for each part that tells more than its name."""
    said = f"{page.locator('main').aria_snapshot()}\n\n{told_after_names(page)}"
    for pattern, mask in MASKS:
        said = pattern.sub(mask, said)
    return said.strip() + "\n"


def told_after_names(page: Page) -> str:
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return "\n".join(
        f'# {node["role"]["value"]} "{node["name"]["value"]}": {told}'
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in OURS and (told := more(node))
    )


def more(node: dict[str, Any]) -> str:
    flags = {flag["name"]: flag["value"].get("value") for flag in node.get("properties", ())}
    required = ["(verplicht)"] if flags.get("required") else []
    return " ".join([node.get("description", {}).get("value", ""), *required]).strip()


def stops() -> list[str]:
    """Those of which a tree is kept, each once."""
    return sorted(path.stem for path in TREES.glob("*.yml"))


def changed(stop: str, page: Page) -> list[str]:
    """How the tree differs from the one that is kept; nothing when it doesn't."""
    path = TREES / f"{stop}.yml"
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = difflib.unified_diff(kept.splitlines(), tree(page).splitlines(), n=0, lineterm="")
    return [f"tree: {line}" for line in lines if not line.startswith(("---", "+++", "@@"))]


def write(page: Page, server: Server) -> None:
    server.start_over()
    TREES.mkdir(exist_ok=True)
    for path in TREES.glob("*.yml"):
        path.unlink()
    for stop in Tour(page, server, "nl").stops():
        (TREES / f"{stop}.yml").write_text(tree(page), encoding="utf-8")


def main() -> None:
    services.make_folder()
    try:
        with sync_playwright() as playwright, running_portal(services.folder()) as server:
            browser = launch(playwright)
            write(new_window(browser).new_page(), server)
            browser.close()
    finally:
        services.end()


if __name__ == "__main__":
    main()
