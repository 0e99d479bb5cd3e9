"""The whole portal in this process, with the outside world beside it, and students who use it.

Nothing is faked: requests go through WSGI, logging in through DigiStub's OpenID Connect, the
catalogue through RIO's protocol. A call to a register inside a transaction fails the test.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from sqlalchemy import delete
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import config, create_app, db, registers
from app.models import store
from app.registers.bounded import Bounded, InProcess
from digistub.people import PEOPLE
from tests import services
from tests.contract import own_answers
from tests.copies import hurry, load_catalogue, share_templates
from tests.digid_login import log_in
from tests.worlds import new_world

BASE = "http://127.0.0.1:8000"
MINOR, ADULT, HOMELESS, SECRET, UNKNOWN = (person.bsn for person in PEOPLE[:5])
GUARDIAN = {
    "first-first_names": "Anna Maria",
    "first-surname": "Jansen",
    "first-phone": "06 12345678",
}


ABROAD = "ul. Długa 3"
USUAL = {  # answers, by the step's slug
    "over-jou": {
        **{"first_names": "Ali", "surname": "Yılmaz", "sex": "M"},
        **{"birth_date-day": "31", "birth_date-month": "12", "birth_date-year": "2000"},
    },
    "adres": {
        **{"postcode": "1234 ab", "number": "12"},
        **{"street": "Lindelaan", "place": "Ons Dorp"},
    },
    "contact": {"email": "student@voorbeeld.nl", "phone": "06 12345678"},
    "vooropleiding": {"which": "geen"},
    "school": {
        **{"where": "nl", "school": "Het Voorbeeld", "level": "vmbo-tl"},
        **{"year": "2026", "diploma": "yes"},
    },
    "leerjaar": {"sure": "y"},
    "controleren": {"privacy": "y"},
}


def never_in_a_transaction() -> None:
    """Nobody outside may be asked anything while a transaction is open: looked at here, because
    a call runs in a thread of its own, which is in none."""
    calls = Bounded.handle_request

    def guarded(self: Bounded, request: httpx.Request) -> httpx.Response:
        assert not db.in_transaction(), f"{request.url.path} asked inside a transaction"
        return calls(self, request)

    Bounded.handle_request = guarded  # type: ignore[method-assign]


never_in_a_transaction()


class Outside(httpx.BaseTransport):
    """The test services, and what they were asked."""

    def __init__(self, inside: httpx.BaseTransport) -> None:
        self.inside = inside
        self.calls: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        return self.inside.handle_request(request)


@dataclass
class Portal:
    app: Flask
    world: Flask
    outside: Outside
    settings: config.Settings
    base: str = BASE

    def browser(self, **headers: str) -> httpx.Client:
        """Somebody's browser: keeps cookies, follows no redirect by itself. What a SIS is answered
        is as the portal describes."""
        return httpx.Client(
            transport=httpx.WSGITransport(self.app, raise_app_exceptions=False),
            base_url=self.base,
            headers=headers,
            event_hooks={"response": [own_answers.check]},
        )

    def student(self, bsn: str = MINOR, **headers: str) -> Student:
        """A student who has logged in."""
        student = Student(self.browser(**headers), bsn)
        student.log_in()
        return student

    def fault(self, service: str, call: str, person: str | None, fault: str | None) -> None:
        """Let a test service fail (or, with None, no longer); who just saw it fail forgets that."""
        self.world.extensions["world"].set_fault(service, call, person, fault)
        if service in ("bag", "sbb"):
            with db.transaction() as connection:
                connection.execute(delete(store).where(store.c.key.startswith(f"{service}:down")))

    def move_clock(self, moment: str) -> None:
        """Domain time becomes this moment (ISO 8601 with zone); empty for the real time."""
        answer = self.browser().post("/testdeur/klok", data={"nu": moment})
        assert answer.status_code == 200


@dataclass
class Student:
    """Answers the questions, page by page, as a browser without JavaScript would."""

    browser: httpx.Client
    bsn: str
    page: httpx.Response = field(default=None, repr=False)  # type: ignore[assignment]

    def log_in(self, fault: str = "", level: str = "20") -> httpx.Response:
        """By the button of the page that is open, if it has one."""
        button = re.search(r'href="(/login/digid[^"]*)"', self.page.text if self.page else "")
        address = f"{self.browser.base_url}{unescape(button[1]) if button else '/login/digid'}"
        self.page = log_in(self.browser, address, self.bsn, level, fault)
        return self.page

    def follow(self, link: str) -> httpx.Response:
        """Open a school's link; who is logged in presses its button too."""
        self.get(link)
        button = re.search(r'<form method="post" action="(/aanmelden\?[^"]*)"', self.page.text)
        return self.post(unescape(button[1])) if button else self.page

    @property
    def at(self) -> str:
        """The last part of the address: a step's slug."""
        return self.page.url.path.rsplit("/", 1)[-1]

    @property
    def draft(self) -> str:
        return self.page.url.path.split("/")[2]

    def get(self, path: str) -> httpx.Response:
        self.page = self.browser.get(path, follow_redirects=True)
        return self.page

    def fields(self) -> dict[str, str]:
        """What the last form of the page would send as it stands."""
        return form_fields(self.page.text)

    def post(self, path: str = "", **fields: Any) -> httpx.Response:
        """Press the button of the page's form, with these fields filled in."""
        self.page = self.browser.post(
            path or self.page.url.copy_with(query=None),
            data={**self.fields(), **fields},
            follow_redirects=True,
        )
        return self.page

    def answer(self, **fields: Any) -> httpx.Response:
        """Give a usual answer to the question on the page, with `fields` in place of its own."""
        return self.post(**{**self.usual(), **fields})

    def usual(self) -> dict[str, str]:
        if self.at == "vooropleiding" and "which" in self.fields():
            return {}  # the only one that DUO knows is chosen already
        if self.at == "adres" and self.fields()["kind"] == "anders":  # DUO knows the country
            return {"line1": ABROAD}
        if self.at in USUAL:
            return USUAL[self.at]
        if self.at == "opleiding":
            self.look("kok")
            return {"cohort": cohorts(self.page.text)[0]}
        if self.at == "startdatum":
            return {"day": re.findall(r'min="([^"]+)"', self.page.text)[0]}
        if self.at == "leerbedrijf":
            return {"company": "geen"}
        if self.at == "ouders":
            return GUARDIAN if "geen 18" in self.page.text else {}
        return {}

    def look(self, query: str) -> httpx.Response:
        """Search for a programme, and open the first that is found."""
        self.page = self.browser.get(self.page.url.path, params={"q": query})
        return self.open_first()

    def open_first(self) -> httpx.Response:
        """Look at the first of the programmes on the page."""
        found = programmes(self.page.text)
        assert found, "no programmes on this page"
        return self.get(self.page.url.path + found[0])

    def walk_to(self, slug: str) -> Student:
        """Answer everything until this step is open."""
        for _ in range(12):
            if self.at == slug:
                return self
            self.answer()
        raise AssertionError(f"stopped at {self.page.url}")

    def send(self) -> httpx.Response:
        """Walk to the check page and send."""
        return self.walk_to("controleren").answer()


