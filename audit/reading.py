"""可查詢個人資料使用紀錄: what a person can read about the use of their own data."""

import base64
import datetime as dt
from dataclasses import dataclass

from audit.actions import sentence
from audit.models import Event
from mydata.core import cursors

PAGE = 50


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
        facts = self.payload or {}
        named = facts.get("datasets", [facts["dataset"]] if "dataset" in facts else [])
        return [str(name) for name in named] if isinstance(named, list) else []

    def _fact(self, name: str) -> str | None:
        value = (self.payload or {}).get(name)
        return str(value) if value else None


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, newest first, and the cursor of the next page where there is one."""

    items: list[Line]
    next: str | None


def trail_for(subject: str, *, after: str | None = None, limit: int = PAGE) -> Page:
    """Return the record of use of one person, newest first, `limit` lines from the cursor `after` on.

    Raises Malformed for a cursor that is none.
    """
    rows = cursors.behind(Event.objects.filter(subject=subject), "time", after)
    found = list(rows[: limit + 1])
    cursor = cursors.write(found[limit - 1].time, found[limit - 1].pk) if len(found) > limit else None
    return Page([_line(event) for event in found[:limit]], cursor)


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
