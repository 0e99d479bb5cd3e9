"""Mail: one message to one recipient, into a folder or to a server."""

from __future__ import annotations

import os
import re
import secrets
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.domain.ports import (
    Mail,
    Mailer,
    RegisterError,
    RequestRejected,
    Unavailable,
)

REGISTER = "mail"
SECONDS = 10.0
LINE_BREAK = re.compile(r"[\r\n\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
PERMANENT = 500
SMTP_PORT = 587


def mailer(mail_url: str, sender: str = "noreply@centraalaanmelden.example") -> Mailer:
    """`smtp://[user:password@]host[:port]`, or else a folder that gets a file a message.

    Raises ValueError for an address with another scheme.
    """
    scheme = mail_url.partition("://")[0] if "://" in mail_url else ""
    if scheme == "smtp":
        return SmtpMailer(mail_url, sender)
    if scheme:
        raise ValueError("MAIL_URL is smtp://[user:password@]host[:port] or a folder")
    return FolderMailer(Path(mail_url), sender)


def message(mail: Mail, sender: str) -> EmailMessage:
    """Raises RequestRejected when a header has a line break or the address isn't one."""
    for value in (mail.to, mail.subject, mail.message_id, mail.language):
        if LINE_BREAK.search(value):
            raise RequestRejected(REGISTER, "line break in a header")
    # Nor one that is decoded into others (RFC 2047).
    if "=?" in mail.to or not re.fullmatch(r"[^\s@,;<>()\"]+@[^\s@,;<>()\"]+", mail.to):
        raise RequestRejected(REGISTER, "not one address")
    made = EmailMessage(policy=SMTP)
    made["From"] = sender
    made["To"] = mail.to
    made["Subject"] = mail.subject
    made["Message-ID"] = _message_id(mail.message_id, sender)
    # Out-of-office replies aren't for us.
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.text, charset="utf-8")
    if mail.html:
        made.add_alternative(mail.html, subtype="html", charset="utf-8")
    made["Content-Language"] = mail.language  # after the text, which clears every Content-* header
    return made


def _message_id(own: str, sender: str) -> str:
    """The same for every try, so that a mail program shows a repeated message once."""
    bare = own.strip("<>")
    return f"<{bare}>" if "@" in bare else f"<{bare}@{sender.rpartition('@')[2]}>"


class FolderMailer:
    """Writes each message as `<Message-ID>.eml`; a second try overwrites the first."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail: Mail) -> None:
        made = message(mail, self._sender)
        name = re.sub(r"[^A-Za-z0-9._-]", "_", made["Message-ID"].strip("<>"))
        if not self._written(name, made.as_bytes()):
            raise Unavailable(REGISTER, "the folder can't be written")

    def _written(self, name: str, content: bytes) -> bool:
        fresh = self._folder / f".{secrets.token_hex(8)}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as f:
                f.write(content)
            fresh.replace(self._folder / f"{name}.eml")
        except OSError:
            with suppress(OSError):
                fresh.unlink()
            return False
        return True


class SmtpMailer:
    """Encrypts where the server offers it; with a password it must."""

    def __init__(self, url: str, sender: str, seconds: float = SECONDS) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._port = parts.port or SMTP_PORT
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender
        self._seconds = seconds

    def send(self, mail: Mail) -> None:
        failure = self._failure(message(mail, self._sender), mail.to)
        # Outside of `except`: what the server said may hold the recipient's address.
        if failure is not None:
            raise failure

    def _failure(self, made: EmailMessage, to: str) -> RegisterError | None:
        try:
            server = smtplib.SMTP(self._host, self._port, timeout=self._seconds)
            try:
                self._deliver(server, made, to)
            finally:
                server.close()
        except (smtplib.SMTPNotSupportedError, UnicodeError):
            return RequestRejected(REGISTER, "address not supported")
        except smtplib.SMTPAuthenticationError:
            return Unavailable(REGISTER, "password refused")
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            return _by_code(min(codes, default=0))
        except smtplib.SMTPResponseException as error:
            return _by_code(error.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Unavailable(REGISTER, "no connection")
        return None

    def _deliver(self, server: smtplib.SMTP, made: EmailMessage, to: str) -> None:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif self._user:
            raise smtplib.SMTPException("no encryption for the password")
        if self._user:
            server.login(self._user, self._password)
        server.send_message(made, to_addrs=[to])  # whatever is read in its head
        # It is sent; whatever happens while taking leave must not send it again.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _by_code(code: int) -> RegisterError:
    if code >= PERMANENT:
        return RequestRejected(REGISTER, str(code))
    return Unavailable(REGISTER, str(code))
