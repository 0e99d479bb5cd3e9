"""Our documents keep the NL API Design Rules, but where the existing coupling forbids it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from app.api import openapi
from tests.contract import own_answers
from tests.contract.design_rules import RULES

OAUTH = "OAuth prescribes its own errors (RFC 6749 §5.2)"
A_MOMENT = "named after the existing coupling's filters, which are moments"
# By rule: where it isn't kept, and why. Each stands in the manual, under «uitzonderingen».
EXCEPTIONS = {
    "nlgov:use-problem-schema": {
        "post /login/oauth2/token 400": OAUTH,
        "post /login/oauth2/token 401": OAUTH,
    },
    "nlgov:specify-format-for-date-and-time": {
        "Zoekvraag.vanafDatumIndienen": A_MOMENT,
        "Zoekvraag.totDatumIndienen": A_MOMENT,
    },
}


@pytest.mark.rule("SIS-6")
@pytest.mark.parametrize("rule", RULES)
def test_both_documents_keep_the_rule(rule: str) -> None:
    for testing in (True, False):
        found = [
            where
            for api in openapi.FILES
            for where in RULES[rule](own_answers.document(api, testing))
        ]
        assert found == list(EXCEPTIONS.get(rule, ())), rule


def changed(*keys: str, value: Any) -> Callable[[Any], None]:
    """Sets what is at the end of these keys; None takes it away."""

    def change(node: Any) -> None:
        for key in keys[:-1]:
            node = node[key]
        if value is None:
            del node[keys[-1]]
        else:
            node[keys[-1]] = value

    return change


def renamed(*keys: str, to: str) -> Callable[[Any], None]:
    def change(node: Any) -> None:
        for key in keys[:-1]:
            node = node[key]
        node[to] = node.pop(keys[-1])

    return change


ME = ("paths", "/party/me", "get")
SCHEMAS = ("components", "schemas")
BROKEN: dict[str, list[Callable[[Any], None]]] = {
    "oas3-schema": [
        changed(*ME, "antwoord", value="ja"),
        changed(*ME, "responses", "500", value={"$ref": "#/components/responses/Weg"}),
        changed(*SCHEMAS, "Token", "type", value="ding"),
        changed(*ME, "responses", "200", "description", value=""),
    ],
    "operation-operationId-unique": [changed(*ME, "operationId", value="koppelpunten")],
    "path-params": [renamed("paths", "/party/me", to="/party/{wie}")],
    "openapi-tags-uniqueness": [changed("tags", value=[{"name": "lezen"}, {"name": "lezen"}])],
    "oas3-valid-media-example": [
        changed("components", "examples", "Aanmelding", "value", "bsn", value=1)
    ],
    "oas3-valid-schema-example": [
        changed("components", "parameters", "Id", "example", value="vijf")
    ],
    "oas3-server-variables": [changed("servers", value=[{"url": "https://{host}/v1"}])],
    "oas3-api-servers": [changed("servers", value=[])],
    "nlgov:paths-no-trailing-slash": [renamed("paths", "/party/me", to="/party/me/")],
    "nlgov:openapi3": [changed("openapi", value="2.0"), changed("openapi", value=None)],
    "nlgov:missing-version-header": [
        changed(*ME, "responses", "200", "headers", "API-Version", value=None),
        changed(*ME, "responses", "200", "headers", value=None),
    ],
    "nlgov:include-major-version-in-uri": [changed("servers", value=[{"url": "https://a.test"}])],
    "nlgov:info-contact-fields-exist": [
        changed("info", "contact", value=None),
        changed("info", "contact", "email", value=None),
    ],
    "nlgov:http-methods": [renamed(*ME, to="trace")],
    "nlgov:paths-kebab-case": [renamed("paths", "/party/me", to="/party/hetSIS")],
    "nlgov:query-keys-camel-case": [
        changed("components", "parameters", "Bsn", "name", value="het_bsn")
    ],
    "nlgov:use-problem-schema": [
        changed(*ME, "responses", "400", value={"description": "x", "content": {}})
    ],
    "nlgov:problem-schema-members": [
        changed(*SCHEMAS, "Problem", "properties", "title", value=None)
    ],
    "nlgov:problem-invalid-input": [
        changed(
            "paths",
            "/koppelpunt/{koppelpuntcode}/aanmelding/nieuw",
            "get",
            "responses",
            "400",
            value=None,
        )
    ],
    "nlgov:date-time-ensure-timezone": [
        changed(*SCHEMAS, "Koppelpunt", "properties", "actiefVanaf", "format", value="time")
    ],
    "nlgov:specify-format-for-date-and-time": [
        changed(*SCHEMAS, "Token", "properties", "eindDatum", value={"type": "string"})
    ],
    "nlgov:semver": [changed("info", "version", value="1.0")],
}


def test_each_rule_can_be_broken() -> None:
    assert list(BROKEN) == list(RULES)


@pytest.mark.parametrize(
    ("rule", "change"), [(rule, change) for rule, changes in BROKEN.items() for change in changes]
)
def test_a_rule_sees_what_breaks_it(rule: str, change: Callable[[Any], None]) -> None:
    document = deepcopy(own_answers.document("/cambo/rest/v1"))
    before = list(RULES[rule](document))
    change(document)
    after = list(RULES[rule](document))
    assert set(after) - set(before), rule
