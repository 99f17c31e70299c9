"""How the portal's one process runs; without Redis the worker and the beat run inside it, started after the fork."""

from typing import Any

from mydata import environment

bind = f"{environment.text('MYDATA_BIND', '127.0.0.1')}:{environment.port('MYDATA_PORT', 8000)}"
workers = environment.seconds("MYDATA_WEB_PROCESSES", 1)
worker_class = "gthread"
threads = 24
timeout = 60
graceful_timeout = 10
keepalive = 15
max_requests = 0
accesslog = None
errorlog = "-"
loglevel = "warning"
limit_request_line = 4094
forwarded_allow_ips = environment.text("MYDATA_PROXIES", "127.0.0.1")
control_socket_disable = True


def post_worker_init(worker: Any) -> None:  # noqa: ARG001, ANN401 - the server's own signature
    """Wire the queue; where there is none, start the embedded worker and beat."""
    from celery import current_app  # noqa: PLC0415 - settings exist only once the application is loaded
    from django.conf import settings  # noqa: PLC0415 - as above

    from mydata import celery as wiring  # noqa: PLC0415 - as above
    from mydata.core import bell  # noqa: PLC0415 - as above

    if settings.REDIS_URL:
        return
    embedded = bell.Embedded(settings.EMBEDDED_WORKER_THREADS)
    bell.install(embedded)
    wiring.app.loader.import_default_modules()
    embedded.beat([(every, current_app.tasks[task].run) for task, every in wiring.BEAT.values()])
