"""Leases: how a worker holds a row that needs work, and how the row comes free when the worker dies."""

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet


class Leased(models.Model):
    """A row that needs work: due at a time, tried so often, held by one worker until the lease ends."""

    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)

    class Meta:
        abstract = True


def due(rows: QuerySet[Any], now: dt.datetime) -> QuerySet[Any]:
    """Narrow `rows` to those that are due and that nobody holds."""
    return rows.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now), due_at__lte=now)


def claim(rows: QuerySet[Any], *, now: dt.datetime, seconds: float, **changes: object) -> uuid.UUID | None:
    """Take the one row of `rows` where it is due and free; return the lease token, or None where another was first."""
    token = uuid.uuid4()
    until = now + dt.timedelta(seconds=seconds)
    taken = due(rows, now).update(lease_token=token, lease_until=until, attempts=F("attempts") + 1, **changes)
    return token if taken == 1 else None


def renew(rows: QuerySet[Any], token: uuid.UUID, *, now: dt.datetime, seconds: float) -> bool:
    """Hold on to the row for `seconds` more; say whether it was still ours."""
    return rows.filter(lease_token=token).update(lease_until=now + dt.timedelta(seconds=seconds)) == 1
