"""What holds for every file. The rules of the running application stand beside its tests."""

from __future__ import annotations

import ast
import html
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

from scripts import messages

ROOT = Path(__file__).parent.parent
OURS = ("app", "bench", "digistub", "scripts", "tests")
CODE = (".html", ".js", ".mjs", ".py", ".sh")
LONGEST = 300  # lines
NO_ROOM = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
CLOCKS = {  # a stopwatch (time.monotonic) tells no time
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.strftime"),
    *("func.now", "func.current_timestamp", "func.current_date"),
}
MAKES_MARKUP = {"app/templating.py"}
SPOKEN = ("alt", "aria-description", "aria-label", "aria-roledescription", "placeholder", "title")
NOT_A_SENTENCE = {"mbo"}  # the logo
STYLE = r"<style\b"  # a mail program fetches no stylesheet
GENERATED = re.compile(r"(^app/migrations/versions/|^app/static/dist/|/node_modules/)")


def files(*suffixes: str, within: tuple[str, ...] = OURS) -> list[Path]:
    found = (path for folder in within for path in sorted((ROOT / folder).rglob("*")))
    return [
        path
        for path in found
        if path.suffix in suffixes and path.is_file() and not GENERATED.search(name(path))
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def matches(pattern: str, paths: list[Path], allowed: frozenset[str] = frozenset()) -> list[str]:
    """`file:line text` of each line that the pattern is in."""
    return [
        f"{name(path)}:{number} {line.strip()[:100]}"
        for path in paths
        if name(path) not in allowed
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_imports_keep_to_the_house() -> None:
    # In a process of its own: it switches all loggers of this one off.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    subprocess.run([*command, "--config", str(ROOT / "pyproject.toml")], cwd=ROOT, check=True)


def test_only_the_clock_reads_a_clock() -> None:
    def readings(path: Path) -> Iterator[str]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ".".join(last_two(node)) in CLOCKS:
                yield f"{name(path)}:{node.lineno}"
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                if any(f"time.{alias.name}" in CLOCKS for alias in node.names):
                    yield f"{name(path)}:{node.lineno}"

    paths = [path for path in files(".py", within=("app",)) if name(path) != "app/clock.py"]
    assert [place for path in paths for place in readings(path)] == []


def last_two(node: ast.Attribute) -> tuple[str, str]:
    """`datetime.now` of `datetime.now` and of `module.datetime.now`."""
    owner = node.value
    if isinstance(owner, ast.Attribute):
        return owner.attr, node.attr
    return (owner.id if isinstance(owner, ast.Name) else ""), node.attr


def test_who_acts_hands_the_moment_to_services() -> None:
    allowed = {"AMSTERDAM", "local_date"}
    for path in files(".py", within=("app/services", "app/domain")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names}
                assert node.module != "app" or "clock" not in names, name(path)
                assert node.module != "app.clock" or names <= allowed, name(path)
            elif isinstance(node, ast.Import):
                assert "app.clock" not in {alias.name for alias in node.names}, name(path)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\|\s*safe\b",
        r"autoescape\s+false",
        r"\sstyle\s*=",
        r"[\s\"']on[a-z]+\s*=\s*[\"']",
        r"\bhx-on\b",
        STYLE,
        r"<script\b(?![^>]*\bsrc=)",
        r"javascript:",
        r"https?://(?!www\.digid\.nl)",
    ],
)
def test_templates_hold_no_code_and_no_style(pattern: str) -> None:
    pages = files(".html", within=("app", "digistub"))
    letter = frozenset(["app/templates/mail/letter.html"] if pattern == STYLE else [])
    assert matches(pattern, pages, letter) == []


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        (r"\bMarkup\(", frozenset(MAKES_MARKUP)),
        (r"\bpopulate_obj\b", frozenset()),
        (r"\brender_template_string\b", frozenset()),
        (r"\b(eval|exec)\(", frozenset()),
        (r"\bimport pickle\b|\bpickle\.load", frozenset()),
        (r"\bverify\s*=\s*False\b", frozenset()),
    ],
)
def test_code_stays_away_from(pattern: str, allowed: frozenset[str]) -> None:
    assert matches(pattern, files(".py", within=("app", "digistub")), allowed) == []


def test_no_file_is_too_long() -> None:
    paths = files(*CODE, within=(*OURS, ".ci"))
    lengths = {name(p): len(p.read_text(encoding="utf-8").splitlines()) for p in paths}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST} == {}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    assert [name(path) for path in files(".py") if path.stem.strip("_") in NO_ROOM] == []


def test_nothing_is_left_for_later() -> None:
    later = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"))
    assert matches(rf"\b({later})\b", files(*CODE)) == []


def test_lock_files_name_no_index() -> None:
    npm = (ROOT / "package-lock.json", ROOT / "bench" / "lighthouse" / "package-lock.json")
    locks = [*ROOT.glob("requirements*.txt"), *npm]
    assert matches(r"^\s*(--index-url|--extra|--find-links|--trusted|\"resolved\":)", locks) == []


def test_every_locked_package_has_a_hash() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        text = lock.read_text(encoding="utf-8")
        packages = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert packages
        assert [package for package in packages if "--hash=sha256:" not in package] == []


# --- sentences ---------------------------------------------------------------------------------


def spoken(source: str) -> Iterator[str]:
    """What a template says without `_()`: text between tags, and attributes that are read out."""
    tokens = jinja2.Environment(autoescape=True).lex(source)
    text = "".join(value if kind == "data" else "\0" for _, kind, value in tokens)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    for tag in re.findall(r"<[^>]*>", text):
        yield from re.findall(rf"\b(?:{'|'.join(SPOKEN)})=\"([^\"]*)\"", tag)
    yield from re.sub(r"<[^>]*>", "\0", text).split("\0")


def test_every_text_in_a_template_is_a_sentence_to_translate() -> None:
    said = [
        f"{name(path)}: {text.strip()[:80]}"
        for path in files(".html", within=("app",))
        for text in spoken(path.read_text(encoding="utf-8"))
        if text.strip() not in NOT_A_SENTENCE
        if re.search(r"[^\W\d_]", html.unescape(text))
    ]
    assert said == []


@pytest.fixture(scope="module")
def sentences() -> messages.Catalog:
    return messages.extracted()


@pytest.mark.parametrize("language", messages.LANDED)
def test_a_language_has_exactly_the_sentences_of_the_code(
    language: str, sentences: messages.Catalog
) -> None:
    stands = messages.file(language).read_text(encoding="utf-8")
    assert stands == messages.updated(language, sentences), "run: make messages"


@pytest.mark.parametrize("language", messages.LANDED)
def test_every_sentence_is_translated(language: str) -> None:
    catalog = messages.read(language)
    sentences = [message for message in catalog if message.id]
    assert sentences
    assert [m.id for m in sentences if m.fuzzy or not messages.translated(m)] == []


@pytest.mark.parametrize("language", messages.LANDED)
def test_a_translation_has_the_placeholders_of_its_sentence(language: str) -> None:
    def placeholders(text: object) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]", str(text)))

    catalog = messages.read(language)
    wrong = [m.id for m in catalog if m.id and placeholders(m.string) != placeholders(m.id)]
    assert wrong == []
