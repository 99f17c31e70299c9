"""資料取用後自動刪除: destroying as an act with a proof.

1. One guarded update shuts the parcel; from then on nobody opens, lands or claims. 2. Shares, codes and tokens are destroyed.
3. Every spool file is unlinked. 4. One transaction ends parcel, items and grant, writes the log and keeps the signed receipt.
Every step can be repeated, so a death anywhere is finished by the next beat; the last step happens exactly once.
"""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from audit.actions import Action
from audit.recording import record
from consent import grants
from consent.models import Grant
from dataproviders import tokens
from dataproviders.errors import Reason
from mydata.core import clock, states
from mydata.core.errors import IllegalMove
from personal_cloud import codes, receipts, spool, vault
from personal_cloud.models import CounterCode, Item, Parcel


class Because(StrEnum):
    """Why a parcel is destroyed."""

    RECEIVED = "received"
    WINDOW_OVER = "window_over"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def purge(parcel_id: UUID, *, because: Because, now: dt.datetime) -> Parcel:
    """Destroy a parcel and return it with its receipt; a parcel that is destroyed already is returned as it is.

    Raises IllegalMove where it cannot be destroyed for this reason: what was released is no longer withdrawn.
    """
    rows = states.row(Parcel, parcel_id).filter(purge_started_at=None).exclude(state=Parcel.State.PURGED)
    if because == Because.WITHDRAWN:
        rows = rows.exclude(state=Parcel.State.RELEASED)
    started = states.change(rows, purge_started_at=now, purge_because=because)
    parcel = Parcel.objects.get(pk=parcel_id)
    if not started and parcel.purge_started_at is None:
        raise IllegalMove
    if parcel.state == Parcel.State.PURGED:
        return parcel
    return finish(parcel)


class _MovedMeanwhile(Exception):
    """An item is no longer as it was read: its worker was landing it in the moment in which the parcel was shut."""


def finish(parcel: Parcel) -> Parcel:
    """Carry a purge that has begun to its end, from whichever step it was cut off at.

    What lands in that moment is met again on another pass; as the parcel is shut, there are at most as many as items.
    """
    closed = False
    while not closed:
        items = list(Item.objects.filter(parcel=parcel))
        _destroy(parcel, items)
        closed = _close(parcel, items)
    return Parcel.objects.get(pk=parcel.pk)


def due(now: dt.datetime) -> Iterator[tuple[UUID, Because]]:
    """Name the parcels whose time is over, or whose purge was cut off, with the reason."""
    shut = Parcel.objects.exclude(state=Parcel.State.PURGED).filter(purge_started_at__isnull=False)
    for pk, because in shut.values_list("pk", "purge_because")[:500]:
        yield pk, Because(because)
    still_open = Parcel.objects.exclude(state=Parcel.State.PURGED).filter(purge_started_at=None)
    window = now - dt.timedelta(seconds=settings.RESUME_WINDOW)
    taken = Q(state=Parcel.State.RELEASED, last_sent_at__lt=window)
    for pk, expires_at in still_open.filter(Q(expires_at__lte=now) | taken).values_list("pk", "expires_at")[:500]:
        yield pk, Because.EXPIRED if expires_at <= now else Because.WINDOW_OVER


def _destroy(parcel: Parcel, items: list[Item]) -> None:
    vault.destroy_share(parcel.pk)
    codes.destroy_of(parcel)
    for item in items:
        tokens.end(item.pk)
        spool.unlink(item.spool)
    spool.unlink(parcel.file_spool)


def _close(parcel: Parcel, items: list[Item]) -> bool:
    """End parcel, items and grant in one transaction; say whether the items were still as they had been read."""
    finished = clock.now()
    receipt = receipts.deletion(parcel, items, finished_at=finished)
    try:
        with transaction.atomic():
            for item in items:
                _erase(item, finished)
            _end(parcel, items, receipt, finished)
    except _MovedMeanwhile:
        return False
    return True


def _end(parcel: Parcel, items: list[Item], receipt: str, finished: dt.datetime) -> None:
    """Let the parcel reach its end; whoever comes second does nothing."""
    if Parcel.LIFE.attempt(
        states.row(Parcel, parcel.pk),
        Parcel.State.PURGED,
        purged_at=finished,
        deletion_receipt=receipt,
        file_spool="",
        file_sealed_key=None,
    ):
        _record_the_end(parcel, items, finished)


def _erase(item: Item, now: dt.datetime) -> None:
    """Erase an item's content and keep its outcome; what never came was too slow. Raises _MovedMeanwhile."""
    if item.state == Item.State.ERASED:
        return
    unfinished = item.state in Item.OPEN
    outcome = {"outcome": Item.State.FAILED, "reason": Reason.TOO_SLOW, "ended_at": now} if unfinished else {}
    erased = Item.LIFE.attempt(
        states.row(Item, item.pk).filter(state=item.state),
        Item.State.ERASED,
        spool="",
        sealed_key=None,
        due_at=None,
        lease_token=None,
        lease_until=None,
        **outcome,
    )
    if not erased:
        raise _MovedMeanwhile


def _record_the_end(parcel: Parcel, items: list[Item], now: dt.datetime) -> None:
    actor = "citizen" if parcel.purge_because in {Because.RECEIVED, Because.WITHDRAWN} else "portal"
    is_over = parcel.purge_because == Because.EXPIRED
    codes.end_of(parcel, CounterCode.State.EXPIRED if is_over else CounterCode.State.REVOKED, actor=actor, now=now)
    record(
        Action.PARCEL_PURGED,
        subject=parcel.subject,
        actor=actor,
        parcel=str(parcel.pk),
        because=parcel.purge_because,
        datasets=[item.dataset_id for item in items],
    )
    grants.end(parcel.grant_id, _ending(parcel), actor=actor, now=now)


def _ending(parcel: Parcel) -> Grant.State:
    if parcel.state == Parcel.State.RELEASED:
        return Grant.State.SPENT
    if parcel.purge_because == Because.WITHDRAWN:
        return Grant.State.WITHDRAWN
    return Grant.State.EXPIRED
