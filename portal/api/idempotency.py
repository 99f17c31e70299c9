"""`Idempotency-Key`: a POST that creates is done once, however often it is sent.

The table keeps keyed digests and one id, so that it tells nobody what was asked; a repeated answer is made again from the id.
A refusal is not kept, for it changed nothing: the same call may be tried again.
"""

import contextlib
import datetime as dt
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import rfc8785
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from mydata.core import clock, references, states
from mydata.core.errors import Busy, IdempotencyMismatch, Malformed, NotFound
from portal.models import IdempotentCall

HEADER = "Idempotency-Key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
KEPT = dt.timedelta(hours=24)
ABANDONED = dt.timedelta(seconds=60)
"""A first call that has not ended by then never will: its process is gone."""
WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)
"""How long a second call waits for the first, in seconds, before it is told to come back."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Made(Generic[Answer]):
    """The id of what a call created, from which the same answer can be made again, and that answer."""

    resource: UUID
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call under a key, by its digests: who called, under which key at which address, and with which body."""

    caller: str
    key: str
    body: str

    @property
    def rows(self) -> "QuerySet[IdempotentCall]":
        """The calls of this caller under this key: at most one."""
        return IdempotentCall.objects.filter(caller=self.caller, key=self.key)


def key_of(request: HttpRequest) -> str | None:
    """Return the caller's key, 1 to 255 visible ASCII characters. Raises Malformed."""
    key = request.headers.get(HEADER)
    if key is not None and not KEY.fullmatch(key):
        raise Malformed(path=HEADER)
    return key


def call_of(key: str, *, caller: str, path: str, body: Mapping[str, Any]) -> Call:
    """Reduce a call to its digests. The same key at another address is another key."""
    return Call(
        caller=references.digest("idempotency-caller", caller.encode()),
        key=references.digest("idempotency-key", f"{path}\n{key}".encode()),
        body=references.digest("idempotency-body", rfc8785.dumps(dict(body))),
    )


def once(
    call: Call, make: Callable[[], Made[Answer]], again: Callable[[UUID], Answer], *, known: UUID | None = None
) -> Answer:
    """Answer a call: by `make` the first time, from then on by `again` with the id of what was made.

    Where the id is `known` before anything is made, a first call that died after making it is answered too: `again`
    raises NotFound for what was never made. Raises IdempotencyMismatch where the key came with another body, Busy where the first call is still running.
    """
    for wait in (*WAITS, None):
        if (mine := _take(call)) is not None:
            return _make(mine, make)
        first = call.rows.first()
        if first is not None and first.body != call.body:
            raise IdempotencyMismatch
        if first is not None and first.resource is not None:
            return again(first.resource)
        if first is not None and known is not None:
            with contextlib.suppress(NotFound):
                return again(known)
        if wait is not None:
            time.sleep(wait)
    raise Busy(retry_after=1)


def forget(now: dt.datetime) -> None:
    """Delete the calls that are too old to be repeated."""
    IdempotentCall.objects.filter(created_at__lt=now - KEPT).delete()


def _take(call: Call) -> UUID | None:
    """Write the call down and return its row's id; None where the key is taken. The unique constraint decides."""
    now = clock.now()
    call.rows.filter(resource=None, created_at__lt=now - ABANDONED).delete()
    try:
        with transaction.atomic():
            return IdempotentCall.objects.create(caller=call.caller, key=call.key, body=call.body, created_at=now).pk
    except IntegrityError:
        return None


def _make(mine: UUID, make: Callable[[], Made[Answer]]) -> Answer:
    """Do it, and free the key again where nothing came of it, for whatever reason."""
    row = states.row(IdempotentCall, mine)
    try:
        made = make()
        row.update(resource=made.resource)
    finally:
        row.filter(resource=None).delete()
    return made.answer
