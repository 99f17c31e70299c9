"""What the faces themselves have to remember: which repeatable calls were made, never what was in them."""

import uuid
from typing import ClassVar

from django.db import models


class IdempotentCall(models.Model):
    """A POST that creates, made under an `Idempotency-Key`: keyed digests of caller, key and body, and one id.

    The answer is not kept: it is made again from `resource`, which is empty while the first call is running.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    caller = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    body = models.CharField(max_length=64)
    resource = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotent_call_by_age")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "key"], name="one_call_per_idempotency_key"),
        ]
