"""What a citizen sees of their remarks: states and outcomes, and the agency's sentence while it is kept."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from dataproviders.fields import InTwoLanguages
from dataproviders.models import Remark
from dataproviders.remarks import sealed
from mydata.core import cursors
from mydata.core.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """One remark. What the citizen wrote is not among it: nobody has it any more once it was handed over."""

    id: UUID
    dataset: str
    name: str
    provider: str
    path: str
    title: InTwoLanguages
    state: str
    outcome: str | None
    available_from: dt.date | None
    sentence: str | None
    because: str | None
    made_at: dt.datetime
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some remarks, the newest first, and the cursor of the next page where there is one."""

    items: list[RemarkView]
    next: str | None


def remarks_of(subject: str, *, after: str | None = None, limit: int = PAGE) -> Page:
    """List one citizen's remarks from the cursor `after` on. Raises Malformed for a cursor that is none."""
    found = list(cursors.behind(_shown().filter(subject=subject), "made_at", after)[: limit + 1])
    cursor = cursors.write(found[limit - 1].made_at, found[limit - 1].pk) if len(found) > limit else None
    return Page([view(remark) for remark in found[:limit]], cursor)


def of(subject: str, remark_id: UUID) -> RemarkView:
    """Return one remark of a citizen's own. Raises NotFound."""
    remark = _shown().filter(pk=remark_id, subject=subject).first()
    if remark is None:
        raise NotFound
    return view(remark)


def view(remark: Remark) -> RemarkView:
    """Return a remark as its author sees it."""
    return RemarkView(
        id=remark.pk,
        dataset=remark.dataset_id,
        name=remark.dataset.name,
        provider=remark.dataset.provider.name,
        path=remark.path,
        title=remark.title,
        state=remark.state,
        outcome=remark.outcome or None,
        available_from=remark.available_from,
        sentence=_sentence(remark),
        because=remark.because or None,
        made_at=remark.made_at,
        sent_at=remark.sent_at,
        ended_at=remark.ended_at,
    )


def _shown() -> "QuerySet[Remark]":
    return Remark.objects.select_related("dataset__provider")


def _sentence(remark: Remark) -> str | None:
    """Return what the agency said, or None where it said nothing or it is no longer kept."""
    try:
        return sealed.open_sentence(remark)
    except sealed.WordsGone:
        return None
