"""A mail server that refuses, hangs, answers 4xx or 5xx, or drops what it took: nothing is lost,
and what comes twice bears the same Message-ID (checklist item 56)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from app import db, jobs
from app.domain.ports import Mailer
from app.registers.mail import SmtpMailer, mailer
from app.services import oversight, work
from tests import watch
from tests.letters import read
from tests.portal import ADULT, Portal
from tests.smtp import Smtp, listening

pytestmark = pytest.mark.each_run_on("sqlite")

PASSING: Mapping[str, Mapping[str, str]] = {
    "4xx for the recipient": {"RCPT": "451 later"},
    "4xx for the message": {"BODY": "452 full"},
    "hangs up at once": {"EHLO": "hang up", "HELO": "hang up"},
    "drops after DATA": {"BODY": "hang up"},
}


def act(portal: Portal, mail: Mailer) -> None:
    """Everything that is due."""
    extensions = portal.app.extensions
    registers = replace(extensions["registers"], mail=mail)
    doing = jobs.acts(portal.settings, registers, extensions["store"])
    while jobs.run_one(doing):
        pass


def ids(*servers: Smtp) -> list[str]:
    return [read(body)["Message-ID"] for smtp in servers for body in smtp.received]


@pytest.mark.rule("WIZ-14")
@pytest.mark.parametrize("kind", PASSING)
def test_what_passes_is_waited_for_and_it_arrives(
    any_portal: Portal, machine: time_machine.Traveller, kind: str
) -> None:
    any_portal.student(ADULT).send()
    with listening(**PASSING[kind]) as (address, first):
        for pause in work.PAUSES[:3]:
            act(any_portal, mailer(f"smtp://{address}"))
            machine.shift(timedelta(seconds=pause))
    waiting = watch.row_of("job", name="mail")
    assert (waiting.attempts, waiting.last_error, waiting.failed_at) == (3, "Unavailable", None)
    with listening() as (address, second):
        act(any_portal, mailer(f"smtp://{address}"))
    assert len(second.received) == 1
    assert len(set(ids(first, second))) == 1, "a mail program shows it once"
    assert watch.all_of("job", name="mail") == []


@pytest.mark.rule("WIZ-14")
def test_one_that_answers_nothing_holds_up_nobody_for_long(any_portal: Portal) -> None:
    any_portal.student(ADULT).send()
    with listening(EHLO="silent") as (address, _):
        act(any_portal, SmtpMailer(f"smtp://{address}", "a@b.example", 0.2))
    assert watch.row_of("job", name="mail").last_error == "Unavailable"


@pytest.mark.rule("WIZ-14")
def test_after_48_hours_it_is_given_up_and_the_operator_sees_it(
    any_portal: Portal, machine: time_machine.Traveller
) -> None:
    any_portal.student(ADULT).send()
    with listening(RCPT="451 later") as (address, smtp):
        for _ in range(60):
            act(any_portal, mailer(f"smtp://{address}"))
            machine.shift(timedelta(hours=1))
    given_up = watch.row_of("job", name="mail")
    assert given_up.failed_at is not None
    assert given_up.failed_at - given_up.first_tried_at >= 48 * 3600
    assert smtp.received == []
    with db.reading() as connection:
        (shown,) = oversight.failed(connection)
    assert (shown.name, shown.error, shown.given_up) == ("mail", "Unavailable", True)
    assert oversight.try_again() == 1
    with listening() as (address, smtp):
        act(any_portal, mailer(f"smtp://{address}"))
    assert len(smtp.received) == 1


@pytest.mark.rule("WIZ-14")
def test_5xx_is_given_up_at_once(any_portal: Portal) -> None:
    any_portal.student(ADULT).send()
    with listening(RCPT="550 no such person") as (address, _):
        act(any_portal, mailer(f"smtp://{address}"))
    row = watch.row_of("job", name="mail")
    assert (row.last_error, row.failed_at is not None) == ("RequestRejected", True)
