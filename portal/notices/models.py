"""The notices that are to be sent and that were."""

import uuid
from typing import ClassVar

from django.db import models

from audit.models import Event
from mydata.core.leases import Leased
from mydata.core.states import Life


class Notice(Leased):
    """One message to one citizen by one channel about one event. Its address is looked up when it is sent."""

    class State(models.TextChoices):
        """The life of a notice."""

        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        GIVEN_UP = "given_up"

    class Channel(models.TextChoices):
        """簡訊 or email."""

        EMAIL = "email"
        SMS = "sms"

    LIFE = Life(
        {
            State.SENT: (State.QUEUED, State.FAILED),
            State.FAILED: (State.QUEUED, State.FAILED),
            State.GIVEN_UP: (State.QUEUED, State.FAILED),
        }
    )
    OPEN = (State.QUEUED, State.FAILED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32)
    channel = models.CharField(max_length=5, choices=Channel)
    template = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "-created_at"], name="notice_by_subject"),
            models.Index(fields=["state", "due_at"], name="notice_by_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "channel"], name="one_notice_per_event_and_channel"),
        ]
