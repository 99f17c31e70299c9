"""What a citizen was told, and by which way."""

import datetime as dt
from dataclasses import dataclass

from identity import contact
from mydata.core import cursors
from portal.design.language import in_words
from portal.notices.models import Notice
from portal.notices.templates import BY_NAME

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One notice; `to` is masked."""

    id: str
    channel: str
    template: str
    title: str
    state: str
    created_at: dt.datetime
    sent_at: dt.datetime | None
    event: str
    to: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some notices, the newest first, and the cursor of the next page where there is one."""

    items: list[NoticeLine]
    next: str | None


def notices_for(subject: str, *, after: str | None = None, limit: int = PAGE) -> Page:
    """List the notices of one citizen from the cursor `after` on. Raises Malformed for a cursor that is none."""
    rows = cursors.behind(Notice.objects.filter(subject=subject), "created_at", after)
    found = list(rows[: limit + 1])
    masked = contact.masked(subject)
    addresses = {Notice.Channel.EMAIL: masked["email"], Notice.Channel.SMS: masked["mobile"]}
    cursor = cursors.write(found[limit - 1].created_at, found[limit - 1].pk) if len(found) > limit else None
    return Page([_line(notice, addresses[Notice.Channel(notice.channel)]) for notice in found[:limit]], cursor)


def _line(notice: Notice, to: str | None) -> NoticeLine:
    return NoticeLine(
        id=str(notice.pk),
        channel=notice.channel,
        template=notice.template,
        title=in_words(BY_NAME[notice.template].title),
        state=notice.state,
        created_at=notice.created_at,
        sent_at=notice.sent_at,
        event=str(notice.event_id),
        to=to,
    )
