"""E-mail by a mail server of the operator's (RFC 5321), over TLS but for loopback."""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from mydata.core import keyring
from portal.notices.backends.base import Message, NotDelivered

SECONDS = 15
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Smtp:
    """One connection a message: a mail server that hangs holds up nobody else."""

    channels = frozenset(("email",))

    def deliver(self, message: Message) -> None:
        """Hand the message to the server. Raises NotDelivered."""
        mail = EmailMessage(
            message.subject,
            message.body,
            settings.MAIL_FROM,
            [message.to],
            connection=_server(),
            headers={"Message-ID": _message_id(message), "Auto-Submitted": "auto-generated"},
        )
        try:
            mail.send()
        except (OSError, ValueError) as error:
            # What the server says may name the addressee: it goes no further. smtplib's errors are OSErrors.
            raise NotDelivered from error


def _message_id(message: Message) -> str:
    """Return an id that stays the same when the message is sent again (RFC 5322, section 3.6.4)."""
    return f"<{message.event}.{message.channel}@{urlsplit(settings.ISSUER).hostname}>"


def _server() -> EmailBackend:
    address = urlsplit(settings.SMTP_URL)
    return EmailBackend(
        host=address.hostname,
        port=address.port or PORTS[address.scheme],
        username=unquote(address.username or ""),
        password=keyring.text("smtp-password") if address.username else "",
        use_tls=address.scheme == "smtp+starttls",
        use_ssl=address.scheme == "smtps",
        timeout=SECONDS,
    )


BACKEND = Smtp()
