"""Schemathesis asks the API whatever its own documents allow, and what they don't.

It makes requests of each operation, right and wrong ones, and looks whether every answer is as
described, no wrong one is accepted, no right one refused, and nothing falls.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from app.api import openapi, throttle
from tests import length
from tests.contract import own_answers
from tests.portal import Portal
from tests.sis import Sis, number, sis
from tests.status_items import sent

CAMBO, MBO = openapi.FILES
EXAMPLES, MANY = 20, 300  # requests of each operation; in `make test-all` also of each of its parts
OPEN: list[Portal] = []


def portal_app(environ: dict[str, Any], start: Any) -> Any:
    """The portal of `asked`: what is to be asked must be known before there is one."""
    return OPEN[0].app(environ, start)


def schema(api: str, *paths: str, many: bool = False) -> Any:
    """Of these addresses of the API; without any, of all those below its own. The same requests in
    each run, or `many` others."""
    document = deepcopy(own_answers.document(api))
    wanted = paths or [path for path, item in document["paths"].items() if "servers" not in item]
    document["paths"] = {path: document["paths"][path] for path in wanted}
    for item in document["paths"].values():
        document["servers"] = item.pop("servers", document["servers"])
    few = {
        "seed": 1,
        "generation": {"max-examples": EXAMPLES, "deterministic": True},
        "phases": {"coverage": {"enabled": length.whole}},  # seconds of each worker, to begin with
    }
    made = {"generation": {"max-examples": MANY}} if many else few
    config = SchemathesisConfig.from_dict(made)
    found = schemathesis.openapi.from_dict(document, config=config)
    found.app = portal_app
    return found


TOKEN = "/login/oauth2/token"
tokens, cambo, mbo = schema(CAMBO, TOKEN), schema(CAMBO), schema(MBO)
many_cambo, many_mbo = schema(CAMBO, many=True), schema(MBO, many=True)


class Asked(NamedTuple):
    portal: Portal
    sis: Sis
    application: int  # one that it may read


@pytest.fixture(scope="module")
def asked(one_portal: Portal) -> Asked:
    sent(one_portal, 1)
    reader = sis(one_portal)
    OPEN[:] = [one_portal]
    return Asked(one_portal, reader, number(reader.items()[0]))


def call(case: Any, asked: Asked) -> None:
    throttle.forget()
    if is_right(case, ParameterLocation.PATH):  # else nearly every answer is that it isn't there
        ours = {"koppelpuntcode": asked.sis.code, "id": asked.application}
        case.path_parameters = {name: ours[name] for name in case.path_parameters}
    if is_right(case, ParameterLocation.HEADER) and "Range" in case.headers:
        ends = re.findall(r"[0-9]+", case.headers["Range"])
        if ends != sorted(ends, key=int):  # no pattern can say which is the larger
            case.headers["Range"] = "items=0-99"
    case.call_and_validate(headers=asked.sis.headers)


def is_right(case: Any, where: ParameterLocation) -> bool:
    made = case.meta.components.get(where)
    return made is not None and made.mode.is_positive


@tokens.parametrize()
def test_logging_in(case: Any, asked: Asked) -> None:
    call(case, asked)


@cambo.parametrize()
def test_the_existing_coupling(case: Any, asked: Asked) -> None:
    call(case, asked)


@mbo.parametrize()
def test_the_koppelpunt(case: Any, asked: Asked) -> None:
    call(case, asked)


@pytest.mark.long
@many_cambo.parametrize()
def test_the_existing_coupling_at_length(case: Any, asked: Asked) -> None:
    call(case, asked)


@pytest.mark.long
@many_mbo.parametrize()
def test_the_koppelpunt_at_length(case: Any, asked: Asked) -> None:
    call(case, asked)
