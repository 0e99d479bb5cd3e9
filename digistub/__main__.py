"""DigiStub as a process of its own: `python -m digistub --help`."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import run_simple
from werkzeug.utils import redirect

from digistub import create_world

PREFIX = "/digistub"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m digistub",
        description="De testomgeving buiten het portaal: DigiStub, registers en sites van scholen.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="adres om op te luisteren")
    parser.add_argument("--port", type=int, default=8001, help="poort om op te luisteren")
    parser.add_argument(
        "--base-url", default="", help=f"eigen adres (standaard http://localhost:<port>{PREFIX})"
    )
    parser.add_argument("--portal", default="http://127.0.0.1:8000", help="waar het portaal draait")
    parser.add_argument(
        "--instance", type=Path, default=Path("instance"), help="map voor digistub.db"
    )
    options = parser.parse_args()
    base_url = options.base_url or f"http://localhost:{options.port}{PREFIX}"
    world = create_world(base_url, options.instance, options.portal)
    site = DispatcherMiddleware(redirect(f"{PREFIX}/"), {PREFIX: world})
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    print(f"DigiStub draait op {base_url}/", flush=True)
    run_simple(options.host, options.port, site, threaded=True)


if __name__ == "__main__":
    main()
