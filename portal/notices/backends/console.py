"""For development: the message is printed, its address left out."""

import sys

from portal.notices.backends.base import EVERY_CHANNEL, Message


class Console:
    """Print to standard output."""

    channels = EVERY_CHANNEL

    def deliver(self, message: Message) -> None:
        """Print channel, template and text."""
        sys.stdout.write(f"[{message.channel} {message.template}] {message.subject}\n{message.body}\n")
        sys.stdout.flush()


BACKEND = Console()
