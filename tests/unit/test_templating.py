"""Sentences in a template: translated when it is loaded, and never markup by accident."""

from __future__ import annotations

from datetime import date

import pytest
from markupsafe import Markup

from app import Portal, labels
from app.i18n import LOCALES, Sentence, translate
from app.templating import Templates, environments
from tests.days import on_a_page, read_in

HOSTILE = '"><img src=x onerror=1>'
SAFE = "&#34;&gt;&lt;img src=x onerror=1&gt;"
WITH_VALUE = "Meld je aan bij %(school)s"
WITHOUT = "Mijn aanmeldingen"


@pytest.fixture(scope="module")
def languages() -> dict[str, Templates]:
    asked: list[str] = []

    def url_for(endpoint: str, **values: str) -> str:
        asked.append(endpoint)
        return f"/{endpoint}/{len(asked)}"

    return environments(Portal("app"), {"url_for": url_for})


MAY = date(2027, 5, 1)
EVERY = [locale.code for locale in LOCALES]


@pytest.mark.parametrize("code", EVERY)
def test_a_value_in_a_sentence_is_escaped(languages: dict[str, Templates], code: str) -> None:
    template = languages[code].from_string(f'{{{{ _("{WITH_VALUE}", school=school) }}}}')
    safe = f"\u2068{SAFE}\u2069" if code == "ar" else SAFE  # its own direction
    assert template.render(school=HOSTILE) == translate(code, WITH_VALUE) % {"school": safe}
    assert template.render(school=Markup("<bdi>x</bdi>")) == translate(code, WITH_VALUE) % {
        "school": "<bdi>x</bdi>"
    }


@pytest.mark.parametrize("code", EVERY)
def test_a_sentence_is_in_the_readers_language(languages: dict[str, Templates], code: str) -> None:
    constant = languages[code].from_string(f'{{{{ _("{WITHOUT}") }}}}').render()
    by_name = languages[code].from_string("{{ _(which) }}").render(which=WITHOUT)
    assert constant == by_name == translate(code, WITHOUT)


def test_a_sentence_itself_is_no_markup(languages: dict[str, Templates]) -> None:
    environment = languages["nl"]
    assert environment.from_string("{{ _('<b>') }}").render() == "&lt;b&gt;"
    assert environment.from_string("{{ _(which) }}").render(which="<b>") == "&lt;b&gt;"
    assert environment.from_string("{{ _('<b> %(x)s', x=1) }}").render() == "&lt;b&gt; 1"
    assert environment.from_string("{{ _(which, x=y) }}").render(which="%(x)s", y="<i>") == (
        "&lt;i&gt;"
    )


@pytest.mark.parametrize("code", EVERY)
def test_a_loop_over_the_languages_is_unrolled(languages: dict[str, Templates], code: str) -> None:
    loop = (
        "{% for l in locales %}{{ l.code }}{% if l.code == locale.code %}!{% endif %} {% endfor %}"
    )
    said = "".join(f"{each}{'!' if each == code else ''} " for each in EVERY)
    assert languages[code].from_string(loop).render() == said


@pytest.mark.parametrize(
    "loop",
    [
        "{% for l in locales if l.code %}{{ l.code }}{% endfor %}",
        "{% for l in locales %}{{ l }}{% endfor %}",
        "{% for l in locales %}{{ loop.index }}{% endfor %}",
        "{% for l in locales %}{% else %}x{% endfor %}",
    ],
)
def test_another_loop_over_the_languages_is_a_mistake(
    languages: dict[str, Templates], loop: str
) -> None:
    with pytest.raises(AssertionError):
        languages["nl"].from_string(loop)


def test_a_constant_address_is_looked_up_once(languages: dict[str, Templates]) -> None:
    template = languages["nl"].from_string("{{ url_for('start') }}{{ url_for(where) }}")
    first, second = (template.render(where="x") for _ in range(2))
    assert first.split("/x/")[0] == second.split("/x/")[0] == "/start/1"
    assert first != second


def test_a_sentence_of_ours_keeps_the_direction_of_what_is_in_it(
    languages: dict[str, Templates],
) -> None:
    start = Sentence("vanaf %(day)s, wanneer het jou past", day="dag 1")
    for code in EVERY:
        drawn = languages[code].from_string("{{ value | said }}").render(value=start)
        assert ("\u2068dag 1\u2069" if code == "ar" else "dag 1") in drawn
        assert languages[code].from_string("{{ value | said }}").render(value="<b>") == "&lt;b&gt;"


def test_a_day_in_a_sentence_is_one_piece_in_its_own_direction(
    languages: dict[str, Templates],
) -> None:
    for code in EVERY:
        with read_in(code):
            wrong = Sentence("Kies een dag vanaf %(day)s", day=labels.day(MAY))
        for way in ("{{ value | said }}", "{{ _(value) }}"):
            drawn = languages[code].from_string(way).render(value=wrong)
            assert drawn == translate(code, str(wrong)) % {"day": on_a_page(MAY, code)}
