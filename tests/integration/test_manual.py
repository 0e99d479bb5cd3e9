"""The manual for a SIS, and the page of the OpenAPI documents: in Dutch and English (HLP-2)."""

from __future__ import annotations

import os
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import html5lib
import orjson
import pytest

from app.api import openapi, operations, statuses
from app.domain.rules import WITH_LEERBEDRIJF
from app.domain.status import CODES
from app.i18n import LOCALES, translate
from app.labels import LEERTRAJECT
from app.problems import TITLES
from app.services import applications, delivery, receipts
from app.services.status_messages import Outcome
from app.wizard.steps import STEPS
from tests.applicants import a_cohort, adult, ready
from tests.contract import own_answers
from tests.live import live_portal
from tests.portal import Portal
from tests.production import open_production
from tests.sis import OIN

MANUALS = ("nl", "en")
PAGES = ("/docs/sis", "/docs/sis/api")
OBJECTS = {anchor: schema for schema, anchor in operations.ORIGINS.items()}
EVERYWHERE = {"$type", "links", "permissions", "additionalObjects"}  # told once, of the first
WHO = 'curl -s -H "Authorization: Bearer $TOKEN" "$PORTAAL/cambo/rest/v1/party/me"'
IMPORTED = "from app.services.messages import Kind"
# By service and kind of message: its row in the chapter on the change number.
RAISES = {
    ("removal", "REMOVED"): "verwijderd",
    ("account", "CHANGE"): "veranderd",
    ("applications", "NEW"): "verstuurd",
    ("changes", "CHANGE"): "veranderd",
    ("secrecy", "CHANGE"): "geheim",
    ("statuses", "WITHDRAWN"): "ingetrokken",
    ("statuses", "CHANGE"): "toch-niet",
    ("receipts", "AGAIN"): "opnieuw",
}
OTHER_PAGES = {  # questions that are no step
    "nl": {"Inloggen", "Controleren en versturen"},
    "en": {"Logging in", "Check and send"},
}


@pytest.fixture
def portal(one_portal: Portal) -> Portal:
    return one_portal


def page(portal: Portal, path: str = "/docs/sis", language: str = "nl") -> str:
    answer = portal.browser(**{"Accept-Language": language}).get(path)
    assert answer.status_code == 200
    return answer.text


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


