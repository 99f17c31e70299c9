"""The sandbox's post box, which plays the mail and SMS gateways."""

from django.conf import settings

from mydata.core import outbound
from portal.notices.backends.base import EVERY_CHANNEL, Message, NotDelivered

LIMITS = outbound.Limits(max_bytes=64 * 1024, total=15)


class Post:
    """POST to the box."""

    channels = EVERY_CHANNEL

    def deliver(self, message: Message) -> None:
        """Hand the message over. Raises NotDelivered."""
        call = outbound.Call(
            method="POST", url=settings.NOTICE_POST_URL, headers={}, json=message.document(), limits=LIMITS
        )
        try:
            reply, _ = outbound.fetch(call)
        except outbound.OutboundError as error:
            raise NotDelivered from error
        if reply.status not in {200, 201, 202}:
            raise NotDelivered


BACKEND = Post()
