"""What people and programs type: kept exactly, or refused in words; never an error of ours."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from itertools import count
from urllib.parse import quote, urlencode

import httpx
import pytest

from app.domain.deeplink import KENMERK_LONGEST
from digistub.people import fresh_bsn
from tests import watch
from tests.length import at_length
from tests.portal import GUARDIAN, MINOR, Portal, Student, programmes

pytestmark = pytest.mark.each_run_on("sqlite")

MARKUP = '"><img src=x onerror=1>'
TEXTS = {  # whether it may be kept
    "markup": (MARKUP, True),
    "entities": ("&lt;b&gt; &amp;amp; &#39;", True),
    "template": ("{{ 7*7 }}{% raw %}%(name)s{0}", True),
    "sql": ("Robert'); DROP TABLE x;-- ", True),
    "diacritics": ("Çağrı Ñuñez-Ødegård", True),
    "combining": ("Rene\u0301e", True),
    "arabic": ("محمد عبد الله", True),
    "joiner": ("می\u200cخواهم", True),
    "emoji": ("Sanne 🌻👩\u200d🔧", True),
    "quotes": ("D'Artagnan „de“ `Jong´", True),
    "percent": ("100%20%0d%0a", True),
    "nul": ("a\x00b", False),
    "line": ("a\x0b\x1bb", False),
    "right to left override": ("a\u202eb", False),
    "right to left mark": ("a\u200fb", False),
    "zero width": ("a\u200bb", False),
    "byte order": ("a\ufeffb", False),
    "nothing to see": ("\u034f\ufe0f", False),
    "long": ("a" * 2000, False),
    "too long by far": ("a" * 200_000, False),
}
FIELDS = {
    "over-jou": ("first_names", "surname"),
    "adres": ("street", "place"),
    "contact": ("roepnaam",),
    "ouders": ("first-first_names", "first-surname", "second-first_names", "second-surname"),
}
SECOND = {name.replace("first-", "second-"): value for name, value in GUARDIAN.items()}
BYTES = b"a\xed\xa0\x80b", b"\xff\xfe", b"\xc0\xaf", b"\xf8\x88\x80\x80\x80"  # surrogate; no UTF-8


numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


# test_hostile_values has every form; here they go through the route.
ALWAYS = {"markup", "nul", "combining", "emoji", "right to left override", "long"}
SOME = [pytest.param(kind, marks=[] if kind in ALWAYS else [pytest.mark.long]) for kind in TEXTS]


def somebody(portal: Portal) -> Student:
    """Somebody new whom DUO doesn't know, and who types everything."""
    return portal.student(fresh_bsn("9990", next(numbers)))


def usual(student: Student) -> dict[str, str]:
    """What this page is usually answered with; guardians too, where they aren't asked."""
    return {**GUARDIAN, **SECOND} if student.at == "ouders" else student.usual()


