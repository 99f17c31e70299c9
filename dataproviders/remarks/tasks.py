"""The tasks of remarks."""

from uuid import UUID

from celery import shared_task

from dataproviders.remarks import sending
from mydata.core import bell, clock


@shared_task(name="dataproviders.remarks.tasks.send_remark")
def send_remark(remark_id: str) -> None:
    """Do what is due about one remark."""
    sending.step(UUID(remark_id))


@shared_task(name="dataproviders.remarks.tasks.send_due_remarks")
def send_due_remarks() -> None:
    """Ring for every remark about which something is due."""
    for remark_id in sending.due(clock.now()):
        bell.ring(send_remark, str(remark_id))
