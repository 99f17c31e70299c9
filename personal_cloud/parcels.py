"""What a citizen sees of a parcel, and the values in it."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from audit.actions import Action
from audit.reading import has_happened
from audit.recording import record
from dataproviders import catalogue, integrity, pointing
from dataproviders.connectors import registry
from dataproviders.remarks.making import Place
from identity.errors import StepUp
from identity.gates import SignIn
from mydata.core import clock
from mydata.core.errors import Gone, IllegalMove, NotFound
from personal_cloud import vault
from personal_cloud.models import CounterCode, Item, Parcel
from personal_cloud.pictures import Picture
from personal_cloud.presentation import picture_at, present
from personal_cloud.vault import Provenance

LISTED = 200
ONE_LOOK = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One dataset of a parcel as its owner sees it; after the purge `outcome` still says what came of it."""

    dataset: str
    name: str
    provider: str
    state: str
    outcome: str
    reason: str | None
    ready_at: dt.datetime | None
    estimated_seconds: int
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """The claimed file: `sha256` lower-case hex, `size` in bytes."""

    etag: str
    sha256: str
    size: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelView:
    """One parcel as its owner sees it; `opens_here` says whether this browser can open it, `is_shared` whether another may."""

    id: UUID
    grant: UUID
    state: str
    because: str | None
    created_at: dt.datetime
    expires_at: dt.datetime
    sealed_at: dt.datetime | None
    released_at: dt.datetime | None
    last_sent_at: dt.datetime | None
    purged_at: dt.datetime | None
    opens_here: bool
    is_shared: bool
    file: FileView | None
    items: list[ItemView]
    deletion_receipt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The values of one dataset with their schema and where they came from."""

    dataset: str
    name: str
    provider: str
    schema: dict[str, Any]
    data: dict[str, Any]
    provenance: Provenance


def of(subject: str, parcel_id: UUID) -> Parcel:
    """Return a citizen's own parcel. Raises NotFound."""
    parcel = Parcel.objects.select_related("grant").filter(pk=parcel_id, subject=subject).first()
    if parcel is None:
        raise NotFound
    return parcel


def of_grant(subject: str, grant_id: UUID) -> Parcel | None:
    """Return the one parcel of a citizen's own grant, or None where it was never given."""
    return Parcel.objects.filter(grant_id=grant_id, subject=subject).first()


def listed(subject: str, *, halves_of: Callable[[UUID], Sequence[bytes]], limit: int = LISTED) -> list[ParcelView]:
    """List a citizen's latest parcels, the newest first; `halves_of` gives what this browser has for each."""
    rows = _shown().filter(subject=subject).order_by("-created_at", "-pk")
    return [view(parcel, halves=halves_of(parcel.pk)) for parcel in rows[:limit]]


def view(parcel: Parcel, *, halves: Sequence[bytes]) -> ParcelView:
    """Return a parcel as its owner sees it in the browser that has these halves."""
    return ParcelView(
        id=parcel.pk,
        grant=parcel.grant_id,
        state=parcel.state,
        because=parcel.purge_because or None,
        created_at=parcel.created_at,
        expires_at=parcel.expires_at,
        sealed_at=parcel.sealed_at,
        released_at=parcel.released_at,
        last_sent_at=parcel.last_sent_at,
        purged_at=parcel.purged_at,
        opens_here=any(vault.opens(parcel, half) for half in halves),
        is_shared=any(code.state == CounterCode.State.ACCEPTED for code in parcel.codes.all()),
        file=file_of(parcel),
        items=_items(_items_of(parcel)),
        deletion_receipt=parcel.deletion_receipt or None,
    )


def file_of(parcel: Parcel) -> FileView | None:
    """Return what is known of the claimed file."""
    if not parcel.file_sha256 or parcel.file_size is None:
        return None
    return FileView(etag=parcel.etag, sha256=parcel.file_sha256, size=parcel.file_size, name=parcel.file_name)


def check_level(sign_in: SignIn, parcel: Parcel) -> None:
    """Let pass who is known as strongly as looking into an open parcel and taking it asks. Raises StepUp."""
    required = parcel.grant.required_level
    if parcel.is_open and not required.satisfied_by(sign_in.level):
        raise StepUp(required_level=required.value)


