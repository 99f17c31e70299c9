"""Making a remark: sealed, counted and queued in one transaction, and on its way as soon as that has committed."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from audit.actions import Action
from audit.recording import record
from dataproviders.errors import AlreadyRemarked, NoDesk, TooManyRemarks
from dataproviders.fields import InTwoLanguages
from dataproviders.models import MOST_REMARKS_A_DAY, Dataset, Remark
from dataproviders.remarks import sealed
from dataproviders.remarks.sealed import Text
from mydata.core import bell, clock
from mydata.core.errors import Busy, Malformed

LONGEST_REMARK = 500
LONGEST_PROPOSED = 200
RACES = 5
"""How often a number of the day is taken by another remark of the same citizen before this one is asked to come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place in one paper that its holder has opened: by which call it came, where it stands, what it is called."""

    dataset: Dataset
    tx_id: uuid.UUID
    path: str
    title: InTwoLanguages


def written(remark: str, proposed: str | None) -> Text:
    """Return a citizen's words, tidied. Raises Malformed where there are none, or too many."""
    text = Text(remark=_tidy(remark), proposed=_tidy(proposed or "") or None)
    if not 0 < len(text.remark) <= LONGEST_REMARK:
        raise Malformed(path="remark")
    if len(text.proposed or "") > LONGEST_PROPOSED:
        raise Malformed(path="proposed")
    return text


def make(subject: str, place: Place, text: Text, *, now: dt.datetime) -> Remark:
    """Queue a remark of `subject`.

    1. The key goes into the key store. 2. One transaction counts, writes the row and the log. Where it fails the key is
    destroyed again. Raises NoDesk, AlreadyRemarked, TooManyRemarks, Busy.
    """
    if not place.dataset.provider.desk_url:
        raise NoDesk
    remark_id = uuid.uuid4()
    words = sealed.seal_text(remark_id, text)
    try:
        return _write(remark_id, subject, place, words, now)
    except BaseException:
        sealed.forget_text(remark_id)
        raise


def _write(remark_id: uuid.UUID, subject: str, place: Place, words: bytes, now: dt.datetime) -> Remark:
    """Try the next number of the day until it is ours: the unique constraints decide, on both databases alike."""
    for _ in range(RACES):
        try:
            with transaction.atomic():
                return _queue(remark_id, subject, place, words, now)
        except IntegrityError as error:
            _refuse_second(place, error)
    raise Busy(retry_after=1)


def _queue(remark_id: uuid.UUID, subject: str, place: Place, words: bytes, now: dt.datetime) -> Remark:
    from dataproviders.remarks import tasks  # noqa: PLC0415 - the tasks run this package's acts; the bell alone points back

    day = now.astimezone(clock.TAIPEI).date()
    remark = Remark.objects.create(
        id=remark_id,
        dataset=place.dataset,
        subject=subject,
        tx_id=place.tx_id,
        path=place.path,
        title=place.title,
        text_sealed=words,
        made_at=now,
        due_at=now,
        day=day,
        number_of_day=_number(subject, day, now),
    )
    record(Action.REMARK_MADE, subject=subject, **facts(remark))
    bell.ring(tasks.send_remark, str(remark_id))
    return remark


def facts(remark: Remark) -> dict[str, str]:
    """Return what every event about a remark says: nothing of its words, and a path of the schema's names only."""
    return {"remark": str(remark.pk), "dataset": remark.dataset_id, "path": remark.path}


def _number(subject: str, day: dt.date, now: dt.datetime) -> int:
    """Return the next number of the citizen's day. Raises TooManyRemarks."""
    number = Remark.objects.filter(subject=subject, day=day).count() + 1
    if number > MOST_REMARKS_A_DAY:
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), clock.TAIPEI)
        raise TooManyRemarks(retry_after=max(1, int((midnight - now).total_seconds())))
    return number


def _refuse_second(place: Place, error: IntegrityError) -> None:
    """Raise AlreadyRemarked where an open remark about the same place is what stood in the way."""
    open_one = Remark.objects.filter(tx_id=place.tx_id, path=place.path, state__in=Remark.OPEN).first()
    if open_one is not None:
        raise AlreadyRemarked(remark=str(open_one.pk)) from error


def _tidy(words: str) -> str:
    return words.replace("\r\n", "\n").strip()
