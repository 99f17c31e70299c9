"""自資料提供機關下載, the work between: a worker's round through the items of one parcel that are due.

Every item is held by a lease, fetched on the house's one event loop, checked, sealed and landed by a guarded update that
only the holder of the lease can make. A worker that dies leaves nothing but a lease that runs out.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from audit.actions import Action
from audit.recording import record
from consent import grants
from dataproviders import fetching, tokens
from dataproviders.connectors import registry
from dataproviders.errors import NotTaken, Reason
from dataproviders.integrity import Checked
from mydata.core import clock, keys, leases, outbound, states
from personal_cloud import collecting, spool, vault
from personal_cloud.models import Item, Parcel

LEASE = 20.0
CHECKING_A_MIB = 3.0
"""Seconds of lease for each MiB of an answer while it is checked and sealed; meanwhile nobody renews."""
RENEW_EVERY = 4.0
WITHOUT_ROOM = dt.timedelta(seconds=30)
MOST_ATTEMPTS_CUT_SHORT = 20


@dataclass(slots=True)
class Held:
    """An item in this worker's hands."""

    item: Item
    token: UUID
    errand: fetching.Errand
    body: spool.Incoming


def run(parcel_id: UUID) -> None:
    """Fetch what is due of one parcel, all at once, and end when nothing more is due; waiting is the beat's."""
    parcel = Parcel.objects.select_related("grant").get(pk=parcel_id)
    under_way: dict[Future[outbound.Reply], Held] = {}
    for item in _due(parcel):
        held = _take(parcel, item)
        if held is not None:
            under_way[outbound.submit(outbound.send(held.errand.call, held.body))] = held
    while under_way:
        done, _ = wait(under_way, timeout=RENEW_EVERY, return_when=FIRST_COMPLETED)
        for future in done:
            _finish(parcel, under_way.pop(future), future)
        for held in under_way.values():
            leases.renew(states.row(Item, held.item.pk), held.token, now=clock.now(), seconds=LEASE)
    collecting.settle(parcel_id, now=clock.now())


def due_parcels(now: dt.datetime) -> Iterator[UUID]:
    """Name the parcels that have something to fetch, or that only wait to be closed."""
    collecting_now = Parcel.objects.filter(state=Parcel.State.COLLECTING, purge_started_at=None)
    items = leases.due(Item.objects.filter(state__in=Item.OPEN, parcel__in=collecting_now), now)
    yield from items.values_list("parcel_id", flat=True).distinct()[:500]
    yield from collecting_now.exclude(items__state__in=Item.OPEN).values_list("pk", flat=True)[:500]


def _due(parcel: Parcel) -> list[Item]:
    if not parcel.is_open or parcel.state != Parcel.State.COLLECTING:
        return []
    return list(leases.due(Item.objects.filter(parcel=parcel, state__in=Item.OPEN), clock.now()))


def _take(parcel: Parcel, item: Item) -> Held | None:
    """Hold the item and plan its call; an item that cannot be called ends here."""
    now = clock.now()
    rows = states.row(Item, item.pk).filter(state__in=Item.OPEN, parcel__purge_started_at=None)
    token = leases.claim(rows, now=now, seconds=LEASE, state=Item.State.FETCHING)
    if token is None:
        return None
    try:
        _check_level(parcel, item)
        errand = fetching.plan(
            dataset=item.dataset, parameters=item.parameters, item=item.pk, tx_id=item.tx_id, now=now
        )
    except NotTaken as refusal:
        _end(parcel, item, token, Item.State.FAILED, refusal.reason)
        return None
    except keys.KeyGone:
        _end(parcel, item, token, Item.State.FAILED, Reason.PROVIDER_DOWN)
        return None
    return Held(item, token, errand, spool.Incoming(f"{item.pk}.{token}"))


def _check_level(parcel: Parcel, item: Item) -> None:
    """Hold the level recorded on the grant against the dataset's minimum of now. Raises NotTaken."""
    if not item.dataset.level.satisfied_by(grants.level_on(parcel.grant)):
        raise NotTaken(Reason.LEVEL_TOO_LOW)
    if item.attempts >= MOST_ATTEMPTS_CUT_SHORT:
        raise NotTaken(Reason.PROVIDER_DOWN)


