"""The tasks of notices."""

from uuid import UUID

from celery import shared_task

from mydata.core import bell, clock
from portal.notices import sending


@shared_task(name="portal.notices.tasks.send")
def send(notice_id: str) -> None:
    """Send one notice."""
    sending.send(UUID(notice_id))


@shared_task(name="portal.notices.tasks.send_due")
def send_due() -> None:
    """Ring for every notice that is due."""
    for notice_id in sending.due(clock.now()):
        bell.ring(send, str(notice_id))
