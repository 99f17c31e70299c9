"""自資料提供機關下載, first and last step: opening a parcel for a grant, and closing it when every agency has answered."""

import datetime as dt
import uuid
from uuid import UUID

from django.conf import settings
from django.db import transaction

from audit.actions import Action
from audit.recording import record
from consent import grants
from consent.models import Grant
from dataproviders import tokens
from dataproviders.models import FetchToken
from identity import holder
from identity.envelope import Envelope
from identity.gates import SignIn
from identity.methods import registry
from mydata.core import bell, keys, states
from personal_cloud import vault
from personal_cloud.models import Item, Parcel


def begin(
    sign_in: SignIn, grant: Grant, *, envelope: Envelope, holder_secret: bytes, now: dt.datetime
) -> tuple[Grant, Parcel]:
    """Give the grant and open its one parcel; the agencies are asked as soon as this has committed.

    1. Keys and tokens go into the key store. 2. One transaction writes the answer, the parcel, its items and the log. Where it
    fails the keys are destroyed again. Raises IllegalMove where the grant was answered meanwhile.
    """
    parcel = _new_parcel(grant, holder_secret, now)
    items = [
        Item(parcel=parcel, dataset_id=chosen["id"], position=position, parameters=chosen["parameters"], due_at=now)
        for position, chosen in enumerate(grant.datasets)
    ]
    rows = [_new_token(sign_in, item, envelope, now) for item in items]
    try:
        with transaction.atomic():
            given = grants.give(sign_in, grant, now=now, expires_at=parcel.expires_at)
            _write(parcel, items, rows)
    except BaseException:
        _forget_keys(parcel, items)
        raise
    return given, parcel


def settle(parcel_id: UUID, *, now: dt.datetime) -> None:
    """Close a parcel whose items have all ended: sealed where anything came or none is held, else failed."""
    items = list(Item.objects.filter(parcel_id=parcel_id))
    if any(item.state in Item.OPEN for item in items):
        return
    came = [item for item in items if item.state in {Item.State.LANDED, Item.State.NONE_HELD}]
    state = Parcel.State.SEALED if came else Parcel.State.FAILED
    action = Action.PARCEL_SEALED if came else Action.PARCEL_FAILED
    with transaction.atomic():
        row = states.row(Parcel, parcel_id).filter(purge_started_at=None)
        if Parcel.LIFE.attempt(row, state, sealed_at=now):
            parcel = Parcel.objects.get(pk=parcel_id)
            datasets = [item.dataset_id for item in came or items]
            record(action, subject=parcel.subject, actor="portal", parcel=str(parcel_id), datasets=datasets)


def _new_parcel(grant: Grant, holder_secret: bytes, now: dt.datetime) -> Parcel:
    parcel_id = uuid.uuid4()
    share = vault.new_share(parcel_id)
    ends = (now + dt.timedelta(seconds=settings.PARCEL_TTL)).replace(microsecond=0)
    return Parcel(
        id=parcel_id,
        grant=grant,
        subject=grant.subject,
        public_key=vault.public_key(holder.half_of(holder_secret, parcel_id), share, parcel_id),
        created_at=now,
        expires_at=ends,
    )


def _new_token(sign_in: SignIn, item: Item, envelope: Envelope, now: dt.datetime) -> FetchToken:
    errand = tokens.Errand(
        item=item.pk,
        dataset=item.dataset_id,
        tx_id=item.tx_id,
        subject=sign_in.subject,
        verification=registry.find(sign_in.method).wire_code,
    )
    return tokens.prepare(errand, envelope, now=now)


def _write(parcel: Parcel, items: list[Item], rows: list[FetchToken]) -> None:
    from personal_cloud import tasks  # noqa: PLC0415 - the tasks run this module's acts; the bell alone points back

    Parcel.objects.bulk_create([parcel])
    Item.objects.bulk_create(items)
    FetchToken.objects.bulk_create(rows)
    record(
        Action.DATA_REQUESTED,
        subject=parcel.subject,
        actor="portal",
        grant=str(parcel.grant_id),
        parcel=str(parcel.pk),
        datasets=[item.dataset_id for item in items],
    )
    bell.ring(tasks.collect, str(parcel.pk))


def _forget_keys(parcel: Parcel, items: list[Item]) -> None:
    vault.destroy_share(parcel.pk)
    for item in items:
        keys.store().destroy(tokens.KIND, str(item.pk))
