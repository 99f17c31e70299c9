"""The tasks: each takes an id, runs one act, and may be lost, doubled or killed without harm."""

from uuid import UUID

from celery import shared_task

from consent import grants
from identity import verifying
from mydata.core import bell, clock
from personal_cloud import codes, purging, rounds, sweeping


@shared_task(name="personal_cloud.tasks.collect")
def collect(parcel_id: str) -> None:
    """Fetch what is due of one parcel."""
    rounds.run(UUID(parcel_id))


@shared_task(name="personal_cloud.tasks.collect_due")
def collect_due() -> None:
    """Ring for every parcel with something due."""
    for parcel_id in rounds.due_parcels(clock.now()):
        bell.ring(collect, str(parcel_id))


@shared_task(name="personal_cloud.tasks.purge")
def purge(parcel_id: str, because: str) -> None:
    """Destroy one parcel, or finish destroying it."""
    purging.purge(UUID(parcel_id), because=purging.Because(because), now=clock.now())


@shared_task(name="personal_cloud.tasks.purge_due")
def purge_due() -> None:
    """Ring for every parcel whose time is over, and for every purge that was cut off."""
    for parcel_id, because in purging.due(clock.now()):
        bell.ring(purge, str(parcel_id), because)


@shared_task(name="personal_cloud.tasks.expire_codes")
def expire_codes() -> None:
    """End the codes whose time is over."""
    codes.expire_due(clock.now())


@shared_task(name="personal_cloud.tasks.sweep")
def sweep() -> None:
    """Remove what no live row names."""
    sweeping.sweep()


@shared_task(name="personal_cloud.tasks.expire_drafts")
def expire_drafts() -> None:
    """End drafts and verifications that nobody answered."""
    now = clock.now()
    grants.expire_drafts(now)
    verifying.expire(now)
