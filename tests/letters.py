"""Mail as it was sent: what stands in it, and doing what makes it go."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from html import unescape
from pathlib import Path

from app import jobs
from tests.portal import Portal


def acts(portal: Portal) -> dict[str, jobs.Act]:
    extensions = portal.app.extensions
    return jobs.acts(portal.settings, extensions["registers"], extensions["store"])


def do_everything(portal: Portal) -> None:
    while jobs.run_one(acts(portal)):
        pass


def mails(portal: Portal) -> list[EmailMessage]:
    """Those in the folder, in no order that means anything."""
    files = sorted(Path(portal.settings.mail_url).glob("*.eml"))
    return [read(file.read_bytes()) for file in files]


def read(data: bytes) -> EmailMessage:
    made = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    return made


def part(mail: EmailMessage, kind: str) -> str:
    """`plain` or `html`."""
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def text(mail: EmailMessage) -> str:
    return part(mail, "plain")


def links(mail: EmailMessage) -> set[str]:
    """Every address in it; the same in both parts."""
    plain = set(re.findall(r"https?://\S+", text(mail)))
    assert plain == {unescape(url) for url in re.findall(r'href="([^"]*)"', part(mail, "html"))}
    return plain


def subjects(portal: Portal, to: str = "") -> list[str]:
    return sorted(mail["Subject"] for mail in mails(portal) if to in mail["To"])
