"""The API's one task."""

from celery import shared_task

from mydata.core import clock
from portal.api import idempotency


@shared_task(name="portal.api.tasks.forget_calls")
def forget_calls() -> None:
    """Forget the idempotent calls that are too old to be repeated."""
    idempotency.forget(clock.now())
