"""What a SIS will be served of an application that was sent, read back from the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import NoResultFound

from app import db
from app.models import metadata
from app.services import messages
from digistub.people import PEOPLE
from tests import watch
from tests.contract.described import cambo
from tests.guests import sends
from tests.portal import ADULT, MINOR, SECRET, UNKNOWN, Portal
from tests.unit.test_kept import ROWS

pytestmark = pytest.mark.each_run_on("sqlite")

PRUNED = ("answers", "known", "learnt", "link")  # dataclasses: see tests/unit/test_kept.py


def served(number: int = 0) -> dict[str, Any]:
    """The message of the application sent last."""
    row = watch.all_of("application")[-1]
    with db.reading() as connection:
        found = messages.of_application(connection, number or row.id)
    cambo().check("vca_Aanmelding", found)
    return found


def ours(found: dict[str, Any]) -> dict[str, Any]:
    return dict(found["additionalObjects"]["centraalAanmelden"])


@pytest.mark.rule("SIS-2")
@pytest.mark.rule("SIS-4")
@pytest.mark.rule("IDN-9")
@pytest.mark.rule("WIZ-18")
def test_what_was_sent_is_served_with_its_ids_and_moments(any_portal: Portal) -> None:
    student = any_portal.student(MINOR)
    student.send()
    row = watch.row_of("application")
    found = served()
    assert (found["caKetenId"], found["ketenId"]) == (row.ca_keten_id, row.keten_id)
    assert found["datumTijdIndienen"] == row.requested_at.isoformat().replace("+00:00", "Z")
    assert (found["bsn"], found["type"], found["ingetrokken"]) == (MINOR, "A", False)
    assert ours(found)["identificatieniveau"] == "20"
    assert ours(found)["identificatiemoment"] < found["datumTijdIndienen"]
    assert ours(found)["opTijd"] is True
    assert ours(found)["geboorteplaats"] == "Zwolle"
    assert found["correspondentieadres"]["straat"] == "Kastanjelaan"
    assert found["vooropleidingen"][0]["instelling"] == "Vmbo-school De Kastanje"
    assert found["emailAdres"] == "student@voorbeeld.nl"
    watch.set_everywhere("application", status="WITHDRAWN")
    assert served() == {**found, "ingetrokken": True}


def test_an_application_that_is_not_there_is_an_error(portal: Portal) -> None:
    with db.reading() as connection, pytest.raises(NoResultFound):
        messages.of_application(connection, 1)


@pytest.mark.rule("DUO-5")
@pytest.mark.rule("DUO-6")
def test_what_duo_did_not_say_is_recognisable(portal: Portal) -> None:
    said = {}
    for bsn in (ADULT, SECRET, UNKNOWN):
        portal.student(bsn).send()
        said[bsn] = ours(served())
    assert [said[bsn]["geverifieerdDoorDuo"] for bsn in said] == [True, True, False]
    assert said[ADULT]["zelfOpgegeven"] == []
    assert said[SECRET]["zelfOpgegeven"] == ["correspondentieadres"]
    typed = {"voornamen", "achternaam", "geboortedatum", "geslacht", "correspondentieadres"}
    assert set(said[UNKNOWN]["zelfOpgegeven"]) == typed
    assert "geboorteplaats" not in said[UNKNOWN]


@pytest.mark.long
@pytest.mark.rule("DUO-5")
def test_everybody_s_application_can_be_read_by_a_sis(portal: Portal) -> None:
    """Whom DUO answers about, at once."""
    stopped = []
    for person in (p for p in PEOPLE if not (p.persons_fault or p.education_fault)):
        student = portal.student(person.bsn)
        if student.page.status_code != 200:  # nobody can apply under their name
            stopped.append(person.data["opschortingBijhouding"]["reden"]["code"])
            continue
        student.walk_to("contact").answer(roepnaam="Kanarie")
        student.send()
        found = served()
        assert (found["bsn"], found["roepnaam"]) == (person.bsn, "Kanarie")
    assert stopped == ["O", "F"]


# --- what is kept -----------------------------------------------------------------------------


def paths(document: dict[str, Any], at: str) -> Iterator[str]:
    for name, value in document.items():
        if isinstance(value, dict) and name not in PRUNED:
            yield from paths(value, f"{at}.{name}")
        elif not (name in PRUNED and isinstance(value, dict | None)):
            yield f"{at}.{name}"


@pytest.mark.rule("RET-1")
def test_a_document_holds_what_the_list_says(portal: Portal) -> None:
    student = portal.student(MINOR)
    student.send()
    portal.student(ADULT).walk_to("controleren")
    sends(portal)  # without DigiD
    found: set[str] = set()
    for place, document in watch.documents().items():
        if not place.startswith("message."):  # see test_every_field_of_the_dossier_is_published…
            found |= set(paths(document, place.rsplit(".", 1)[0]))
    columns = {f"{t.name}.{c.name}" for t in metadata.sorted_tables for c in t.columns}
    listed = {name for name in ROWS if name[0].islower()} - columns
    listed -= {"error_report.document.text", "job.document.day"}  # there is none yet
    assert found == listed
