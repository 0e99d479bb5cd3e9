"""The translations, brought up to date with the sentences in the code: `make messages`.

A msgid is the Dutch sentence itself. A catalogue holds no dates, no places and nothing that
is no longer used, so that a change of it shows only sentences. What is new stands there with
an empty msgstr, for a translator; a house rule keeps it from landing. What a language says for
each term of the domain stands beside its catalogue, in glossary.csv; how to read that,
tests/unit/test_translations.py tells.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.i18n import LOCALES, SOURCE

APP = Path(__file__).parent.parent / "app"
TRANSLATIONS = APP / "translations"
LANDED = [locale.code for locale in LOCALES if locale.code != SOURCE]
SOURCES = [
    ("templates/**.html", "jinja2"),
    ("**.py", "python"),
]
OPTIONS = {"templates/**.html": {"silent": "false", "trimmed": "true"}}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def file(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def extracted() -> Catalog:
    """Every sentence that the code and the templates ask for."""
    catalog = Catalog()
    for _file, _line, message, comments, context in extract_from_dir(
        str(APP), SOURCES, OPTIONS, comment_tags=("Vertaler:",), strip_comment_tags=True
    ):
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """The catalogue of a language; an empty one when it has no file yet."""
    if not file(language).exists():
        return Catalog(locale=language)
    with file(language).open("rb") as source:
        return read_po(source, locale=language)


def updated(language: str, template: Catalog) -> str:
    """What the file should hold: the sentences of `template` with the translations it has."""
    catalog = read(language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    body = BytesIO()
    write_po(body, catalog, omit_header=True, no_location=True, sort_output=True, width=100)
    header = HEADER.format(language=catalog.locale_identifier, plurals=catalog.plural_forms)
    return header + body.getvalue().decode()


def main() -> None:
    template = extracted()
    for language in LANDED:
        text = updated(language, template)
        file(language).parent.mkdir(parents=True, exist_ok=True)
        file(language).write_text(text, encoding="utf-8")
        missing = sum(1 for m in read(language) if m.id and not translated(m))
        print(f"{language}: {len(template)} sentences, {missing} to translate")


def translated(message: Message) -> bool:
    text = message.string
    parts = text if isinstance(text, list | tuple) else (text,)
    return bool(parts) and all(parts)


if __name__ == "__main__":
    main()