def rows(html: str, anchor: str) -> list[list[str]]:
    """The cells of the first table below this heading, as text."""
    table = html[html.index(f'id="{anchor}"') :].partition("<tbody")[2].partition("</tbody>")[0]
    return [
        [
            unescape(re.sub(r"<[^>]*>", "", cell)).strip()
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    ]


@pytest.mark.each_run(4)
@pytest.mark.rule("HLP-2")
@pytest.mark.parametrize("language", [locale.code for locale in LOCALES])
@pytest.mark.parametrize("path", PAGES)
def test_a_manual_is_there_in_dutch_and_in_english_for_everybody_else(
    portal: Portal, path: str, language: str
) -> None:
    html = page(portal, path, language)
    html5lib.HTMLParser(strict=True).parse(html)
    assert f'<html lang="{language}"' in html
    theirs = language if language in MANUALS else "en"
    assert f'<article class="manual" lang="{theirs}" dir="ltr">' in html
    assert len(ids(html)) == len(set(ids(html)))
    inside = re.findall(r'href="#([^"]+)"', html)
    assert inside
    assert set(inside) <= set(ids(html))
    assert "{{" not in html
    assert "{#" not in html
    assert ":::" not in html


@pytest.mark.rule("HLP-2")
def test_both_languages_have_the_same_parts(portal: Portal) -> None:
    assert ids(page(portal)) == ids(page(portal, language="en"))
    code = re.compile(r"<code>([^<]*)</code>")
    assert code.findall(page(portal)) == code.findall(page(portal, language="en"))


@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize("language", MANUALS)
def test_every_error_and_every_result_has_its_remedy(portal: Portal, language: str) -> None:
    html = page(portal, language=language)
    assert {f"fout-{kind}" for kind in TITLES} <= set(ids(html))
    assert {row[0] for row in rows(html, "fouten")} == set(TITLES)
    assert {f"code-{code}" for code in statuses.SAID} <= set(ids(html))
    results = {each.removeprefix("resultaat-") for each in ids(html) if "resultaat-" in each}
    assert results == {*Outcome, statuses.FAILED}
    told = {row[0]: row[1] for row in rows(html, "statussen")}
    assert told == {code: str(status) for code, status in CODES.items()}
    assert all(len(cell) > 4 for row in rows(html, "fouten") for cell in row[2:])


@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize("language", MANUALS)
def test_everything_that_raises_the_change_number_is_told(portal: Portal, language: str) -> None:
    announced = {
        (service.stem, kind)
        for service in Path(receipts.__file__).parent.glob("*.py")
        if service.stem == "messages" or IMPORTED in service.read_text("utf-8")
        for kind in re.findall(r"(?<![.\w])Kind\.([A-Z]+)", service.read_text("utf-8"))
    }
    assert announced == set(RAISES)
    html = page(portal, language=language)
    told = [each for each in ids(html) if each.startswith("wijziging-")]
    assert sorted(told) == sorted({f"wijziging-{name}" for name in RAISES.values()})
    assert len(rows(html, "wijziging")) == len(told)
    assert all(len(cell) > 10 for row in rows(html, "wijziging") for cell in row)


def fields(schema: str) -> set[str]:
    """What an object on the wire may have."""
    whole = own_answers.document("/cambo/rest/v1")
    node: dict[str, Any] = whole["components"]["schemas"][schema]
    parts = [openapi.resolved(whole, part) for part in node.get("allOf", [node])]
    return {name for part in parts for name in part.get("properties", {})}


@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize("language", MANUALS)
@pytest.mark.parametrize("anchor", OBJECTS)
def test_every_field_has_its_question_and_register(
    portal: Portal, anchor: str, language: str
) -> None:
    found = rows(page(portal, language=language), anchor)
    told = EVERYWHERE if anchor != "velden-aanmelding" else set()
    assert {row[0] for row in found} == fields(OBJECTS[anchor]) - told
    assert len(found) == len({row[0] for row in found})
    questions = {translate(language, step.title) for step in STEPS.values()}
    assert {row[1] for row in found} <= questions | OTHER_PAGES[language] | {""}
    assert all(row[2] for row in found)


@pytest.mark.rule("SIS-8", "WIZ-11")
@pytest.mark.parametrize("language", MANUALS)
def test_a_leerbedrijf_comes_with_the_leertrajecten_that_have_one(
    portal: Portal, language: str
) -> None:
    (told,) = (
        row[2]
        for row in rows(page(portal, language=language), "velden-aanmelding")
        if row[0] == "leerbedrijf"
    )
    known = {each.upper() for each in re.findall(r"\w+", told)} & {*LEERTRAJECT, "ODT"}
    assert known == WITH_LEERBEDRIJF


@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize("language", MANUALS)
def test_limits_are_those_of_the_code(portal: Portal, language: str) -> None:
    found = [row[1].split()[0] for row in rows(page(portal, language=language), "grenzen")]
    rates = ["600", "60", "600", "1"]
    assert found == [*rates, str(delivery.BATCH), str(statuses.MOST), "256", "32", "2000"]


@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize("language", MANUALS)
def test_every_operation_and_type_is_on_the_page(portal: Portal, language: str) -> None:
    html = page(portal, "/docs/sis/api", language)
    for one in own_answers.operations():
        slug = one.api.split("/")[1]
        assert f'id="{slug}-{one.node["operationId"]}"' in html
        assert f"<code>{one.path}</code>" in html
        for status in one.node["responses"]:
            assert f'">{status}</b>' in html
    for api in openapi.FILES:
        slug = api.split("/")[1]
        for name in own_answers.document(api)["components"]["schemas"]:
            assert f'id="{slug}-soort-{name}"' in html


@pytest.mark.rule("SIS-6")
def test_the_page_in_english_has_no_dutch(portal: Portal) -> None:
    html = page(portal, "/docs/sis/api", "en")
    article = html[html.index("<article") : html.index("</article>")]
    text = re.sub(r"<(code|pre|small).*?</\1>|<[^>]*>", " ", article, flags=re.DOTALL)
    assert not re.search(r"\b(het|een|niet|wordt|met|voor)\b", text)


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize("language", MANUALS)
def test_in_production_no_secret_and_no_testing(sqlite_url: str, language: str) -> None:
    browser = open_production(sqlite_url).browser(**{"Accept-Language": language})
    for path in PAGES:
        html = browser.get(path).text
        assert not re.search(r"client_secret|stubsis|stub sis|9{20}|sandbox", html, re.I), path
        assert "--cert certificaat.pem" in html or path != PAGES[0]


@pytest.mark.rule("SIS-8")
def test_what_can_be_pasted_works(sqlite_url: str, tmp_path: Path) -> None:
    """All of it, one after another in one shell, as somebody does in an afternoon."""
    with live_portal(sqlite_url) as live:
        found = applications.submit(*ready(live.portal, adult(1), a_cohort()).sends())
        applications.submit(*ready(live.portal, adult(2), a_cohort()).sends())
        live.start()
        html = page(live.portal)
        pasted = re.findall(r'<code class="language-sh">(.*?)</code>', html, re.DOTALL)
        assert len(pasted) == 9
        said = run("\n".join([*map(unescape, pasted), WHO]), tmp_path)
        answers = [one["resultaat"] for one in said if "resultaat" in one]
        assert answers == ["ontvangen", "fout"]
        assert said[0]["oin"] == OIN
        assert len(said[2]["items"]) == 2
        assert said[3]["id"] == found.application_id
        assert said[3]["wijzigingsvolgnummer"] == said[2]["items"][0]["wijzigingsvolgnummer"]
        result = said[5]["resultaten"][0]
        assert (result["resultaat"], result["caKetenId"]) == (
            "verwerkt",
            said[2]["items"][0]["caKetenId"],
        )
        given, listed, party = said[6:]
        assert len(listed["items"]) == 2
        assert given["client_id"] not in ("", OIN)
        assert party["oin"] == given["client_id"]  # what follows its key is its own


def run(words: str, folder: Path) -> list[dict[str, Any]]:
    """What each request gave, in JSON; a request that fails ends it."""
    prelude = 'curl() { command curl --fail-with-body "$@"; echo; }\nset -e\n'
    done = subprocess.run(
        ["bash", "-c", prelude + words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "NO_PROXY": "*"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    return [orjson.loads(line) for line in lines if line.startswith("{")]