def _finish(parcel: Parcel, held: Held, future: "Future[outbound.Reply]") -> None:
    """Turn an answer into the item's outcome."""
    try:
        _land(parcel, held, future.result())
    except (outbound.NoRoom, OSError):
        _come_back(held, clock.now() + WITHOUT_ROOM)
    except outbound.AnswerTooLarge:
        _end(parcel, held.item, held.token, Item.State.FAILED, Reason.BAD_ANSWER)
    except outbound.OutboundError:
        _fail(parcel, held, Reason.PROVIDER_DOWN)
    except NotTaken as refusal:
        _fail(parcel, held, refusal.reason)
    except fetching.NoRecord:
        _end(parcel, held.item, held.token, Item.State.NONE_HELD, Reason.NO_RECORD)
    except fetching.ComeBack as later:
        _come_back(held, clock.now() + later.wait)
    finally:
        held.body.close()


def _land(parcel: Parcel, held: Held, reply: outbound.Reply) -> None:
    """Check, seal, land. Raises what `fetching.judge` and the connector raise, OSError where there is no room."""
    now = clock.now()
    seconds = LEASE + CHECKING_A_MIB * held.body.size / outbound.MIB
    leases.renew(states.row(Item, held.item.pk), held.token, now=now, seconds=seconds)
    fetching.judge(reply, wire=held.errand.wire, now=now)
    connector = registry.of(held.errand.wire)
    checked = connector.check(held.body.reader(), held.errand.expected, now=now)
    name = f"item.{held.item.pk}.{held.token}"
    sealed = _seal(parcel, held, _provenance(held, checked, connector.media_type, now), name)
    landed = _end(
        parcel,
        held.item,
        held.token,
        Item.State.LANDED,
        None,
        spool=name,
        sealed_key=sealed.key,
        commitment=sealed.commitment,
    )
    if not landed:
        spool.unlink(name)


def _seal(parcel: Parcel, held: Held, provenance: vault.Provenance, name: str) -> vault.Sealed:
    """Seal an answer into the spool file `name`. Raises OSError, and then no half of it is left."""
    try:
        with spool.create(name) as sink:
            return vault.seal_item(parcel, held.item.dataset_id, provenance, held.body.reader(), sink)
    except OSError:
        spool.unlink(name)
        raise


def _provenance(held: Held, checked: Checked, media_type: str, now: dt.datetime) -> vault.Provenance:
    return vault.Provenance(
        provider=held.item.dataset.provider_id,
        wire=held.errand.wire,
        tx_id=str(held.item.tx_id),
        sub=held.errand.expected.sub,
        issued_at=clock.rfc3339(checked.issued_at),
        received_at=clock.rfc3339(now),
        signer=checked.signer,
        media_type=media_type,
    )


def _fail(parcel: Parcel, held: Held, reason: Reason) -> None:
    """End the item; an agency that is down as it announced is asked again when its maintenance is over."""
    maintenance = held.item.dataset.maintenance_now if reason == Reason.PROVIDER_DOWN else None
    if maintenance is None:
        _end(parcel, held.item, held.token, Item.State.FAILED, reason)
    else:
        _come_back(held, maintenance.ends_at)


def _come_back(held: Held, moment: dt.datetime) -> None:
    rows = states.row(Item, held.item.pk).filter(lease_token=held.token)
    Item.LIFE.attempt(rows, Item.State.WAITING, due_at=moment, lease_token=None, lease_until=None, attempts=0)


OUTCOMES = {
    Item.State.LANDED: Action.DATA_LANDED,
    Item.State.NONE_HELD: Action.DATA_NONE_HELD,
    Item.State.FAILED: Action.DATA_FAILED,
}


def _end(parcel: Parcel, item: Item, token: UUID, state: Item.State, reason: Reason | None, **changes: object) -> bool:
    """End an item with its outcome where the lease is still ours and the parcel is open; its token dies with it."""
    rows = states.row(Item, item.pk).filter(lease_token=token, parcel__purge_started_at=None)
    facts = {"reason": str(reason)} if state == Item.State.FAILED else {}
    with transaction.atomic():
        ended = Item.LIFE.attempt(
            rows,
            state,
            outcome=state,
            reason=str(reason or ""),
            ended_at=clock.now(),
            lease_token=None,
            lease_until=None,
            due_at=None,
            **changes,
        )
        if ended:
            record(
                OUTCOMES[state],
                subject=parcel.subject,
                actor=f"provider:{item.dataset.provider_id}",
                parcel=str(parcel.pk),
                dataset=item.dataset_id,
                **facts,
            )
    if ended:
        tokens.end(item.pk)
    return ended
