"""The holder secret: 32 bytes that live in one browser's cookie and nowhere else; without them nothing opens."""

import base64
import binascii
import datetime as dt
import hashlib

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from identity.errors import OtherBrowser
from mydata.core import clock, sealing

__all__ = ["OtherBrowser", "cookie_name", "establish", "keep_until", "secret", "secret_or_none", "set_cookie"]

SUBJECT = "holder_subject"
UNTIL = "holder_until"


def cookie_name(subject: str) -> str:
    """Return the cookie's name, one a citizen, so that two people at one computer do not destroy each other's."""
    prefix = "mydata_holder_" if settings.SANDBOX else "__Host-holder_"
    return prefix + hashlib.sha256(subject.encode()).hexdigest()[:16]


def secret_or_none(request: HttpRequest) -> bytes | None:
    """Return the secret of whoever is signed in, or None where this browser does not hold it."""
    subject = request.session.get(SUBJECT)
    if not subject:
        return None
    fresh = getattr(request, "fresh_holder_secret", None)
    return fresh if fresh is not None else _decode(request.COOKIES.get(cookie_name(subject), ""))


def secret(request: HttpRequest) -> bytes:
    """Return the secret of whoever is signed in. Raises OtherBrowser."""
    found = secret_or_none(request)
    if found is None:
        raise OtherBrowser
    return found


def establish(request: HttpRequest, subject: str) -> bytes:
    """Return this browser's secret for the citizen who is signing in, made now where there is none."""
    request.session[SUBJECT] = subject
    held = _decode(request.COOKIES.get(cookie_name(subject), ""))
    if held is None:
        held = sealing.new_secret()
        request.fresh_holder_secret = held  # type: ignore[attr-defined]  # handed to the middleware of this request
    keep_until(request, clock.now() + dt.timedelta(seconds=settings.SESSION_ABSOLUTE))
    return held


def keep_until(request: HttpRequest, moment: dt.datetime) -> None:
    """Keep the cookie at least until `moment`: the end of the session or of the last live parcel."""
    kept = request.session.get(UNTIL)
    latest = max(moment, dt.datetime.fromisoformat(kept)) if kept else moment
    request.session[UNTIL] = latest.isoformat()
    request.refresh_holder_cookie = True  # type: ignore[attr-defined]  # handed to the middleware of this request


def set_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the browser its secret where this request made it or lengthened its life."""
    if not getattr(request, "refresh_holder_cookie", False):
        return
    held, subject = secret_or_none(request), request.session.get(SUBJECT)
    if held is None or subject is None:
        return
    until = dt.datetime.fromisoformat(request.session[UNTIL])
    response.set_cookie(
        cookie_name(subject),
        base64.urlsafe_b64encode(held).decode().rstrip("="),
        max_age=max(1, int((until - clock.now()).total_seconds())),
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def _decode(value: str) -> bytes | None:
    try:
        held = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        return None
    return held if len(held) == sealing.SECRET_BYTES else None
