"""資料有誤: point at a field, say what is wrong, hear what became of it.

place -> make -> (the agency's desk hears it) -> (the agency answers) -> of, listed
"""

from uuid import UUID

from django.http import HttpRequest

from dataproviders.remarks import making, reading
from dataproviders.remarks.making import LONGEST_PROPOSED, LONGEST_REMARK, Place
from dataproviders.remarks.reading import Page, RemarkView
from identity import gates, holder
from mydata.core import clock
from personal_cloud import parcels, vault

__all__ = ["LONGEST_PROPOSED", "LONGEST_REMARK", "Page", "Place", "RemarkView"]


def place(request: HttpRequest, parcel_id: UUID, dataset: str, path: str) -> Place:
    """Name the place that a remark would be about. Raises StepUp, UnknownField, NotFound, Gone, OtherBrowser, IllegalMove."""
    signed_in = gates.sign_in(request)
    own = parcels.of(signed_in.subject, parcel_id)
    parcels.check_level(signed_in, own)
    return parcels.place(own, dataset, path, half=vault.fitting(own, holder.halves(request, own.pk)))


def make(
    request: HttpRequest, parcel_id: UUID, dataset: str, *, path: str, remark: str, proposed: str | None
) -> RemarkView:
    """Say what is wrong, to the agency that gave the paper.

    Raises Malformed, NoDesk, AlreadyRemarked, TooManyRemarks, Busy, and what `place` raises.
    """
    text = making.written(remark, proposed)
    about = place(request, parcel_id, dataset, path)
    return reading.view(making.make(gates.sign_in(request).subject, about, text, now=clock.now()))


def listed(request: HttpRequest, *, after: str | None = None) -> Page:
    """List the citizen's remarks, the newest first. Raises Malformed for a bad cursor."""
    return reading.remarks_of(gates.sign_in(request).subject, after=after)


def of(request: HttpRequest, remark_id: UUID) -> RemarkView:
    """Return one remark of the citizen's own. Raises NotFound."""
    return reading.of(gates.sign_in(request).subject, remark_id)
