r"""服務模式 1 自行下載: choose, agree, collect, look, take, destroyed.

draft -> give -> (the agencies answer) -> preview -> claim -> file -> acknowledge
\-> refuse           \-> withdraw, until claimed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language

from audit import reading
from consent import grants
from consent.grants import Choice
from consent.models import Grant
from identity import gates, holder, sessions
from mydata.core import clock
from mydata.core.errors import IllegalMove, NotFound
from personal_cloud import collecting, parcels, purging, vault
from personal_cloud.delivery import download
from personal_cloud.delivery.download import Claimed, OpenFile
from personal_cloud.models import Parcel
from personal_cloud.parcels import ParcelView, Preview
from personal_cloud.pictures import Picture
from personal_cloud.purging import Because

__all__ = ["Choice", "Given", "Grant", "ParcelView", "Preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A given grant, its parcel and the signed receipt."""

    grant: Grant
    parcel: ParcelView
    receipt: str


def draft(request: HttpRequest, choices: Sequence[Choice]) -> Grant:
    """Write down what would be agreed to, in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return grants.draft(gates.sign_in(request), choices, language=language, now=clock.now())


def grant(request: HttpRequest, grant_id: UUID) -> Grant:
    """Return the citizen's own grant. Raises NotFound."""
    return grants.of(gates.sign_in(request).subject, grant_id)


def give(request: HttpRequest, grant_id: UUID, *, wording_hash: str) -> Given:
    """Agree, and have the data collected. Raises StepUp, WordingChanged, IllegalMove, OtherBrowser, NotFound."""
    signed_in, now = gates.sign_in(request), clock.now()
    drafted = grants.of(signed_in.subject, grant_id)
    grants.check(signed_in, drafted, wording_hash=wording_hash, now=now)
    given, parcel = collecting.begin(
        signed_in,
        drafted,
        envelope=sessions.envelope(request),
        holder_secret=holder.secret(request),
        now=now,
    )
    holder.keep_until(request, parcel.expires_at)
    return _given(request, given, parcel.pk)


def given(request: HttpRequest, grant_id: UUID) -> Given:
    """Return what giving brought, for an answer that is asked for again. Raises NotFound."""
    subject = gates.sign_in(request).subject
    parcel = parcels.of_grant(subject, grant_id)
    if parcel is None:
        raise NotFound
    return _given(request, grants.of(subject, grant_id), parcel.pk)


def refuse(request: HttpRequest, grant_id: UUID) -> Grant:
    """Do not agree; nothing is fetched. Raises IllegalMove, NotFound."""
    return grants.refuse(gates.sign_in(request), grant_id, now=clock.now())


def withdraw(request: HttpRequest, grant_id: UUID) -> Grant:
    """Take the consent back and have everything destroyed at once; works in any browser. Raises IllegalMove, NotFound."""
    subject = gates.sign_in(request).subject
    found = grants.of(subject, grant_id)
    parcel = parcels.of_grant(subject, grant_id)
    if parcel is None or found.state != Grant.State.GIVEN:
        raise IllegalMove
    purging.purge(parcel.pk, because=Because.WITHDRAWN, now=clock.now())
    holder.let_half_go(request, parcel.pk)
    return grants.of(subject, grant_id)


def receipt(request: HttpRequest, grant_id: UUID) -> str:
    """Return the signed consent record. Raises NotFound where nothing was agreed to."""
    found = grant(request, grant_id)
    if not found.receipt:
        raise NotFound
    return found.receipt


def parcel_list(request: HttpRequest) -> list[ParcelView]:
    """List the citizen's parcels, the newest first."""
    subject = gates.sign_in(request).subject
    return parcels.listed(subject, halves_of=partial(holder.halves, request))


def parcel(request: HttpRequest, parcel_id: UUID) -> ParcelView:
    """Return one parcel of the citizen's own. Raises NotFound."""
    return _view(request, _own(request, parcel_id))


def preview(request: HttpRequest, parcel_id: UUID, dataset: str) -> Preview:
    """Open one item and return its values. Raises StepUp, NotFound, Gone, OtherBrowser, IllegalMove."""
    own = _to_open(request, parcel_id)
    return parcels.preview(own, dataset, half=_half(request, own))


def picture(request: HttpRequest, parcel_id: UUID, dataset: str, *, path: str) -> Picture:
    """Open one picture of an item. Raises StepUp, NotFound, Gone, OtherBrowser, IllegalMove."""
    own = _to_open(request, parcel_id)
    return parcels.picture(own, dataset, path=path, half=_half(request, own))


def claim(request: HttpRequest, parcel_id: UUID, *, passphrase: str | None, key: str | None) -> Claimed:
    """Claim the file, once. Raises StepUp, AlreadyClaimed, Busy, Gone, OtherBrowser, IllegalMove, NotFound."""
    own = _to_open(request, parcel_id)
    half = _half(request, own)
    return download.claim(gates.sign_in(request), own, half=half, passphrase=passphrase, key=key)


def file(request: HttpRequest, parcel_id: UUID, *, claim: str | None, etag: str | None) -> OpenFile:
    """Open the claimed file by its claim's cookie or its entity tag. Raises StepUp, ClaimFirst, OtherEtag, Gone, OtherBrowser."""
    own = _to_open(request, parcel_id)
    return download.open_file(own, half=_half(request, own), claim_cookie=claim, etag=etag)


def acknowledge(request: HttpRequest, parcel_id: UUID, *, sha256: str) -> ParcelView:
    """Say that the file arrived; the parcel is destroyed at once. Raises ClaimFirst, DigestMismatch, Gone, NotFound."""
    return _view(request, download.acknowledge(_own(request, parcel_id), sha256=sha256, now=clock.now()))


def usage(
    request: HttpRequest,
    *,
    asked: reading.Asked = reading.EVERYTHING,
    after: str | None = None,
    limit: int = reading.PAGE,
) -> reading.Page:
    """Return the citizen's record of use as asked for, the newest first. Raises Malformed for a bad cursor."""
    return reading.trail_for(gates.sign_in(request).subject, asked=asked, after=after, limit=limit)


def _own(request: HttpRequest, parcel_id: UUID) -> Parcel:
    return parcels.of(gates.sign_in(request).subject, parcel_id)


def _to_open(request: HttpRequest, parcel_id: UUID) -> Parcel:
    """Return a parcel of the citizen's own that this session is strong enough to open. Raises StepUp, NotFound."""
    own = _own(request, parcel_id)
    parcels.check_level(gates.sign_in(request), own)
    return own


def _half(request: HttpRequest, own: Parcel) -> bytes:
    """Return what in this browser opens a parcel. Raises OtherBrowser where it has nothing to try."""
    return vault.fitting(own, holder.halves(request, own.pk))


def _view(request: HttpRequest, own: Parcel) -> ParcelView:
    """Return a parcel as this browser sees it; what was handed to it for one that is destroyed is forgotten."""
    if own.state == Parcel.State.PURGED:
        holder.let_half_go(request, own.pk)
    return parcels.view(own, halves=holder.halves(request, own.pk))


def _given(request: HttpRequest, answered: Grant, parcel_id: UUID) -> Given:
    return Given(grant=answered, parcel=_view(request, _own(request, parcel_id)), receipt=answered.receipt)
