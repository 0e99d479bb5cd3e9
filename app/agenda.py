"""A file for somebody's calendar (iCalendar, RFC 5545): the day on which a programme begins."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vText

from app.i18n import Locale, translate
from app.i18n import mark as _
from app.services.applied import Sent

LONGEST = 200  # characters of a name


def start(sent: Sent, reader: Locale, base_url: str) -> bytes:
    """The start of an application that has one (`sent.begins`). A family may share its calendar:
    no name of a person, no number. A second download takes the place of the first."""
    begins = sent.begins
    assert begins is not None, "it is known when this begins"
    choice, host = sent.choice, urlsplit(base_url).hostname
    programme = (reader.code == "en" and choice.name_english) or choice.programme
    event = Event()
    event.add("uid", f"{uuid5(UUID(sent.ca_keten_id), 'start')}@{host}")
    event.add("dtstamp", sent.submitted_at)
    event.add("dtstart", begins)
    title = translate(reader.code, _("Start van %(programme)s"), programme=programme[:LONGEST])
    event.add("summary", _in(reader, title))
    event.add("location", f"{choice.institution[:LONGEST]}, {choice.place[:LONGEST]}")
    hears = _("De school vertelt je hoe laat je begint, en waar.")
    event.add("description", _in(reader, translate(reader.code, hears)))
    event.add("transp", "TRANSPARENT")  # one isn't busy all day
    calendar = Calendar()
    calendar.add("prodid", f"-//Centraal Aanmelden MBO//{reader.code.upper()}")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _in(reader: Locale, text: str) -> vText:
    """A text with the language that it is in."""
    return vText(text, params={"LANGUAGE": reader.code})
