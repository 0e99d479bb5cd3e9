"""A lost answer loses nothing: what was given, acknowledged, reported and set ready again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock, db
from app.models import message
from app.services import applications, delivery, koppelpunten, oversight, receipts, statuses
from app.services.audit import Actor
from app.services.delivery import NotThere, Point
from app.services.receipts import MOST_REPORTS
from tests import watch
from tests.applicants import a_cohort, adult, ready, send
from tests.portal import Portal
from tests.race import at_once, own_act
from tests.sis import API, Sis, number, sis

pytestmark = pytest.mark.each_run_on("sqlite")

PRIVATE = "BSN 999650002 van mevrouw Kanarie"


def acknowledging(on: bool = True) -> None:
    wanted = koppelpunten.Settings(acknowledging=on)
    koppelpunten.set_up("99XX", "99XX", wanted, clock.now(), production=False)


@pytest.fixture
def reader(any_portal: Portal) -> Sis:
    return sis(any_portal)


@pytest.mark.rule("SIS-1")
def test_a_lost_answer_is_read_again_by_its_number(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, 1)
    (seen,) = reader.fresh()
    send(any_portal, 2)
    lost = reader.fresh()
    assert reader.items(vanafWijziging=seen["wijzigingsvolgnummer"] + 1) == lost


def test_asking_for_headers_alone_fetches_nothing(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, 1)
    address = f"{API}/koppelpunt/99XX/aanmelding/nieuw"
    answer = reader.browser.request("HEAD", address, headers=reader.headers)
    assert answer.status_code == 200
    assert len(reader.fresh()) == 1


@pytest.mark.rule("SIS-1")
def test_in_acknowledging_mode_it_repeats_until_acknowledged(
    any_portal: Portal, reader: Sis
) -> None:
    acknowledging()
    send(any_portal, 1, 2)
    both = reader.fresh()
    assert reader.fresh() == both
    assert len(both) == 2
    for _ in range(3):  # twice is harmless
        assert reader.confirm(both[0]).status_code == 200
    assert reader.fresh() == both[1:]
    acknowledged = watch.row_of("message", change_number=1).acknowledged_at
    assert reader.confirm(both[0]).json()["wijzigingsvolgnummer"] == 1
    assert watch.row_of("message", change_number=1).acknowledged_at == acknowledged
    assert reader.confirm(both[1], with_number=False).status_code == 200
    assert reader.fresh() == []
    assert reader.items() == both


@pytest.mark.rule("SIS-1")
def test_what_was_given_out_before_the_mode_changed_stays_so(
    any_portal: Portal, reader: Sis
) -> None:
    send(any_portal, 1)
    reader.fresh()
    acknowledging()
    assert reader.fresh() == []
    send(any_portal, 2)
    assert reader.fresh() == reader.fresh() != []
    acknowledging(False)
    assert len(reader.fresh()) == 1
    assert reader.fresh() == []


@pytest.mark.rule("SIS-1")
def test_acknowledging_an_earlier_change_does_not_hide_a_later_one(
    any_portal: Portal, reader: Sis
) -> None:
    acknowledging()
    send(any_portal, 1)
    (first,) = reader.fresh()
    receipts.again("99XX", [first["ketenId"]], None, clock.now())
    reader.confirm(first)
    (again,) = reader.fresh()
    assert (first["wijzigingsvolgnummer"], again["wijzigingsvolgnummer"]) == (1, 2)
    assert reader.confirm(again, with_number=False).json()["wijzigingsvolgnummer"] == 2
    assert reader.fresh() == []


@pytest.mark.rule("SIS-1")
def test_without_a_number_it_is_what_was_given_last(any_portal: Portal, reader: Sis) -> None:
    """While a change comes in that the SIS hasn't seen."""
    acknowledging()
    send(any_portal, 1)
    (first,) = reader.fresh()
    receipts.again("99XX", [first["ketenId"]], None, clock.now())
    assert reader.confirm(first, with_number=False).json()["wijzigingsvolgnummer"] == 1
    assert [one["wijzigingsvolgnummer"] for one in reader.fresh()] == [2]


