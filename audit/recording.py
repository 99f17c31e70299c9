"""The one way into the log."""

import hashlib
import secrets
from collections.abc import Mapping

import rfc8785
from django.db import connection

from audit.actions import MEANINGS, Action
from audit.models import Event, Mention
from audit.signals import event_recorded
from mydata.core import clock

SALT_BYTES = 16


class NotInTransaction(Exception):
    """An event must be written in the transaction of the act that it records."""


def record(action: Action, *, subject: str = "", actor: str = "citizen", **facts: object) -> Event:
    """Write one event in the caller's transaction.

    `subject` is the reference of the person it is about; `facts` are exactly those the vocabulary names, JSON values
    without anything personal. Raises NotInTransaction, ValueError for missing or unknown facts.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(action)
    if set(facts) != MEANINGS[action].facts:
        message = f"{action} carries {sorted(MEANINGS[action].facts)}, not {sorted(facts)}"
        raise ValueError(message)
    salt = secrets.token_bytes(SALT_BYTES)
    event = Event.objects.create(
        time=clock.now(),
        action=action,
        subject=subject,
        actor=actor,
        payload=facts,
        salt=salt,
        commitment=commitment(salt, facts),
    )
    Mention.objects.bulk_create(Mention(event=event, dataset=name) for name in mentioned(facts))
    event_recorded.send(sender=Event, event=event)
    return event


def mentioned(facts: Mapping[str, object]) -> list[str]:
    """Name the datasets that facts are about, each once: those in `datasets`, or the one in `dataset`."""
    several = facts.get("datasets", [facts["dataset"]] if "dataset" in facts else [])
    return list(dict.fromkeys(map(str, several))) if isinstance(several, list | tuple) else []


def commitment(salt: bytes, payload: dict[str, object]) -> str:
    """Return the lower-case hex of SHA-256(salt || canonical JSON (RFC 8785) of the payload)."""
    return hashlib.sha256(salt + rfc8785.dumps(payload)).hexdigest()  # type: ignore[arg-type]  # facts are JSON values
