"""Every page a student meets as a picture: `make screenshots`, in screenshots/<look>/.

The browser tests' server and their tour, once in each look; it takes two to three minutes.
Without arguments every look, else those named, such as `nl-390-light`.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests import services
from tests.e2e.server import Server, running_portal
from tests.e2e.tour import Tour
from tests.e2e.windows import launch

PICTURES = Path(__file__).parent.parent / "screenshots"


@dataclass(frozen=True)
class Look:
    language: str
    width: int
    scheme: Literal["light", "dark"] = "light"
    forced: bool = False

    @property
    def name(self) -> str:
        contrast = "-contrast" if self.forced else ""
        return f"{self.language}-{self.width}-{self.scheme}{contrast}"


LOOKS = [
    Look("nl", 390),
    Look("nl", 1280),
    Look("nl", 390, "dark"),
    Look("nl", 1280, "dark"),
    Look("nl", 320),
    Look("nl", 390, forced=True),
    Look("en", 390),
    Look("en", 1280),
    Look("sv", 390),
    Look("sv", 1280),
    Look("ar", 390),
    Look("ar", 1280),
    Look("ar", 390, "dark"),
]


class Album:
    """The pictures of one look, numbered in the order of the way."""

    def __init__(self, page: Page, look: Look) -> None:
        self.page, self.folder, self.taken = page, PICTURES / look.name, 0
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def take(self, name: str) -> None:
        self.taken += 1
        self.page.screenshot(path=self.folder / f"{self.taken:02}-{name}.png", full_page=True)


def pictures(browser: Browser, server: Server, look: Look) -> Album:
    server.start_over()
    context = browser.new_context(
        viewport={"width": look.width, "height": 844},
        color_scheme=look.scheme,
        forced_colors="active" if look.forced else "none",
        reduced_motion="reduce",
    )
    tour = Tour(context.new_page(), server, look.language)
    album = Album(tour.page, look)
    for stop in tour.stops():
        album.take(stop)
    for name, address in (
        *(("handleiding", "/docs/sis"), ("handleiding-api", "/docs/sis/api")),
        *(("digistub", f"{server.issuer}/"), ("digid", "/login/digid")),
    ):
        tour.page.goto(address if "://" in address else server.base + address)
        album.take(name)
    tour.page.goto(f"{server.issuer}/school/99XX")
    album.take("school")
    context.close()
    return album


def main() -> None:
    names = [look.name for look in LOOKS]
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("look", nargs="*", help=f"one of {', '.join(names)}")
    asked = parser.parse_args().look
    if unknown := set(asked) - set(names):
        parser.error(f"no look is called {', '.join(sorted(unknown))}")
    looks = [look for look in LOOKS if look.name in asked or not asked]
    if not asked:
        shutil.rmtree(PICTURES, ignore_errors=True)
    services.make_folder()
    try:
        with sync_playwright() as playwright, running_portal(services.folder()) as server:
            browser = launch(playwright)
            for look in looks:
                album = pictures(browser, server, look)
                print(f"screenshots/{look.name}: {album.taken} pictures", flush=True)
            browser.close()
    finally:
        services.end()


if __name__ == "__main__":
    main()
