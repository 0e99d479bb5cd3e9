"""Mail into a folder and to a server that is really there."""

from __future__ import annotations

import socketserver
import stat
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.domain.ports import Mail, RegisterError, RequestRejected, Unavailable
from app.registers.mail import SmtpMailer, mailer
from tests.letters import part, read
from tests.smtp import listening

MAIL = Mail(
    to="noor@example.nl",
    subject="Je aanmelding is verstuurd – Zoë",
    text="Hallo Zoë,\n\nJe aanmelding voor «Kok» is verstuurd.\n" + "Een lange regel. " * 80 + "\n",
    message_id="bericht-17",
    language="nl",
    html="<p>Hallo Zoë,</p>\n<p>" + "Een lange regel. " * 80 + "</p>\n",
)


def check(made: EmailMessage) -> None:
    assert made["To"] == MAIL.to
    assert made["Subject"] == MAIL.subject
    assert made["Message-ID"].startswith("<bericht-17@")
    assert made["Content-Language"] == "nl"
    assert made["Auto-Submitted"] == "auto-generated"
    assert made.get_content_type() == "multipart/alternative"
    kinds = [(part.get_content_type(), part.get_content_charset()) for part in made.iter_parts()]
    assert kinds == [("text/plain", "utf-8"), ("text/html", "utf-8")], "the best comes last"
    assert (part(made, "plain"), part(made, "html")) == (MAIL.text, MAIL.html)


def test_a_folder_gets_a_file_a_message(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "mail"
    mailer(str(folder)).send(MAIL)
    (path,) = folder.iterdir()
    check(read(path.read_bytes()))
    assert path.suffix == ".eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_sent_twice_is_there_once(tmp_path: Path) -> None:
    for _ in range(2):
        mailer(str(tmp_path)).send(MAIL)
    mailer(str(tmp_path)).send(replace(MAIL, message_id="../../etc/18"))
    assert len(list(tmp_path.glob("*.eml"))) == len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_cannot_be_written_can_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(Unavailable) as caught:
        mailer(str(tmp_path / "mail")).send(MAIL)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("field", ["to", "subject", "message_id", "language"])
@pytest.mark.parametrize("break_", ["\r\nBcc: x@example.nl", "\nX: y", "\r", "\0", "\u2028"])
def test_a_header_holds_no_line_break(tmp_path: Path, field: str, break_: str) -> None:
    broken = replace(MAIL, **{field: getattr(MAIL, field) + break_})
    with pytest.raises(RequestRejected):
        mailer(str(tmp_path)).send(broken)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "to",
    [
        *("", "noor", "a@example.nl, b@example.nl", "A <a@example.nl>", "a@b@c", "a b@example.nl"),
        "=?us-ascii?q?a=40example.nl=2C?=b@example.nl",
    ],
)
def test_one_recipient(tmp_path: Path, to: str) -> None:
    with pytest.raises(RequestRejected):
        mailer(str(tmp_path)).send(replace(MAIL, to=to))


def test_a_server_gets_the_same_message() -> None:
    with listening() as (address, smtp):
        mailer(f"smtp://{address}").send(MAIL)
    (body,) = smtp.received
    check(read(body))
    assert f"rcpt TO:<{MAIL.to}>".lower() in [word.lower() for word in smtp.heard]


@pytest.mark.parametrize(
    ("replies", "error"),
    [
        ({"RCPT": "550 no such person noor@example.nl"}, RequestRejected),
        ({"RCPT": "450 later noor@example.nl"}, Unavailable),
        ({"MAIL": "550 not you"}, RequestRejected),
        ({"DATA": "451 later"}, Unavailable),
        ({"BODY": "554 spam"}, RequestRejected),
        ({"BODY": "452 full"}, Unavailable),
        ({"MAIL": "hang up"}, Unavailable),
    ],
    ids=repr,
)
def test_what_the_server_says_decides(replies: dict[str, str], error: type[RegisterError]) -> None:
    with listening(**replies) as (address, _), pytest.raises(RegisterError) as caught:
        mailer(f"smtp://{address}").send(MAIL)
    assert type(caught.value) is error
    assert caught.value.__context__ is None
    assert "noor" not in str(caught.value)


def test_a_server_that_takes_leave_badly_has_the_message() -> None:
    for goodbye in ("500 what?", "hang up"):
        with listening(QUIT=goodbye) as (address, smtp):
            mailer(f"smtp://{address}").send(MAIL)
        assert len(smtp.received) == 1


def test_nobody_listening_and_nobody_answering_can_be_tried_again() -> None:
    with listening() as (address, _):
        pass
    with pytest.raises(Unavailable):
        mailer(f"smtp://{address}").send(MAIL)
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as silent:
        with pytest.raises(Unavailable):
            SmtpMailer(f"smtp://127.0.0.1:{silent.server_address[1]}", "a@b.example", 0.2).send(
                MAIL
            )


def test_a_password_is_not_sent_in_the_clear() -> None:
    with listening(EHLO="250-test\r\n250 AUTH PLAIN") as (address, smtp):
        with pytest.raises(Unavailable):
            mailer(f"smtp://me:secret@{address}").send(MAIL)
    assert not [word for word in smtp.heard if word.upper().startswith("AUTH")]


@pytest.mark.parametrize("url", ["http://mail.example", "smtps://mail.example"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="MAIL_URL"):
        mailer(url)