def kept(text: str) -> str:
    """White space apart, and composed: the same text."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def value_of(page: httpx.Response, name: str) -> str:
    found = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page.text)
    assert found, name
    return html.unescape(found[1])


@pytest.mark.parametrize("kind", SOME)
def test_a_text_is_kept_exactly_or_refused(portal: Portal, kind: str) -> None:
    text, may = TEXTS[kind]
    student = somebody(portal)
    while student.at != "controleren":
        slug, address = student.at, str(student.page.url)
        for name in FIELDS.get(slug, ()):
            student.get(address)
            page = student.post(address, **{**usual(student), name: text})
            assert page.status_code == (200 if may else 422), name
            assert MARKUP not in page.text
            if may:
                assert value_of(student.get(address), name) == kept(text)
            else:
                assert "Maak dit korter" in page.text or "niet kunt zien" in page.text
        student.get(address)
        student.answer()


AT_LENGTH = at_length("nul", "emoji", "long")


@pytest.mark.parametrize("kind", ["markup", *AT_LENGTH])
def test_no_field_breaks(any_portal: Portal, kind: str) -> None:
    text = TEXTS[kind][0]
    student = somebody(any_portal)
    while student.at != "controleren":
        address = str(student.page.url)
        if student.at == "opleiding":
            for name in ("q", "school", "niveau", "leertraject", "plaats", "programma", "pagina"):
                assert student.browser.get(address, params={name: text}).status_code == 200
            student.look("kok")
            address = str(student.page.url)
        for name in student.fields():
            page = student.post(address, **{**usual(student), name: text})
            assert page.status_code in (200, 400, 422), (student.at, name)
            assert MARKUP not in page.text
            student.get(address)
        if student.at == "opleiding":
            assert student.post(address, cohort=text).status_code == 422
            student.get(address)
        student.answer()
    assert student.post(dossier=text).status_code == 422
    assert MARKUP not in student.page.text
    assert student.send().status_code == 200


@pytest.mark.parametrize("query", ["zzz' OR '1'='1", "' OR 1=1 --", "%", "_", "z%z", '"', "\\"])
def test_a_search_is_text(any_portal: Portal, query: str) -> None:
    student = any_portal.student(MINOR).walk_to("opleiding")
    page = student.get(f"{student.page.url.path}?{urlencode({'q': query})}")
    assert page.status_code == 200
    assert programmes(page.text) == []


@pytest.mark.parametrize("raw", BYTES, ids=repr)
def test_bytes_that_are_no_text_become_none(portal: Portal, raw: bytes) -> None:
    student = somebody(portal).walk_to("contact")
    form = urlencode({**student.fields(), "email": "a@voorbeeld.nl", "roepnaam": ""}).encode()

    def post(typed: bytes) -> httpx.Response:
        return student.browser.post(
            student.page.url,
            content=form.replace(b"roepnaam=", b"roepnaam=" + typed),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    assert post(b"Sanne").status_code == 303
    assert post(raw).status_code == 400
    assert post(quote(raw).encode()).status_code == 303
    assert value_of(student.get(str(student.page.url)), "roepnaam") == quote(raw)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_link_of_anything_is_read(portal: Portal, kind: str) -> None:
    for name in ("opleiding", "instelling", "crebo", "cohort", "kenmerk", "returnUrl"):
        query = {"instelling": "99XX", name: TEXTS[kind][0][:4000]}
        page = portal.browser().get("/aanmelden", params=query)
        assert page.status_code in (200, 404)
        assert MARKUP not in page.text


@pytest.mark.parametrize(
    "address",
    ["/aanmelden", "/taal/nl", "/login/digid/terug", "/login/digid", "/", "/sessie-verlopen"],
)
def test_any_query_is_read(any_portal: Portal, address: str) -> None:
    hostile = "a=%00&b=%ED%A0%80&terug=%00&terug=//kwaad.test&state=%FF&opleiding=%00&&=&%zz=%"
    for query in (hostile, "terug=" + "a" * 8000, "&".join(["a=1"] * 2000)):
        answer = any_portal.browser().get(f"{address}?{query}")
        assert answer.status_code < 500
        assert "kwaad" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "back",
    [
        *(
            "//kwaad.test",
            "///kwaad.test",
            "/\\kwaad.test",
            "https://kwaad.test/",
            "\\\\kwaad.test",
        ),
        *("https:kwaad.test", "/%0d%0aLocation:%20https://kwaad.test", "javascript:alert(1)"),
        *("/taal/en", "@kwaad.test", "/.kwaad.test", "/\tkwaad.test", "/%2fkwaad.test"),
    ],
)
def test_choosing_a_language_stays_here(portal: Portal, back: str) -> None:
    answer = portal.browser().get("/taal/en", params={"terug": back})
    assert answer.status_code == 303
    assert re.fullmatch(r"/[a-z/]*", answer.headers["Location"])
    assert not answer.headers["Location"].startswith("//")


@pytest.mark.each_run(8)
@pytest.mark.parametrize("size", [300_000, 1_000_000])
@pytest.mark.parametrize("kind", ["form", "parts", "json", "chunks"])
@pytest.mark.parametrize("address", ["contact", "/mijn/nieuw", "/uitloggen"])
def test_what_is_too_large_is_refused(portal: Portal, size: int, kind: str, address: str) -> None:
    student = somebody(portal).walk_to("contact")
    form = student.fields()
    body = {
        "form": {"data": {**form, "roepnaam": "x" * size}},
        "parts": {"data": form, "files": {"roepnaam": ("x.txt", b"x" * size)}},
        "json": {"content": json.dumps({**form, "roepnaam": "x" * size})},
        "chunks": {"content": (b"roepnaam=" + b"x" * 1000 for _ in range(size // 1000))},
    }[kind]
    before = watch.rows("store")
    target = student.page.url if address == "contact" else address
    answer = student.browser.post(target, **body)  # type: ignore[arg-type]
    assert answer.status_code in ((413,) if kind in ("form", "parts") else (400, 413))
    assert "Dat is te veel tegelijk" in answer.text or answer.status_code == 400
    assert watch.rows("store") == before


def test_many_parts_are_refused(portal: Portal) -> None:
    student = somebody(portal).walk_to("contact")
    files = [("x", (None, "1")) for _ in range(300)]
    assert student.browser.post(student.page.url, files=files).status_code == 413


# --- markup, wherever it comes from --------------------------------------------------------------


def test_a_mark_of_the_school_is_no_header(portal: Portal) -> None:
    for mark in ("a\r\nSet-Cookie: x=1", "a" * (KENMERK_LONGEST + 1), "é\x85"):
        answer = portal.browser().get("/aanmelden", params={"instelling": "99XX", "kenmerk": mark})
        assert answer.status_code == 200
        assert "x=1" not in str(answer.headers)
