"""From an event to the notices about it, in the event's own transaction."""

from audit.models import Event
from audit.signals import event_recorded
from identity.models import Citizen
from mydata.core import bell, clock
from portal.notices import tasks
from portal.notices.models import Notice
from portal.notices.templates import BY_ACTION, Template


def connect() -> None:
    """Listen to the log."""
    event_recorded.connect(queue_notices, dispatch_uid="portal.notices")


def queue_notices(event: Event, **_: object) -> None:
    """Queue one notice a channel where the event is one that citizens are told of."""
    template = BY_ACTION.get(event.action)
    if template is None:
        return
    now = clock.now()
    notices = [
        Notice(event=event, subject=event.subject, channel=channel, template=template.name, created_at=now, due_at=now)
        for channel in _channels(event.subject, template)
    ]
    Notice.objects.bulk_create(notices)
    for notice in notices:
        bell.ring(tasks.send, str(notice.pk))


def _channels(subject: str, template: Template) -> list[Notice.Channel]:
    """Name the ways by which somebody is told: the preferred one, or all there are where that one is missing."""
    citizen = Citizen.objects.filter(pk=subject, confirmed_at__isnull=False).first()
    if citizen is None:
        return []
    held = {Notice.Channel.EMAIL: citizen.email_sealed, Notice.Channel.SMS: citizen.mobile_sealed}
    there = [channel for channel, sealed in held.items() if sealed]
    preferred = [channel for channel in there if channel == citizen.told_by]
    return there if template.everywhere else preferred or there
