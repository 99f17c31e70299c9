"""Agencies' answers, put where the worker puts them, so that a page can be seen in every state of its parcel."""

import io
import uuid

import jwt

from consent.models import Grant
from mydata.core import clock
from personal_cloud import collecting, spool, vault
from personal_cloud.models import Item, Parcel

SIGNED_AT = 1_795_435_200


def land(parcel: Parcel, dataset: str, data: dict[str, object]) -> None:
    """Seal an agency's answer to the parcel."""
    item = Item.objects.get(parcel=parcel, dataset_id=dataset)
    claims = {"dataset": dataset, "tx_id": str(item.tx_id), "sub": "sub", "iat": SIGNED_AT, "data": data}
    body = io.BytesIO(jwt.encode(claims, "k" * 32).encode())
    name = f"item.{item.pk}.{uuid.uuid4()}"
    provenance = vault.Provenance(
        provider="agency",
        wire="signed_json",
        tx_id=str(item.tx_id),
        sub="sub",
        issued_at=clock.rfc3339(clock.now()),
        received_at=clock.rfc3339(clock.now()),
        signer="key",
        media_type="application/jose",
    )
    with spool.create(name) as sink:
        sealed = vault.seal_item(parcel, dataset, provenance, body, sink)
    _end(item, "landed", spool=name, sealed_key=sealed.key, commitment=sealed.commitment)


def answer_none(parcel: Parcel, dataset: str) -> None:
    """Have the agency say that it holds no record."""
    _end(Item.objects.get(parcel=parcel, dataset_id=dataset), "none_held", reason="no_record")


def fail(parcel: Parcel, dataset: str, reason: str) -> None:
    """Have an item end without its data."""
    _end(Item.objects.get(parcel=parcel, dataset_id=dataset), "failed", reason=reason)


def parcel_of(grant: Grant) -> Parcel:
    """Return the one parcel of a grant."""
    return Parcel.objects.select_related("grant").get(grant=grant)


def _end(item: Item, state: str, **changes: object) -> None:
    Item.objects.filter(pk=item.pk).update(state=state, outcome=state, due_at=None, ended_at=clock.now(), **changes)
    collecting.settle(item.parcel_id, now=clock.now())
