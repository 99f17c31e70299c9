"""The real ways out: a mail server and an SMS gateway, met over loopback."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django.fixtures import Settings

from mydata.core import keyring
from portal.notices import backends
from portal.notices.backends import sms, smtp
from portal.notices.backends.base import Message, NotDelivered

EVENT = "5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10"


def message(channel: str, to: str) -> Message:
    return Message(
        channel=channel,
        to=to,
        template="parcel_ready",
        subject="MyData：資料準備好了",
        body="內容。\n第二行",
        sent_at="2026-11-23T01:02:03Z",
        event=EVENT,
    )


class MailServer:
    """Keeps the mail it takes; refuses whom it does not know."""

    def __init__(self) -> None:
        self.mail: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if envelope.rcpt_tos == ["nobody@mail.example"]:
            return "550 no such person"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.mail.append(message_from_bytes(content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def mail_server(settings: Settings) -> Iterator[MailServer]:
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.SMTP_URL = f"smtp://127.0.0.1:{controller.port}"
    settings.MAIL_FROM = "MyData <noreply@mydata.example>"
    yield server
    controller.stop()


class Gateway(BaseHTTPRequestHandler):
    """Takes text messages while it is up."""

    taken: list[tuple[dict[str, str], Any]]
    status: int

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).taken.append((dict(self.headers), json.loads(body)))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def gateway(settings: Settings, tmp_path: Path) -> Iterator[type[Gateway]]:
    handler = type("Handler", (Gateway,), {"taken": [], "status": 202})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_URL = f"http://127.0.0.1:{server.server_port}/messages"
    settings.SECRETS_DIR = tmp_path
    (tmp_path / "sms-token").write_text("a token\n")
    keyring.text.cache_clear()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()
    keyring.text.cache_clear()


def test_a_mail_arrives_as_it_was_written_and_says_that_a_machine_sent_it(mail_server: MailServer) -> None:
    smtp.BACKEND.deliver(message("email", "who@mail.example"))
    (mail,) = mail_server.mail
    assert (mail["To"], mail["From"]) == ("who@mail.example", "MyData <noreply@mydata.example>")
    assert mail["Subject"] == "MyData：資料準備好了"
    assert mail.get_content().splitlines() == ["內容。", "第二行"]
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_mail_that_is_sent_again_can_be_told_from_a_second_one(mail_server: MailServer) -> None:
    for _ in range(2):
        smtp.BACKEND.deliver(message("email", "who@mail.example"))
    first, second = mail_server.mail
    assert first["Message-ID"] == second["Message-ID"]
    assert EVENT in first["Message-ID"]


def test_a_server_that_refuses_or_is_not_there_has_not_delivered(mail_server: MailServer, settings: Settings) -> None:
    with pytest.raises(NotDelivered):
        smtp.BACKEND.deliver(message("email", "nobody@mail.example"))
    with pytest.raises(NotDelivered):
        smtp.BACKEND.deliver(message("email", "who@mail.example\nBcc: all@mail.example"))
    assert mail_server.mail == []
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    with pytest.raises(NotDelivered):
        smtp.BACKEND.deliver(message("email", "who@mail.example"))


def test_a_text_message_carries_the_token_and_a_reference_that_stays(gateway: type[Gateway]) -> None:
    for _ in range(2):
        sms.BACKEND.deliver(message("sms", "0900000101"))
    (headers, first), (_, second) = gateway.taken
    assert first == second == {"to": "0900000101", "text": "內容。\n第二行", "reference": f"{EVENT}.sms"}
    assert headers["Authorization"] == "Bearer a token"
    assert headers["Idempotency-Key"] == f"{EVENT}.sms"


@pytest.mark.parametrize("status", [302, 400, 401, 429, 500])
def test_a_gateway_that_does_not_take_it_has_not_delivered(gateway: type[Gateway], status: int) -> None:
    gateway.status = status
    with pytest.raises(NotDelivered):
        sms.BACKEND.deliver(message("sms", "0900000101"))


def test_each_way_gets_only_the_channel_that_it_carries(
    mail_server: MailServer, gateway: type[Gateway], settings: Settings
) -> None:
    settings.NOTICE_BACKENDS = ["smtp", "sms"]
    backends.deliver(message("email", "who@mail.example"))
    assert (len(mail_server.mail), len(gateway.taken)) == (1, 0)
    backends.deliver(message("sms", "0900000101"))
    assert (len(mail_server.mail), len(gateway.taken)) == (1, 1)
    settings.NOTICE_BACKENDS = ["smtp"]
    with pytest.raises(NotDelivered):
        backends.deliver(message("sms", "0900000101"))


def free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as listening:
        return int(listening.getsockname()[1])
