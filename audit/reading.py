"""可查詢個人資料使用紀錄: what a person can read about the use of their own data."""

import base64
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from audit.actions import TROUBLE, Action, sentence
from audit.models import Event, Mention
from audit.recording import mentioned
from mydata.core import cursors
from mydata.core.clock import TAIPEI

PAGE = 50
AT_ONCE = 500
"""Rows that are held in memory while a whole record is read."""

BEFORE_EVERYTHING = dt.date(1970, 1, 1)

AREAS = tuple(dict.fromkeys(action.partition(":")[0] for action in Action))
REFUSED_OR_FAILED = "trouble"
KINDS = (*AREAS, REFUSED_OR_FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which lines are wanted; what is empty narrows nothing.

    `kind` is one of `KINDS`: the area of an action (`area:act`), or everything refused and failed. `since` and `until` are
    days in Taipei, both included.
    """

    dataset: str = ""
    kind: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a usage record: what happened, and what it takes to check its commitment."""

    event: str
    time: dt.datetime
    action: str
    actor: str
    sentence: dict[str, str]
    payload: dict[str, object] | None
    salt: str
    commitment: str

    @property
    def grant(self) -> str | None:
        """The grant it is about, where it names one."""
        return self._fact("grant")

    @property
    def parcel(self) -> str | None:
        """The parcel it is about, where it names one."""
        return self._fact("parcel")

    @property
    def remark(self) -> str | None:
        """The remark it is about, where it names one."""
        return self._fact("remark")

    @property
    def datasets(self) -> list[str]:
        """The datasets it names."""
        return mentioned(self.payload or {})

    def _fact(self, name: str) -> str | None:
        value = (self.payload or {}).get(name)
        return str(value) if value else None


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first, and the cursor of the next page where there is one."""

    items: list[Line]
    next: str | None


def trail_for(subject: str, *, asked: Asked = EVERYTHING, after: str | None = None, limit: int = PAGE) -> Page:
    """Return the record of use of one person as asked for, newest first, `limit` lines from the cursor `after` on.

    Raises Malformed for a cursor that is none.
    """
    rows = cursors.behind(_wanted(subject, asked), "time", after)
    found = list(rows[: limit + 1])
    cursor = cursors.write(found[limit - 1].time, found[limit - 1].pk) if len(found) > limit else None
    return Page([_line(event) for event in found[:limit]], cursor)


def has_happened(action: Action, *, subject: str, since: dt.datetime, **facts: object) -> bool:
    """Say whether this was recorded about a person at or after a moment, with these facts."""
    about = {f"payload__{name}": value for name, value in facts.items()}
    return Event.objects.filter(subject=subject, action=action, time__gte=since, **about).exists()


def whole_trail(subject: str, *, asked: Asked = EVERYTHING, most: int) -> Iterator[Line]:
    """Yield the lines asked for, the newest first and at most `most`; few of them stand in memory at a time."""
    cursor: str | None = None
    while most > 0:
        page = trail_for(subject, asked=asked, after=cursor, limit=min(AT_ONCE, most))
        yield from page.items
        most -= len(page.items)
        cursor = page.next
        if cursor is None:
            return


def datasets_of(subject: str) -> list[str]:
    """Name the datasets that somebody's record is about."""
    return sorted(Mention.objects.filter(event__subject=subject).values_list("dataset", flat=True).distinct())


def _wanted(subject: str, asked: Asked) -> "QuerySet[Event]":
    rows = Event.objects.filter(subject=subject)
    if asked.dataset:
        rows = rows.filter(Exists(Mention.objects.filter(event=OuterRef("pk"), dataset=asked.dataset)))
    if asked.kind:
        is_area = asked.kind in AREAS
        rows = rows.filter(action__startswith=f"{asked.kind}:") if is_area else rows.filter(action__in=TROUBLE)
    if asked.since is not None:
        rows = rows.filter(time__gte=_in_taipei(asked.since, dt.time.min))
    if asked.until is not None:
        rows = rows.filter(time__lte=_in_taipei(asked.until, dt.time.max))
    return rows


def _in_taipei(day: dt.date, time: dt.time) -> dt.datetime:
    """Return a moment of that day; days before the first that any record could hold count as that one."""
    return dt.datetime.combine(max(day, BEFORE_EVERYTHING), time, TAIPEI)


def _line(event: Event) -> Line:
    return Line(
        event=str(event.pk),
        time=event.time,
        action=event.action,
        actor=event.actor,
        sentence=sentence(event.action, event.payload),
        payload=event.payload,
        salt=base64.urlsafe_b64encode(bytes(event.salt or b"")).decode().rstrip("="),
        commitment=event.commitment,
    )
