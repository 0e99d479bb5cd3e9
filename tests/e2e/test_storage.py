"""A browser keeps nothing of what it showed, so nothing stays there that becomes secret later."""

from __future__ import annotations

import json

import pytest

from tests.e2e.student import CHECK, CONTACT, DATA, Student
from tests.portal import ADULT

HELD = """async () => JSON.stringify({
  local: {...localStorage},
  session: {...sessionStorage},
  databases: await indexedDB.databases(),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  state: history.state,
  name: window.name,
})"""
KNOWN = ("Havenkade", "7411", "Deventer", "Bakhuis", "sam@voorbeeld.nl")


@pytest.mark.rule("DUO-3")
@pytest.mark.rule("DUO-9")
def test_a_browser_keeps_nothing_of_what_it_showed(student: Student) -> None:
    student.is_logged_in_as(ADULT)
    student.sees(DATA)
    student.reads("Havenkade")
    student.answers_all(DATA, CONTACT)
    student.sees("Wat is je vooropleiding?")
    student.page.go_back()
    student.sees(CONTACT)
    student.is_logged_in_as(ADULT, at="controleren")
    student.sees(CHECK)
    student.reads("Havenkade")
    held = json.loads(student.page.evaluate(HELD))
    cookies = json.dumps(student.page.context.cookies())
    assert [known for known in KNOWN if known in json.dumps(held) + cookies] == []
    assert [held[kind] for kind in ("local", "databases", "caches", "workers", "name")] == [
        *({}, [], [], 0, "")
    ]
