"""Every field of every step takes anything: kept exactly, or refused in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from markupsafe import escape
from werkzeug.datastructures import MultiDict
from wtforms import Field, FormField, SelectField

from app.i18n import LOCALES, translate
from app.services.drafts import Opened
from app.wizard.fields import BirthDate, Text
from app.wizard.progress import CHECK_SLUG
from app.wizard.sending import CheckForm
from app.wizard.steps import BY_SLUG
from app.wizard.steps.address_dutch import DutchForm
from app.wizard.views import put
from digistub.people import fresh_bsn
from tests import watch
from tests.choosing import LOCKED, choose
from tests.forms import names
from tests.hostile import KINDS, MARKUP, NEARLY, VALUES, kept
from tests.leerbedrijven import NONE, draft_of
from tests.portal import GUARDIAN, USUAL, Portal, Student

SECOND = {name.replace("first-", "second-"): value for name, value in GUARDIAN.items()}
ABROAD = {"kind": "anders", "line1": "Rue du Pont 3", "country": "België"}
# No register fills anything in.
UNKNOWN_ADDRESS = {"postcode": "9999 XZ", "number": "77", "street": "Zelflaan", "place": "Zelfdorp"}
# The programme whose choice leads to the step; any other step comes before the choice.
LEADS_TO = {
    "toegangscode": LOCKED,
    "leerjaar": "ict-bol",
    "startdatum": "kok-bbl-zwolle",
    "ouders": "kok-bol-zwolle",
    "leerbedrijf": "timmerman-bbl",
}
NOTATION = {  # of what is kept otherwise than it was typed
    "phone": re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII),
    "postcode": re.compile(r"[1-9][0-9]{3}[A-Z]{2}", re.ASCII),
    "number": re.compile(r"[1-9][0-9]{0,4}", re.ASCII),
    "email": re.compile(r"[^@]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII),
}
DRAWN_ANEW = {"addition", "country_code"}  # with nothing to choose, what is sent counts for nothing
numbers = count(1)


@pytest.fixture(scope="module")
def portal(one_portal: Portal) -> Portal:
    return one_portal


def at(portal: Portal, slug: str) -> Student:
    """Somebody new at this step: whom DUO doesn't know, or an adult with an address."""
    prefix = "9997" if slug == "gegevens" else "9990"
    student = portal.student(fresh_bsn(prefix, next(numbers)))
    if slug in LEADS_TO:
        choose(student.walk_to("opleiding"), LEADS_TO[slug], cohort=-1)
    while student.at != slug:
        if student.at == "vooropleiding":
            student.post(which="anders")
        else:
            student.answer()
    return student


def usual(student: Student) -> dict[str, str]:
    """What the page is answered with when nothing is wrong; two guardians too."""
    given = {
        "ouders": {**GUARDIAN, **SECOND},
        "toegangscode": {"code": "Horizon 24"},
        "leerbedrijf": {"company": NONE},
        "vooropleiding": {"which": "geen"},
        "adres": UNKNOWN_ADDRESS,
    }
    return {**student.fields(), **given.get(student.at, USUAL.get(student.at, {}))}


def leaves(form: Any) -> Iterator[Field]:
    for found in form:
        yield from leaves(found.form) if isinstance(found, FormField) else (found,)


def putting(portal: Portal, opened: Opened, slug: str) -> Callable[[dict[str, str]], Any]:
    """The step's form with what was typed, as the view makes it, validated."""

    def put_in(typed: dict[str, str]) -> Any:
        portal.app.extensions["store"].clear()  # nobody guesses too often
        with portal.app.test_request_context(method="POST"):
            form, _offered = put(BY_SLUG[slug], opened, MultiDict(typed))
            form.validate()
            return form

    return put_in


def wrongs(fields: dict[str, Field], name: str, value: str) -> str:
    """What is wrong with how this value was taken; empty when nothing is."""
    field = fields[name]
    for message in field.errors:
        for locale in LOCALES:
            text = str(translate(locale.code, message))
            if not text.strip() or (locale.code != "nl" and text == str(message)):
                return f"not in {locale.code}: {message}"
    if field.errors:
        return ""
    if isinstance(field, SelectField):
        return "" if field.short_name in DRAWN_ANEW and not field.choices else "chosen"
    if isinstance(field, BirthDate):
        year, month, day = field.data[:4], field.data[4:6], field.data[6:]
        whole = f"{year}-{month.replace('00', '01')}-{day.replace('00', '01')}"
        return "" if date.fromisoformat(whole) else "no date"
    if isinstance(field, Text):
        right = field.data == kept(value)
        if field.short_name in NOTATION and kept(value):
            right = is_in_notation(fields, field, kept(value))
        return "" if right else f"kept as {field.data!r:.60}"
    return ""


