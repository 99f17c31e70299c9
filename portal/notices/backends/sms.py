"""Text messages by an HTTP gateway: `POST {to, text, reference}` as JSON, with a bearer token.

`reference`, also sent as `Idempotency-Key`, names the event and stays the same when a message is sent again, so that a
gateway that knows it delivers once. Any 2xx means that the message was taken.
"""

from http import HTTPStatus

from django.conf import settings

from mydata.core import keyring, outbound
from portal.notices.backends.base import Message, NotDelivered

LIMITS = outbound.Limits(max_bytes=64 * 1024, total=15)


class Sms:
    """POST to the gateway of `MYDATA_SMS_URL`."""

    channels = frozenset(("sms",))

    def deliver(self, message: Message) -> None:
        """Hand the message over. Raises NotDelivered."""
        reference = f"{message.event}.{message.channel}"
        call = outbound.Call(
            method="POST",
            url=settings.SMS_URL,
            headers={"Authorization": f"Bearer {keyring.text('sms-token')}", "Idempotency-Key": reference},
            json={"to": message.to, "text": message.body, "reference": reference},
            limits=LIMITS,
        )
        try:
            reply, _ = outbound.fetch(call)
        except outbound.OutboundError as error:
            raise NotDelivered from error
        if not HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
            raise NotDelivered


BACKEND = Sms()
