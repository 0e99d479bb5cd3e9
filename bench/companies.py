"""What a search among 250,000 leerbedrijven costs while somebody types: the portal and the test
service in one process, so the ruler, a step's GET there, has what SBB would spend on its side."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from bench.search import STEPS, TIMES, Row, asked, at_the_question, spread
from bench.server import Server, serving
from bench.visitor import Visitor
from digistub.people import fresh_bsn
from digistub.rio_data import OFFERS
from digistub.sbb_index import Companies
from tests.portal import Student, cohorts

COMPANIES = 250_000
EACH = 50  # queries of one student
people = count(1)
PROGRAMME = next(offer.id for offer in OFFERS if offer.key == "verpleeg-bbl")
QUERIES = (
    *("thuiszorg de vries rotterdam", "ziekenhuis amsterdam", "rotterdam zorggroep", "apotheek"),
    *("van den berg", "'t hof zwolle", "öztürk den haag", "zorghuis jansen en zonen", "xyzzy"),
    *("a b", "de", "tandartspraktijk bakker holding utrecht", "zorg bos noord", "restaurant"),
)
TYPING = ("HX-Request: true", "HX-Target: voorstellen")


def companies(portal: Server) -> Iterator[Row]:
    """Of a portal that is set up."""
    Companies(Path(portal.environ["INSTANCE"]), COMPANIES).prepare()
    server = Server(
        portal.name,
        portal.target,
        portal.folder,
        {**portal.environ, "DIGISTUB_COMPANIES": str(COMPANIES)},
    )
    with serving(server):
        visitor = Visitor(server)
        # The adult may have an application already, where the pages were measured before.
        address = at_the_question(visitor, chooses, fresh_bsn("9997", next(people)))
        asked(visitor, address, "", STEPS)
        step = asked(visitor, address.replace("leerbedrijf", "contact"), "", STEPS)
        yield "a step's GET beside leerbedrijven", step * 1000, "ms of CPU", None
        for what, headers, more in (
            ("leerbedrijven suggested", TYPING, "?voorstel=1&q="),
            ("leerbedrijven found", (), "?q="),
        ):
            costs = []
            for number, query in enumerate(while_typing()):
                if number % EACH == 0:  # nobody may search all day
                    address = at_the_question(visitor, chooses, fresh_bsn("9997", next(people)))
                one = asked(visitor, address, more + urllib.parse.quote(query), TIMES, headers)
                costs.append(one / step)
            for label, value, limit in spread(costs):
                yield f"{what} {label}", value, "× a step's GET", limit


def while_typing() -> list[str]:
    """Every query, and all that it is on the way."""
    return sorted({query[:n] for query in QUERIES for n in range(1, len(query) + 1)})


def chooses(student: Student) -> None:
    student.get(f"{student.page.url.path}?programma={PROGRAMME}")
    student.post(cohort=cohorts(student.page.text)[0])
    student.walk_to("leerbedrijf")