def is_in_notation(fields: dict[str, Field], field: Field, typed: str) -> bool:
    """And nothing was lost: the part before the @, what stood behind a house number."""
    rest = True
    if field.short_name == "email":
        rest = field.data.rpartition("@")[0] == typed.rpartition("@")[0]
    if field.short_name == "number":
        behind = typed.lstrip("0").removeprefix(field.data)
        rest = fields["suffix"].data == behind.lstrip(" -")
    return rest and NOTATION[field.short_name].fullmatch(field.data) is not None


def typings(name: str, base: dict[str, str], value: str) -> list[dict[str, str]]:
    """`value` in this field; in each of the inputs of a date in turn."""
    parts = [part for part in (f"{name}-{p}" for p in BirthDate.PARTS) if part in base]
    return [{part: value} for part in parts] or [{name: value}]


@pytest.mark.each_run(5)
@pytest.mark.rule("WIZ-4", "WIZ-5")
@pytest.mark.parametrize("slug", BY_SLUG)
def test_a_field_keeps_exactly_or_refuses_in_words(portal: Portal, slug: str) -> None:
    student = at(portal, slug)
    put_in = putting(portal, draft_of(portal, student), slug)
    asked, met, found = names(BY_SLUG[slug].form), set(), []
    taken: set[str] = set()
    for base in (usual(student), *([ABROAD] if slug == "adres" else [])):
        for name in asked:
            for value in (*VALUES, *NEARLY.get(name.rpartition("-")[2], ())):
                for typed in typings(name, base, value):
                    fields = {leaf.name: leaf for leaf in leaves(put_in({**base, **typed}))}
                    if name in fields:
                        met.add(name)
                        taken |= set() if fields[name].errors else {name}
                        if wrong := wrongs(fields, name, value):
                            found.append(f"{typed!r:.60}: {wrong}")
    assert found == []
    assert met == asked, "a field that no form of this step shows"
    assert {name for name in asked if name.rpartition("-")[2] in NEARLY} <= taken


@pytest.mark.each_run(6)
@pytest.mark.rule("WIZ-4")
@pytest.mark.parametrize("slug", [*BY_SLUG, CHECK_SLUG])
def test_no_field_breaks_the_route(portal: Portal, slug: str) -> None:
    student = at(portal, slug)
    address, base = str(student.page.url.copy_with(query=None)), usual(student)
    form = BY_SLUG[slug].form if slug in BY_SLUG else CheckForm
    for name in sorted(set(base) | names(form)):
        for kind, (value, *_others) in KINDS.items():
            page = send(student, address, {**base, name: value})
            assert page.status_code in (303, 400, 413, 422, 429), (kind, name)
            assert MARKUP not in page.text, (kind, name)
            if page.status_code == 303:
                after = student.browser.get(page.headers["Location"])
                assert after.status_code in (200, 303), (kind, name)
                assert MARKUP not in after.text, (kind, name)


def send(student: Student, address: str, typed: dict[str, str]) -> httpx.Response:
    """As a program would, lone surrogates included."""
    return student.browser.post(
        address,
        content=urlencode(typed, errors="surrogatepass").encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )


@pytest.mark.rule("WIZ-12", "WIZ-14")
def test_markup_in_every_text_is_text_on_every_later_page(portal: Portal) -> None:
    student = portal.student(fresh_bsn("9990", next(numbers)))
    trail = watch.Trail().follow(student.browser)
    typed = 0
    while student.at != "controleren":
        form, given = BY_SLUG[student.at].form, usual(student)
        form = DutchForm if student.at == "adres" else form
        if student.at == "vooropleiding":
            given["which"] = "anders"
        if student.at == "opleiding":
            student.answer()
            continue
        shown = names(form) & set(given)
        texts = {name for name in shown if takes_any_text(form, name)}
        typed += len(texts)
        page = student.post(**{**given, **dict.fromkeys(texts, MARKUP)})
        assert page.status_code == 200, (student.at, texts)
    check = student.page.text
    assert check.count(escape(MARKUP)) >= typed
    student.answer()
    assert student.at == "verstuurd"
    student.get("/mijn")
    assert trail.pages
    assert not [page.url for page in trail.pages if MARKUP in page.text]


def takes_any_text(form: type[Any], name: str) -> bool:
    """A Text without a notation of its own."""
    for part in name.split("-"):
        unbound = getattr(form, part)
        form = unbound.args[0] if unbound.field_class is FormField else form
    free = unbound.field_class is Text and "validators" not in unbound.kwargs
    return free and unbound.args[1] >= len(MARKUP)