def form_fields(html: str) -> dict[str, str]:
    """The fields of the page's main form, with the values that they have."""
    main = html[html.index("<main") :]
    forms = re.findall(r"<form([^>]*)>(.*?)</form>", main, re.S)
    ours = (body for head, body in forms if 'method="post"' in head and "action" not in head)
    form = next(ours, "") or html  # without one: at least what proves that the page was ours
    fields: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        chosen = kind is None or kind[1] not in ("radio", "checkbox") or " checked" in tag
        if name and chosen and name[1] not in fields:
            fields[name[1]] = unescape(value[1]) if value else ""
    return fields


def programmes(html: str) -> list[str]:
    """Links to the programmes that a search found; without the search, which they keep."""
    return re.findall(r'href="(\?programma=[^"&]+)', html)


def cohorts(html: str) -> list[str]:
    """The cohorts that the page offers."""
    return re.findall(r'name="cohort" value="([^"]+)"', html)


def open_portal(database_url: str, redis_url: str = "", **environ: str) -> Portal:
    """A portal on this database, with the three schools and their catalogue."""
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=services.folder()))
    base = environ.get("BASE_URL", BASE)
    settings = config.read(
        {
            "APP_ENV": "test",
            "BASE_URL": base,
            "INSTANCE": str(folder),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            **environ,
        }
    )
    world = new_world(
        base + registers.TEST_SERVICES,
        folder,
        portal=InProcess(lambda environ, start: app.wsgi_app(environ, start)),
    )
    mount = {registers.TEST_SERVICES: world}
    outside = Outside(InProcess(DispatcherMiddleware(lambda *_: [], mount)))
    app = create_app(settings, registers.build(settings, lambda _address: outside))
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, mount)  # type: ignore[method-assign]
    share_templates(app, world)
    hurry(db.engine())
    load_catalogue(app)
    return Portal(app, world, outside, settings, base)
