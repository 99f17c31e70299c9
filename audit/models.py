"""The log's one table."""

import uuid
from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One thing that happened, written in the transaction that did it and never changed afterwards.

    `payload` and `salt` may be erased; the commitment over them stays. `subject` is a reference, never an ID.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    time = models.DateTimeField()
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=32, blank=True)
    actor = models.CharField(max_length=64)
    payload = models.JSONField(null=True)
    salt = models.BinaryField(max_length=32, null=True)
    commitment = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "-time", "-id"], name="event_by_subject")]


class Mention(models.Model):
    """One dataset that an event is about, so that a record can be read dataset by dataset. It goes where its event goes."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    dataset = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "dataset"], name="one_mention_per_event_and_dataset"),
        ]
