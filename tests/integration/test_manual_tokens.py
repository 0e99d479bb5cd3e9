"""The manual's table of what the token address refuses: held to what it answers (SIS-8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from app import clock
from app.api import throttle
from tests.contract import own_answers
from tests.integration.test_manual import MANUALS, page, rows
from tests.integration.test_sis_login import WRONG
from tests.portal import Portal
from tests.production import open_production
from tests.sis import OIN
from tests.sis_keys import GRANT, ask, by_hand, claims, register, signed

Told = tuple[str, str, str]  # error, description, status
Form = dict[str, str]
WITH_JWT: dict[str, Callable[[], Form]] = {
    "no grant": lambda: {"client_id": OIN},
    "another grant": lambda: {**signed(claims()), "grant_type": "password"},
    "another kind of assertion": lambda: {**signed(claims()), "client_assertion_type": "jwt"},
    "another algorithm": lambda: signed(claims(), algorithm="RS512"),
    "of tomorrow": lambda: signed(claims(iat=int(clock.real_seconds()) + 86_400)),
    "a list": lambda: by_hand("RS256", lambda _text: b"x", b"[]"),
    **{
        f"{name} {value}": lambda name=name, value=value: signed(claims(**{name: value}))  # type: ignore[misc]
        for name in ("sub", "iss", "aud", "exp", "nbf", "iat", "jti")
        for value in (None, 7.5, [1], "x", "")
    },
}
TOLD_IN_JSON = {"https", "te-groot", "te-vaak", "bezet", "storing"}  # of any address


def refusals(portal: Portal) -> Iterator[Told]:
    """What is said to all of these; some of them are no mistake."""
    once = signed(claims(jti="eens"))
    forms = [form() for form in (*WRONG.values(), *WITH_JWT.values())] + [once, once]
    for form in forms:
        yield from refused(portal, form)
    for given in ("", " x", f" {'A' * 9000}", " MTIzNDU2Nzg5MDEyMzQ1Njc4OTA6eA=="):
        yield from refused(portal, dict(GRANT), Authorization=f"Basic{given}")


def refused(portal: Portal, form: Form, **headers: str) -> Iterator[Told]:
    throttle.forget()
    answer = ask(portal, form, **headers)
    if answer.status_code != 200:
        told = answer.json()
        yield told["error"], told.get("error_description", ""), str(answer.status_code)


def says(row: list[str], told: Told) -> bool:
    error, text, statuses, _remedy = row
    pattern = re.escape(text).replace("…", ".+")
    named = bool(re.fullmatch(pattern, told[1]))
    return error == told[0] and named and told[2] in re.findall(r"\d+", statuses)


@pytest.mark.rule("SIS-6", "SIS-8")
def test_every_refusal_of_a_token_has_its_remedy(portal: Portal) -> None:
    register(portal)
    found = set(refusals(portal))
    for language in MANUALS:
        table = rows(page(portal, language=language), "token-fouten")
        assert {
            told: [row[1] for row in table if says(row, told)]
            for told in found
            if sum(says(row, told) for row in table) != 1
        } == {}
        for row in table:
            statuses = {told[2] for told in found if says(row, told)}
            assert statuses == set(re.findall(r"\d+", row[2])), row
            assert len(row[3]) > 20


@pytest.mark.rule("SIS-6")
def test_the_document_names_the_errors_that_there_are(portal: Portal) -> None:
    register(portal)
    schemas = own_answers.document("/cambo/rest/v1")["components"]["schemas"]
    described = schemas["Tokenfout"]["properties"]["error"]["enum"]
    assert {told[0] for told in refusals(portal)} == set(described)


@pytest.mark.rule("SIS-8")
@pytest.mark.parametrize("language", MANUALS)
def test_what_else_the_token_address_answers_is_named(portal: Portal, language: str) -> None:
    html = page(portal, language=language)
    told = html[html.index('id="token-fouten"') :].partition("<table")[0]
    assert set(re.findall(r'href="#fout-([\w-]+)"', told)) == TOLD_IN_JSON


@pytest.mark.rule("IDN-2")
@pytest.mark.parametrize("language", MANUALS)
def test_in_production_the_same_refusals_are_told(sqlite_url: str, language: str) -> None:
    html = (
        open_production(sqlite_url).browser(**{"Accept-Language": language}).get("/docs/sis").text
    )
    assert len(rows(html, "token-fouten")) > 10
    assert "Basic" not in html
