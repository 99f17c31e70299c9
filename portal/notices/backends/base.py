"""What every way of delivering a notice does."""

from dataclasses import asdict, dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it leaves the house; `sent_at` is RFC 3339, `event` the id of what it is about."""

    channel: str
    to: str
    template: str
    subject: str
    body: str
    sent_at: str
    event: str

    def document(self) -> dict[str, str]:
        """Return the members as `MYDATA_NOTICE_DIR` and the sandbox's post box hold them."""
        return asdict(self)


EVERY_CHANNEL = frozenset(("email", "sms"))


class NotDelivered(Exception):
    """The channel did not take the message; it may later."""


class Backend(Protocol):
    """One way of delivering, and the channels that it carries."""

    channels: frozenset[str]

    def deliver(self, message: Message) -> None:
        """Hand the message over. Raises NotDelivered."""
