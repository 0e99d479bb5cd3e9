"""The portal with the settings of production, and a DigiD broker at another address.

The broker and the registers are DigiStub's here: the portal can't tell, and nothing of it is
part of the portal's own application.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import httpx
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import config, create_app, db, registers
from app.registers.bounded import InProcess
from tests.copies import hurry, load_catalogue, share_templates
from tests.portal import Student
from tests.worlds import new_world

PORTAL, BROKER = "https://portaal.test", "https://makelaar.test/digistub"
ENVIRONMENT = {
    "APP_ENV": "production",
    "BASE_URL": PORTAL,
    "SECRET_KEY": "een geheim van de productie",
    "MAIL_FROM": "noreply@portaal.test",
    "DATA_KEYS": "p1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "BSN_ORGANISATION": "Stichting Voorbeeld",
    "SECURITY_CONTACT": "https://stichting.example/lek-melden",
    "SIS_CONTACT": "koppelen@stichting.example",
    "PRIVACY_CONTACT": "privacy@stichting.example",
    "DIGID_ISSUER": BROKER,
    "DIGID_CLIENT_SECRET": "geheim",
    "DUO_PERSONS_URL": f"{BROKER}/duo",
    "DUO_EDUCATION_URL": f"{BROKER}/duo",
    "SBB_URL": f"{BROKER}/sbb",
    "BAG_URL": f"{BROKER}/bag",
    "RIO_URL": f"{BROKER}/rio",
}


@dataclass
class Production:
    app: Flask
    world: Flask

    def browser(self, **headers: str) -> httpx.Client:
        """A browser on its way through the portal and the broker, with the Referer of a form."""
        outside = DispatcherMiddleware(lambda *_: [], {"/digistub": self.world})
        return httpx.Client(
            base_url=PORTAL,
            headers={"Referer": f"{PORTAL}/", **headers},
            mounts={
                PORTAL: httpx.WSGITransport(self.app, raise_app_exceptions=False),
                "https://makelaar.test": httpx.WSGITransport(outside),
            },
        )

    def student(self, bsn: str) -> Student:
        student = Student(self.browser(), bsn)
        student.log_in()
        return student


def environment(database_url: str, folder: Path, **changed: str) -> dict[str, str]:
    instance = {
        **{"INSTANCE": str(folder), "MAIL_URL": str(folder / "mail")},
        "DELETION_LEDGER": str(folder / "deletions.log"),
    }
    return {**ENVIRONMENT, **instance, "DATABASE_URL": database_url, **changed}


def open_production(database_url: str, **changed: str) -> Production:
    folder = Path(tempfile.mkdtemp(prefix="production-"))
    settings = config.read(environment(database_url, folder, **changed))
    world = new_world(BROKER, folder, PORTAL, settings.digid_client_secret)
    outside = InProcess(DispatcherMiddleware(lambda *_: [], {"/digistub": world}))
    app = create_app(settings, registers.build(settings, lambda _address: outside))
    share_templates(app, world)
    hurry(db.engine())
    load_catalogue(app)
    return Production(app, world)
