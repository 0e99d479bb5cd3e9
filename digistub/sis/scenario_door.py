"""Getting in, and what stays closed.

Most of it is played without a testers' door too. There it asks for lists, which take nothing, also
from a server that opens what should stay closed.
"""

from __future__ import annotations

from urllib.parse import quote

from digistub.sis.api import CAMBO, MEDIA_TYPE, TOKEN, Api
from digistub.sis.login import ASSERTION, Key, Secret
from digistub.sis.scenario import LeftOut, Stage, Step, check, refused


def a_token(stage: Stage) -> None:
    """Een token, op de eigen manier"""
    answer = stage.api.ask_token(stage.api.login)
    check(answer.status_code == 200, f"antwoord {answer.status_code}")
    body = answer.json()
    check(body["token_type"].lower() == "bearer", "geen bearer-token")
    check(0 < body["expires_in"] <= 600, "een token leeft langer dan tien minuten")
    stage.api.token()


def by_each_way(stage: Stage) -> None:
    """Een token met een geheim (in het formulier en in de kop) en met een eigen sleutel"""
    by_secret = stage.wish("sleutel", instelling=stage.brin, soort="geheim")
    for basic in (False, True):
        secret = Secret(by_secret["geheim"], basic)
        works(stage, by_secret["client_id"], secret)
    by_key = stage.wish("sleutel", instelling=stage.brin, soort="paar")
    works(stage, by_key["client_id"], Key.of(by_key["sleutel"]))


def works(stage: Stage, client_id: str, login: Secret | Key) -> None:
    other = Api(stage.api.server, client_id, login, stage.api.transport)
    codes = [point["koppelpuntcode"] for point in other.koppelpunten()]
    check(stage.code in codes, "het token opent het koppelpunt niet")
    other.close()


def a_wrong_secret(stage: Stage) -> None:
    """Een verkeerd geheim wordt geweigerd"""
    answer = stage.api.ask_token(Secret("verkeerd"))
    check(answer.status_code in (400, 401), f"antwoord {answer.status_code}, niet 401")
    check(answer.json().get("error") == "invalid_client", "de fout is niet invalid_client")


def an_assertion_counts_once(stage: Stage) -> None:
    """Een ondertekende verklaring telt één keer, en alleen met de eigen sleutel"""
    made = stage.wish("sleutel", instelling=stage.brin, soort="paar")
    stranger = stage.wish("sleutel", instelling=stage.brin, soort="paar")
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_id": made["client_id"],
    }
    audience = stage.api.server + TOKEN
    signed = Key.of(made["sleutel"]).assertion(made["client_id"], audience)
    forged = Key.of(stranger["sleutel"]).assertion(made["client_id"], audience)
    for assertion, expected in ((signed, [200]), (signed, [400, 401]), (forged, [400, 401])):
        answer = stage.api.raw("POST", TOKEN, data={**form, "client_assertion": assertion})
        check(answer.status_code in expected, f"antwoord {answer.status_code}, niet {expected[-1]}")


def without_a_token(stage: Stage) -> None:
    """Zonder token, of met een verzonnen token, gaat niets open"""
    for rest in ("", "/nieuw") if stage.door else ("",):
        path = CAMBO + stage.path(rest)
        refused(stage.api.raw("GET", path), 401)
        refused(stage.api.raw("GET", path, {"Authorization": "Bearer verzonnen"}), 401)


def a_token_in_the_address(stage: Stage) -> None:
    """Een token in het adres wordt niet aangenomen"""
    token = stage.api.token()
    path = f"{CAMBO}/koppelpunt?access_token={token}"
    refused(stage.api.raw("GET", path), 400, 401)


def who_am_i(stage: Stage) -> None:
    """party/me zegt wie deze SIS is"""
    me = stage.api.get("/party/me")
    check(me["oin"] == stage.api.client_id, "een ander OIN")
    check(stage.brin in me["instellingen"], "zonder de eigen instelling")


def an_unknown_code(stage: Stage) -> None:
    """Een onbekende koppelpuntcode zegt wat te doen"""
    refused(stage.ask("/koppelpunt/bestaat-niet/aanmelding"), 404)


def other_capitals(stage: Stage) -> None:
    """Een code met andere hoofdletters wijst naar de goede"""
    other = stage.code.swapcase()
    if other == stage.code:
        raise LeftOut(f"in {stage.code} staat geen letter")
    told = refused(stage.ask(f"/koppelpunt/{quote(other)}/aanmelding"), 404)
    check(stage.code in told, "de fout noemt de goede code niet")


def another_school(stage: Stage) -> None:
    """Het koppelpunt van een ander is alsof het niet bestaat"""
    if not stage.others:
        raise LeftOut("van een ander is geen koppelpunt bekend")
    unknown = refused(stage.ask("/koppelpunt/bestaat-niet/aanmelding"), 404)
    for other in stage.others:
        theirs = refused(stage.ask(f"/koppelpunt/{quote(other)}/aanmelding"), 404)
        check(theirs == unknown, "een ander antwoord dan bij een onbekende code")


def both_media_types(stage: Stage) -> None:
    """Beide mediatypen: vnd.topicus.cambo+json en json"""
    for wanted in (MEDIA_TYPE, "application/json"):
        answer = stage.ask("/koppelpunt", headers={"Accept": wanted})
        got = answer.headers.get("Content-Type", "").partition(";")[0]
        check(got == wanted, f"{got} waar {wanted} gevraagd was")


def always_json(stage: Stage) -> None:
    """Een onbekend adres en een verkeerde methode krijgen een fout in JSON"""
    refused(stage.ask("/bestaat-niet"), 404)
    refused(stage.ask("/party/me", "POST"), 405)


STEPS: tuple[Step, ...] = (
    a_token,
    by_each_way,
    a_wrong_secret,
    an_assertion_counts_once,
    without_a_token,
    a_token_in_the_address,
    who_am_i,
    an_unknown_code,
    other_capitals,
    another_school,
    both_media_types,
    always_json,
)
