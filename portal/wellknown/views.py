"""Public keys and health."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from identity import gates
from mydata.core import keys, signing
from personal_cloud import spool


@gates.anyone
def jwks(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view
    """Answer the keys under which receipts verify (RFC 7517)."""
    return JsonResponse(signing.jwks())


@gates.anyone
def portal_ca(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer the CA under which the files' manifests verify."""
    return HttpResponse(signing.ca_pem(), content_type="application/x-pem-file")


@gates.anyone
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view
    """Answer 200 while the process lives."""
    return JsonResponse({"status": "alive"})


@gates.anyone
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view
    """Answer 200 when everything that serving needs is there, else 503 and the names of what is not."""
    wrong = [name for name, check in CHECKS.items() if not _holds(check)]
    return JsonResponse({"status": "not ready" if wrong else "ready", "not_ready": wrong}, status=503 if wrong else 200)


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM consent_service LIMIT 1")


def _queue() -> None:
    if settings.REDIS_URL:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3, socket_connect_timeout=3).ping()


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "queue": _queue,
    "key store": lambda: keys.store().check(),
    "spool": spool.check,
}


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except (DatabaseError, redis.RedisError, OSError):
        return False
    return True
