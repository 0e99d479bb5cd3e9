"""What the browser gets: tokens worked out at build time, and the sheet that came of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.assets import DIST, build, manifest, tokens

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "app" / "assets"
COMPONENTS = sorted(ROOT.glob("node_modules/@utrecht/*-css/dist/index.css"))


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a{color:var(--x)}", "a{color:red}"),
        ("a{color:var(--by-way-of)}", "a{color:red}"),
        ("a{color:var(--nowhere,var(--x))}", "a{color:red}"),
        ("a{color:var(--kept)}", "a{color:var(--kept)}"),
        ("a{color:var(--kept,var(--x))}", "a{color:var(--kept,red)}"),
        ("a{color:var(--kept,var(--nowhere))}", "a{color:var(--kept)}"),
        ("a{color:var(--nowhere);top:0}", "a{top:0}"),
        ("a{top:0;color:var(--nowhere)}", "a{top:0;}"),
        ("a{top:calc(var(--size) * 2 + var(--size))}", "a{top:calc(1px * 2 + 1px)}"),
        ("a{top:max(var(--nowhere,0px),var(--size))}", "a{top:max(0px,1px)}"),
    ],
)
def test_tokens_are_worked_out_but_for_those_that_the_browser_keeps(
    css: str, expected: str
) -> None:
    answers = {"--x": "red", "--by-way-of": "var( --x )", "--size": "1px"}
    assert tokens.resolved(css, answers, {"--kept"}) == expected


@pytest.fixture(scope="module")
def sheet() -> str:
    return (DIST / manifest()["app.css"]["file"]).read_text()


def test_every_token_in_the_sheet_has_a_value(sheet: str) -> None:
    """A package that renames a token shows here, not as a page without colour."""
    used = set(re.findall(r"var\((--[\w-]+)\)", sheet))
    assert len(used) > 20
    by_component = tokens.declared("".join(p.read_text() for p in COMPONENTS))
    assert used - tokens.declared(sheet).keys() - by_component.keys() == set()


def test_no_colour_comes_from_the_theme(sheet: str) -> None:
    """Otherwise it would stay light in dark mode."""
    components = sheet[sheet.index("@layer nlds{") : sheet.index("@layer app{")]
    assert ".utrecht-button" in components
    ours = {"#16143a", "#000", "#fff"}  # ink under yellow, and two defaults that we override
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", components)) <= ours


def test_classes_of_the_components_that_no_template_has_are_left_out(sheet: str) -> None:
    assert ".utrecht-form-label" in sheet
    assert ".utrecht-textbox--iban-size" not in sheet


def test_sides_are_logical_so_that_right_to_left_works() -> None:
    own = "".join((ASSETS / name).read_text() for name in build.OWN)
    physical = r"(?:margin|padding|border|inset)-(?:left|right)|(?:^|[ {;])(?:left|right):"
    assert re.findall(physical, own) == []


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    full = digits if len(digits) == 6 else "".join(d * 2 for d in digits)
    parts = (int(full[i : i + 2], 16) / 255 for i in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def brand(scheme: str) -> dict[str, str]:
    css = (ASSETS / "brand.css").read_text()
    light, dark = css.split("@media screen and (prefers-color-scheme: dark)")
    found = tokens.declared(light) | (tokens.declared(dark) if scheme == "dark" else {})
    found = {name.removeprefix("--"): value for name, value in found.items()}
    return {n: found.get(v[6:-1], v) if v.startswith("var(") else v for n, v in found.items()}


BASIS = "basis-color-"
TEXT = [("ink", "sheet"), ("ink", "page"), ("ink", "tint"), ("ink", "tint-deep")]
TEXT += [("ink-soft", "sheet"), ("ink-soft", "page"), ("ink-soft", "tint")]
TEXT += [("indigo", "sheet"), ("indigo", "page"), ("indigo", "tint"), ("on-indigo", "indigo")]
TEXT += [("on-indigo", "indigo-deep"), (f"{BASIS}negative-color-default", "sheet")]
TEXT += [(f"{BASIS}negative-color-default", f"{BASIS}negative-bg-default")]
KINDS = ("negative", "positive", "warning", "info")
TEXT += [(f"{BASIS}{kind}-color-document", f"{BASIS}{kind}-bg-default") for kind in KINDS]
LINES = [(f"{BASIS}default-border-default", "sheet"), ("indigo", "tint-deep")]
LINES += [(f"{BASIS}{kind}-border-default", f"{BASIS}{kind}-bg-default") for kind in KINDS]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("one", "other", "least"), [(*p, 4.5) for p in TEXT] + [(*p, 3.0) for p in LINES]
)
def test_the_brand_can_be_read(scheme: str, one: str, other: str, least: float) -> None:
    colours = brand(scheme)
    assert contrast(colours[one], colours[other]) >= least


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    assert lock["packages"]["node_modules/htmx.org"]["version"] == "2.0.11"


def test_nothing_is_built_anew_when_nothing_changed() -> None:
    before = (DIST / "manifest.json").stat().st_mtime_ns
    done = subprocess.run(
        [sys.executable, "-m", "app.assets.build"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, "nothing changed" in done.stdout) == (0, True), done.stderr
    assert (DIST / "manifest.json").stat().st_mtime_ns == before


def test_an_older_browser_gets_gzip_and_a_newer_one_brotli() -> None:
    for name in ("app.css", "app.js", "htmx.js"):
        path = DIST / manifest()[name]["file"]
        assert path.with_name(path.name + ".br").stat().st_size < path.stat().st_size / 2
        assert path.with_name(path.name + ".gz").stat().st_size < path.stat().st_size / 2


def test_changing_a_template_builds_the_sheet_anew() -> None:
    assert ROOT / "app" / "templates" / "start.html" in build.sources()
