"""Who is known here: references and sealed contacts, never a national ID."""

import uuid
from typing import ClassVar

from django.db import models

from identity.levels import AssuranceLevel
from mydata.core.states import Life


class Language(models.TextChoices):
    """In which language somebody is told."""

    ZH = "zh"
    EN = "en"


class ToldBy(models.TextChoices):
    """By which ways somebody wants to be told."""

    BOTH = "both"
    EMAIL = "email"
    SMS = "sms"


class Citizen(models.Model):
    """A member: somebody who proved who they are and confirmed where to be told."""

    reference = models.CharField(max_length=32, primary_key=True)
    email_sealed = models.BinaryField(null=True)
    mobile_sealed = models.BinaryField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField()
    language = models.CharField(max_length=2, choices=Language, default=Language.ZH)
    told_by = models.CharField(max_length=5, choices=ToldBy, default=ToldBy.BOTH)
    phrase_sealed = models.BinaryField(null=True)


class Verification(models.Model):
    """One attempt to prove who somebody is. Its claim stands in the key store under this id until it is decided."""

    class State(models.TextChoices):
        """Where an attempt stands."""

        PENDING = "pending"
        VERIFIED = "verified"
        FAILED = "failed"

    LIFE = Life({State.VERIFIED: (State.PENDING,), State.FAILED: (State.PENDING,)})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    method = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    subject = models.CharField(max_length=32)
    reason = models.CharField(max_length=20, blank=True)
    next = models.CharField(max_length=20, blank=True)
    level = models.PositiveSmallIntegerField(choices=AssuranceLevel, null=True)
    challenge = models.BinaryField(max_length=64, null=True)
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="verification_by_end")]
