"""The queue's wiring and the whole beat, each line with its why. Nobody imports this but the worker and the roof."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mydata.settings")

app = Celery("mydata")
# A request's thread has no current app of its own; without a default one its rings would go to nowhere.
app.set_default()
app.conf.update(
    broker_url=settings.REDIS_URL or "memory://",
    # The tables are the queue; a message is a bell and carries an id, so nothing is kept of it.
    task_ignore_result=True,
    task_acks_late=False,
    task_serializer="json",
    accept_content=["json"],
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 60,
        # Redis gives back what a killed worker held after seconds instead of minutes.
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
        # Without it a ring to a queue that is down is tried for six seconds, while somebody waits for their page.
        "max_retries": 0,
    },
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_prefetch_multiplier=1,
    timezone="UTC",
    beat_schedule_filename=str(settings.DATA_DIR / "beat"),
)
app.autodiscover_tasks(["dataproviders.remarks", "personal_cloud", "identity", "portal.api", "portal.notices"])

BEAT = {
    # Items whose bell was lost, whose agency said "come back later", or whose worker died.
    "collect what is due": ("personal_cloud.tasks.collect_due", settings.SWEEP_EVERY),
    # Parcels past their life or their resume window, and purges that a death interrupted.
    "purge what is due": ("personal_cloud.tasks.purge_due", settings.SWEEP_EVERY),
    # Codes past their time: from then on their wraps are gone, and the citizen's record says so.
    "end the codes that are over": ("personal_cloud.tasks.expire_codes", settings.SWEEP_EVERY),
    # Spool files and keys that no live row names.
    "sweep what nobody names": ("personal_cloud.tasks.sweep", max(30, settings.SWEEP_EVERY)),
    # Notices whose bell was lost or whose channel failed.
    "send what is due": ("portal.notices.tasks.send_due", settings.SWEEP_EVERY),
    # Remarks whose bell was lost, whose desk did not take them or did not answer, and answers kept long enough.
    "send what agencies should hear": ("dataproviders.remarks.tasks.send_due_remarks", settings.SWEEP_EVERY),
    # Verifications, drafts and sessions past their time.
    "end what is over": ("personal_cloud.tasks.expire_drafts", 60),
    # Idempotency keys older than a day: digests, but nobody needs them.
    "forget old calls": ("portal.api.tasks.forget_calls", 3600),
}
app.conf.beat_schedule = {
    name: {"task": task, "schedule": float(every), "options": {"expires": max(1, every)}}
    for name, (task, every) in BEAT.items()
}
