"""A file for somebody's calendar (iCalendar, RFC 5545): the day on which a programme begins, or the
last day to apply for it."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vText

from app.domain.catalogue import Choice
from app.i18n import Locale, translate
from app.i18n import mark as _
from app.services.applied import Sent

LONGEST = 200  # characters of a name


def start(sent: Sent, reader: Locale, base_url: str) -> bytes:
    """The start of an application that has one (`sent.begins`). A family may share its calendar:
    no name of a person, no number. A second download takes the place of the first."""
    begins = sent.begins
    assert begins is not None, "it is known when this begins"
    event = _event(UUID(sent.ca_keten_id), "start", begins, sent.submitted_at, base_url)
    _says(
        event,
        sent.choice,
        reader,
        _("Start van %(programme)s"),
        _("De school vertelt je hoe laat je begint, en waar."),
    )
    return _calendar(event, reader)


def last_day(
    draft_id: str, choice: Choice, day: date, now: datetime, reader: Locale, base_url: str
) -> bytes:
    """The last day on which a draft for this can be sent, or is in time."""
    event = _event(UUID(draft_id), "laatste dag", day, now, base_url)
    _says(
        event,
        choice,
        reader,
        _("Laatste dag: %(programme)s"),
        _("Verstuur je aanmelding voor het einde van deze dag."),
    )
    return _calendar(event, reader)


def _event(of: UUID, what: str, day: date, made: datetime, base_url: str) -> Event:
    event = Event()
    event.add("uid", f"{uuid5(of, what)}@{urlsplit(base_url).hostname}")
    event.add("dtstamp", made)
    event.add("dtstart", day)
    event.add("transp", "TRANSPARENT")  # one isn't busy all day
    return event


def _says(event: Event, choice: Choice, reader: Locale, title: str, then: str) -> None:
    programme = (reader.code == "en" and choice.name_english) or choice.programme
    named = translate(reader.code, title, programme=programme[:LONGEST])
    event.add("summary", _in(reader, named))
    event.add("location", f"{choice.institution[:LONGEST]}, {choice.place[:LONGEST]}")
    event.add("description", _in(reader, translate(reader.code, then)))


def _calendar(event: Event, reader: Locale) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", f"-//Centraal Aanmelden MBO//{reader.code.upper()}")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _in(reader: Locale, text: str) -> vText:
    """A text with the language that it is in."""
    return vText(text, params={"LANGUAGE": reader.code})
