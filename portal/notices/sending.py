"""Sending one notice: held by a lease, tried for a day, exactly once as far as a channel can tell."""

import datetime as dt
from uuid import UUID

from django.db import transaction

from audit.actions import Action
from audit.recording import record
from identity import contact, preferences
from mydata.core import clock, leases, states
from portal.design.language import Language
from portal.notices import backends
from portal.notices.backends.base import Message, NotDelivered
from portal.notices.models import Notice
from portal.notices.templates import BY_NAME, write

LEASE = 45.0
GIVE_UP_AFTER = dt.timedelta(hours=24)
FIRST_WAIT = dt.timedelta(seconds=5)
LONGEST_WAIT = dt.timedelta(minutes=30)


def send(notice_id: UUID) -> None:
    """Send one notice if it is due and nobody else is sending it."""
    now = clock.now()
    rows = states.row(Notice, notice_id).filter(state__in=Notice.OPEN)
    token = leases.claim(rows, now=now, seconds=LEASE)
    if token is None:
        return
    notice = Notice.objects.get(pk=notice_id)
    try:
        backends.deliver(_message(notice, now))
    except NotDelivered:
        _try_later(notice, token, now)
        return
    _end(notice, token, Notice.State.SENT, Action.NOTICE_SENT, sent_at=clock.now())


def due(now: dt.datetime) -> list[UUID]:
    """Name the notices that are due."""
    rows = leases.due(Notice.objects.filter(state__in=Notice.OPEN), now)
    return list(rows.values_list("pk", flat=True)[:500])


def _message(notice: Notice, now: dt.datetime) -> Message:
    address, wished = contact.of(notice.subject), preferences.of(notice.subject)
    language: Language = "en" if wished.language == "en" else "zh"
    written = write(BY_NAME[notice.template], channel=notice.channel, language=language, phrase=wished.phrase)
    return Message(
        channel=notice.channel,
        to=(address.email if notice.channel == Notice.Channel.EMAIL else address.mobile) or "",
        template=notice.template,
        subject=written.subject,
        body=written.body,
        sent_at=clock.rfc3339(now),
        event=str(notice.event_id),
    )


def _try_later(notice: Notice, token: UUID, now: dt.datetime) -> None:
    """Wait twice as long every time, and give up after a day."""
    if now - notice.created_at > GIVE_UP_AFTER:
        _end(notice, token, Notice.State.GIVEN_UP, Action.NOTICE_GIVEN_UP)
        return
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(notice.attempts - 1, 10))
    Notice.LIFE.attempt(
        states.row(Notice, notice.pk).filter(lease_token=token),
        Notice.State.FAILED,
        due_at=now + wait,
        lease_token=None,
        lease_until=None,
    )


def _end(notice: Notice, token: UUID, state: Notice.State, action: Action, **changes: object) -> None:
    rows = states.row(Notice, notice.pk).filter(lease_token=token)
    with transaction.atomic():
        if Notice.LIFE.attempt(rows, state, due_at=None, lease_token=None, lease_until=None, **changes):
            record(action, subject=notice.subject, actor="portal", channel=notice.channel, template=notice.template)