@pytest.mark.rule("SIS-1")
def test_without_a_number_it_may_be_said_again(any_portal: Portal, reader: Sis) -> None:
    """The first time's answer got lost, and a withdrawal came in that was given to nobody yet."""
    acknowledging()
    applicant = ready(any_portal, adult(1), a_cohort())
    applications.submit(*applicant.sends())
    (first,) = reader.fresh()
    reader.confirm(first, with_number=False)
    statuses.withdraw(applicant.student_id, applicant.draft_id, "", clock.now())
    assert reader.confirm(first, with_number=False).json()["wijzigingsvolgnummer"] == 1
    assert [one["ingetrokken"] for one in reader.fresh()] == [True]


@pytest.mark.rule("SIS-1")
def test_without_a_number_what_got_lost_is_not_passed_over(any_portal: Portal, reader: Sis) -> None:
    """A withdrawal was given in an answer that never came; the first is confirmed by name only."""
    acknowledging()
    applicant = ready(any_portal, adult(1), a_cohort())
    applications.submit(*applicant.sends())
    (first,) = reader.fresh()
    statuses.withdraw(applicant.student_id, applicant.draft_id, "", clock.now())
    reader.fresh()  # lost
    assert reader.confirm(first, with_number=False).json()["wijzigingsvolgnummer"] == 1
    (withdrawn,) = reader.fresh()
    assert withdrawn["ingetrokken"]
    assert reader.confirm(withdrawn, with_number=False).json()["wijzigingsvolgnummer"] == 2
    assert reader.fresh() == []


@pytest.mark.rule("SIS-1")
def test_the_same_error_after_an_acknowledgement_marks_it_again(
    any_portal: Portal, reader: Sis
) -> None:
    send(any_portal, 1)
    (one,) = reader.fresh()
    for _ in range(2):
        reader.post(f"{number(one)}/foutmelding", json={"foutmelding": "x"})
        assert watch.row_of("message").error_at is not None
        reader.confirm(one)
        assert watch.row_of("message").error_at is None


@pytest.mark.rule("SIS-1")
def test_an_error_report_marks_it_and_keeps_it_available(any_portal: Portal, reader: Sis) -> None:
    acknowledging()
    send(any_portal, 1)
    (one,) = reader.fresh()
    with watch.logged() as log:
        for _ in range(3):
            said = reader.post(f"{number(one)}/foutmelding", json={"foutmelding": PRIVATE})
            assert said.json()["resultaat"] == "fout"
    assert watch.row_of("message").error_at is not None
    with db.reading() as connection:
        (told,) = receipts.reports(connection, "99XX")
    assert (told.keten_id, told.change_number, told.text) == (one["ketenId"], 1, PRIVATE)
    assert reader.fresh() == [one]
    assert "Kanarie" not in log.text + str(watch.rows())
    reader.confirm(one)
    assert watch.row_of("message").error_at is None
    assert reader.fresh() == []


@pytest.mark.rule("SIS-1")
def test_of_one_message_the_newest_reports_stay(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, 1, 2)
    one, other = sorted(reader.fresh(), key=number)
    for n in range(MOST_REPORTS + 5):
        reader.post(f"{number(one)}/foutmelding", json={"foutmelding": f"fout {n}"})
        reader.post(f"{number(other)}/foutmelding", json={"foutmelding": "andere"})
    with db.reading() as connection:
        told = [(said.keten_id, said.text) for said in receipts.reports(connection, "99XX")]
    assert sorted(told) == sorted(
        (
            (other["ketenId"], "andere"),
            *((one["ketenId"], f"fout {n}") for n in range(5, MOST_REPORTS + 5)),
        )
    )


