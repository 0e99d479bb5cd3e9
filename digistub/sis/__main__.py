"""A SIS over the network: `python -m digistub.sis --help`."""

from __future__ import annotations

import argparse
import os
import signal
import ssl
import sys
import threading
from pathlib import Path

from digistub.rio_schools import SCHOOLS
from digistub.sis import scenario
from digistub.sis.api import Api
from digistub.sis.follow import CODES, STUB, Manner, Sis
from digistub.sis.login import (
    SANDBOX,
    STUB_SECRET,
    Certificate,
    Login,
    Secret,
    read_key,
    stub_client,
)
from digistub.sis.run import EVERY, Screen, follow, once
from digistub.sis.state import OtherServer, State

DESCRIPTION = """\
Speelt een SIS over het netwerk, tegen elke server met deze koppeling: haalt aanmeldingen op,
bevestigt ze en stuurt statussen. Zonder --client is het de Stub SIS van de testinstellingen: dan
volgt het alleen koppelpunten die op «Stub SIS» staan."""
EXAMPLES = """\
voorbeelden:
  # één keer alles ophalen en bevestigen, als de SIS van ROC De Horizon
  python -m digistub.sis --client 99999999999999999999 --secret stubsis --once
  # blijven volgen; elke aanmelding wordt ontvangen en krijgt een plek; elk derde antwoord valt weg
  python -m digistub.sis --client … --key sleutel.json --follow --statuses AO,OA --drop 3
  # een hele acceptatietest van de server
  python -m digistub.sis --client 99999999999999999999 --secret stubsis --scenario"""


def state_of(client: str) -> Path:
    """That of the Stub SIS goes with a portal, wherever it listens."""
    return Path("instance") / (f"sis-{client}.db" if client else "sis.db")


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m digistub.sis",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--follow", action="store_true", help="volg tot je stopt, elke seconde")
    what.add_argument("--once", action="store_true", help="haal en zeg alles één keer")
    what.add_argument(
        "--scenario",
        action="store_true",
        help="speel een acceptatietest van de server; zonder testdeur blijft liggen wat wacht; "
        "1 als er iets misging",
    )
    who = parser.add_argument_group("wie en waar")
    who.add_argument("--server", default="http://127.0.0.1:8000", help="standaard %(default)s")
    who.add_argument("--client", default="", metavar="OIN", help="client_id van de SIS")
    who.add_argument("--secret", default="", help="client secret; alleen buiten productie")
    who.add_argument(
        "--key", type=Path, metavar="FILE", help="private JWK in JSON, voor private_key_jwt"
    )
    who.add_argument("--certificate", type=Path, metavar="FILE", help="PEM, voor mutual TLS")
    who.add_argument("--certificate-key", type=Path, metavar="FILE", help="de sleutel daarvan")
    who.add_argument(
        "--koppelpunt", action="append", default=[], metavar="CODE", help="meer mag; anders alle"
    )
    who.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="waar staat wat al binnen is: standaard instance/sis.db, met --client "
        "instance/sis-<OIN>.db; bij --scenario in het geheugen",
    )
    how = parser.add_argument_group("hoe")
    how.add_argument(
        *("--every", "-e"), type=float, default=EVERY, metavar="S", help="seconden tussen rondes"
    )
    how.add_argument(
        "--statuses",
        default="",
        metavar="AO,OA,LI",
        help=f"die elke nieuwe aanmelding krijgt: {', '.join(CODES)}",
    )
    how.add_argument("--no-acknowledge", action="store_true", help="bevestig niets")
    how.add_argument(
        "--drop", type=int, default=0, metavar="N", help="gooi elk N-de antwoord weg (N vanaf 2)"
    )
    how.add_argument("--repeat", action="store_true", help="zeg alles twee keer")
    how.add_argument("--reorder", action="store_true", help="zeg alles in een willekeurige orde")
    how.add_argument("--seed", type=int, default=0, help="van die orde; standaard %(default)s")
    return parser


def login(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Login:
    if given.key:
        try:
            return read_key(given.key)
        except ValueError as error:
            parser.error(str(error))
    if given.certificate or given.certificate_key:
        if not (given.certificate and given.certificate_key):
            parser.error("geef --certificate en --certificate-key allebei")
        proof = Certificate(given.certificate, given.certificate_key)
        try:
            proof.load(ssl.create_default_context())
        except OSError:
            parser.error("certificaat en sleutel zijn niet te lezen, of horen niet bij elkaar")
        return proof
    if not given.secret:
        parser.error("geef --secret, --key of --certificate bij --client")
    return Secret(given.secret)


def manner(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Manner:
    statuses = tuple(code for code in given.statuses.upper().split(",") if code)
    if unknown := [code for code in statuses if code not in CODES]:
        parser.error(f"onbekende status {unknown[0]}: kies uit {', '.join(CODES)}")
    if given.drop < 0 or given.drop == 1:
        parser.error("--drop is 2 of meer: van elk antwoord blijft anders niets over")
    return Manner(
        *(tuple(given.koppelpunt), not given.client, statuses, not given.no_acknowledge),
        *(given.drop, given.repeat, given.reorder, given.seed),
    )


def checked(
    parser: argparse.ArgumentParser, given: argparse.Namespace
) -> tuple[Manner, dict[str, Login]]:
    """How to behave, and how each client logs in. Ends the process for what can't be."""
    how = manner(given, parser)
    if given.client:
        return how, {given.client: login(given, parser)}
    brins = [SANDBOX] if given.scenario else [school.brin for school in SCHOOLS]
    return how, {stub_client(brin): Secret(STUB_SECRET) for brin in brins}


def main() -> int:
    parser = options()
    given = parser.parse_args()
    if os.environ.get("APP_ENV") == "production":
        parser.error("APP_ENV is production: daar speelt niemand een SIS")
    how, clients = checked(parser, given)
    apis = [Api(given.server, client, proof) for client, proof in clients.items()]
    if given.scenario:
        return scenario.play(apis[0], next(iter(given.koppelpunt), ""))
    try:
        state = State(given.state or state_of(given.client), given.server if given.client else STUB)
    except OtherServer as error:
        parser.error(f"dit bestand is van {error}: geef een ander met --state")
    screen = Screen(state)
    sises = [Sis(api, state, how, screen.say) for api in apis]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    if given.once:
        return 0 if once(sises, screen, stop) else 1
    follow(sises, screen, stop, given.every)
    return 0


if __name__ == "__main__":
    sys.exit(main())