def preview(parcel: Parcel, dataset: str, *, half: bytes) -> Preview:
    """Open one landed item and return its values. Raises NotFound, Gone, OtherBrowser, IllegalMove while collecting."""
    seen = _opened(parcel, dataset, half=half)
    _record_look(parcel, dataset)
    return seen


def picture(parcel: Parcel, dataset: str, *, path: str, half: bytes) -> Picture:
    """Open one landed item and return the picture that is shown at `path` of it. Raises as `preview` does.

    A browser asks for it while it shows the page; that look has been recorded already and is not counted twice.
    """
    seen = _opened(parcel, dataset, half=half)
    if not _was_looked_at(parcel, dataset):
        _record_look(parcel, dataset)
    found = picture_at(present(seen.schema, seen.data), path)
    if found is None:
        raise NotFound
    return found


def place(parcel: Parcel, dataset: str, path: str, *, half: bytes) -> Place:
    """Name one place in a paper that can be previewed; its values are shown to nobody, so that no look is recorded.

    Raises UnknownField, and what `preview` raises.
    """
    seen = _opened(parcel, dataset, half=half)
    found = catalogue.find(dataset)
    title = pointing.title_of(seen.schema, seen.data, path)
    return Place(dataset=found, tx_id=UUID(seen.provenance.tx_id), path=path, title=title)


def _opened(parcel: Parcel, dataset: str, *, half: bytes) -> Preview:
    item = parcel.items.select_related("dataset__provider").filter(dataset_id=dataset).first()
    if item is None:
        raise NotFound
    if not parcel.is_open:
        raise Gone
    if parcel.state == Parcel.State.COLLECTING:
        raise IllegalMove
    if item.state != Item.State.LANDED:
        raise NotFound
    provenance, original = vault.open_item(parcel, item, vault.unlock(parcel, half))
    return Preview(
        dataset=dataset,
        name=item.dataset.name,
        provider=item.dataset.provider.name,
        schema=item.dataset.schema or {},
        data=data_of(provenance, original, dataset),
        provenance=provenance,
    )


def _record_look(parcel: Parcel, dataset: str) -> None:
    with transaction.atomic():
        record(Action.PARCEL_VIEWED, subject=parcel.subject, parcel=str(parcel.pk), dataset=dataset)


def _was_looked_at(parcel: Parcel, dataset: str) -> bool:
    """Say whether a look was recorded so shortly ago that what is asked for belongs to it."""
    facts = {"parcel": str(parcel.pk), "dataset": dataset}
    return has_happened(Action.PARCEL_VIEWED, subject=parcel.subject, since=clock.now() - ONE_LOOK, **facts)


def data_of(provenance: Provenance, original: bytes, dataset: str) -> dict[str, Any]:
    """Return the data in an agency's own bytes, which were checked before they were sealed."""
    document = integrity.read_json(registry.of(provenance.wire).parts(original, dataset)[0].content)
    data: dict[str, Any] = document["data"]
    return data


def last_end(subject: str, *, now: dt.datetime) -> dt.datetime | None:
    """Return when the last live parcel of a citizen ends, or None: so long their browser has to keep its secret."""
    live = Parcel.objects.filter(subject=subject, expires_at__gt=now).exclude(state=Parcel.State.PURGED)
    return live.order_by("-expires_at").values_list("expires_at", flat=True).first()


def _shown() -> "QuerySet[Parcel]":
    return Parcel.objects.select_related("grant").prefetch_related("items__dataset__provider", "codes")


def _items_of(parcel: Parcel) -> "QuerySet[Item]":
    """Return the items with what is shown of them, those of a listing as they were fetched with it."""
    is_fetched = "items" in getattr(parcel, "_prefetched_objects_cache", {})
    return parcel.items.all() if is_fetched else parcel.items.select_related("dataset__provider")


def _items(items: Iterable[Item]) -> list[ItemView]:
    return [
        ItemView(
            dataset=item.dataset_id,
            name=item.dataset.name,
            provider=item.dataset.provider.name,
            state=item.state,
            outcome=item.outcome,
            reason=item.reason or None,
            ready_at=item.due_at if item.state == Item.State.WAITING and item.due_at else None,
            estimated_seconds=item.dataset.estimated_seconds,
            ended_at=item.ended_at,
        )
        for item in items
    ]