@pytest.mark.rule("SIS-1")
def test_chunks_that_hold_nothing_confirm_nothing(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, 1)
    (one,) = reader.fresh()
    answer = reader.post(f"{number(one)}/ontvangst", content=iter([b""]))
    assert (answer.status_code, answer.json()["type"][-11:]) == (400, "fout-invoer")
    assert watch.row_of("message").acknowledged_at is None
    assert reader.post(f"{number(one)}/ontvangst").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{}", b"[]", b"null", b"1", b"{", b"\xff", b'{"foutmelding": 1}'),
        *(b'{"foutmelding": " "}', b'{"foutmelding": "' + b"x" * 2001 + b'"}'),
        *(b'{"foutmelding": "x", "wijzigingsvolgnummer": "a"}', b"[" * 40 + b"]" * 40),
        *(b'{"a":' * 40 + b"1" + b"}" * 40, b"[" * 100_000),
    ],
)
def test_a_report_that_says_nothing_is_refused(one_portal: Portal, body: bytes) -> None:
    answer = sis(one_portal).post("1/foutmelding", content=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["foutmelding"]


def test_a_body_that_is_too_large_is_refused(one_portal: Portal) -> None:
    answer = sis(one_portal).post("1/foutmelding", content=b"x" * 300_000)
    assert (answer.status_code, answer.json()["title"]) == (413, "Te groot")


@pytest.mark.rule("SIS-1")
def test_what_was_never_given_can_be_acknowledged(any_portal: Portal, reader: Sis) -> None:
    """A SIS that only reads by change number does so too."""
    send(any_portal, 1)
    (one,) = reader.items()
    reader.confirm(one)
    assert reader.fresh() == []
    assert watch.row_of("message").given_at is not None


@pytest.mark.rule("SIS-5")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_set_ready_again(any_portal: Portal, reader: Sis) -> None:
    """One, a selection, or a period; never of another school, nor older than a year."""
    send(any_portal, 1, 2, 3)
    first, _second, third = reader.fresh()
    now = clock.now()
    assert receipts.again("99XX", [first["ketenId"], third["caKetenId"]], None, now) == 2
    again = reader.fresh()
    assert [one["ketenId"] for one in again] == [first["ketenId"], third["ketenId"]]
    assert [one["wijzigingsvolgnummer"] for one in again] == [4, 5]
    assert again[0] == {**first, "wijzigingsvolgnummer": 4}
    with pytest.raises(NotThere):
        receipts.again("91XX", [first["ketenId"]], None, now)
    assert receipts.again("99XX", [], (now - timedelta(days=1), now), now) == 3
    assert len(reader.fresh()) == 3
    assert receipts.again("99XX", [], (now + timedelta(days=1), now + timedelta(days=2)), now) == 0
    late = now + timedelta(days=367)
    with pytest.raises(ValueError, match="at most 366 days back"):
        receipts.again("99XX", [], (now - timedelta(days=1), now), late)
    assert [r.document is None for r in watch.all_of("message")].count(False) == 3
    assert len(reader.items()) == 3


@pytest.mark.rule("SIS-1")
@pytest.mark.each_run_on("sqlite", "postgresql")
def test_several_nodes_of_one_sis_get_each_message_once(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, *range(12))
    url = any_portal.settings.database_url
    with db.reading() as connection:
        where = delivery.point(connection, reader.oin, "99XX", clock.real_now())
    call = (take, where)
    given = [n for numbers in at_once(url, own_act, [call] * 8) for n in numbers]
    assert sorted(given) == list(range(1, 13))
    assert reader.fresh() == []


def take(where: Point) -> list[int]:
    """What a node of the SIS is given."""
    got = delivery.fresh(where, Actor("sis", "9" * 20, "", clock.real_now()), clock.real_now())
    return [one.change_number for one in got]


def test_one_that_can_not_be_opened_holds_up_no_other(any_portal: Portal, reader: Sis) -> None:
    send(any_portal, 1, 2)
    rows = watch.all_of("message")
    with db.transaction() as connection:
        spoilt = update(message).where(message.c.id == rows[0].id)
        connection.execute(spoilt.values(document=rows[1].document))
    page = reader.get("", headers={"Range": "items=0-0"})
    assert page.json()["items"] == [], "read, and not to be opened"
    assert "vanafWijziging=2" in page.headers["Link"]
    assert [one["wijzigingsvolgnummer"] for one in reader.fresh()] == [2]
    assert reader.fresh() == []
    aside = watch.row_of("message", id=rows[0].id)
    assert (aside.waiting, aside.given_at) == (False, None)
    assert aside.error_at is not None
    with db.reading() as connection:
        (orphan,) = oversight.orphans(connection)
    assert receipts.again("99XX", [orphan], None, clock.now()) == 1
    assert [one["caKetenId"] for one in reader.fresh()] == [orphan]
