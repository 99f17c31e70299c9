"""The holder secret: 32 bytes that live in one browser's cookie and nowhere else; without them nothing opens.

What opens one parcel is a half derived from it. Another device of the same citizen may be handed that half alone, and keeps
it in a cookie of its own.
"""

import base64
import binascii
import datetime as dt
import hashlib
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from identity.errors import OtherBrowser
from mydata.core import clock, sealing

__all__ = [
    "OtherBrowser",
    "cookie_name",
    "establish",
    "half_cookie_name",
    "half_of",
    "halves",
    "keep_half",
    "keep_until",
    "let_half_go",
    "secret",
    "secret_or_none",
    "set_cookie",
]

SUBJECT = "holder_subject"
UNTIL = "holder_until"


def cookie_name(subject: str) -> str:
    """Return the cookie's name, one a citizen, so that two people at one computer do not destroy each other's."""
    prefix = "mydata_holder_" if settings.SANDBOX else "__Host-holder_"
    return prefix + hashlib.sha256(subject.encode()).hexdigest()[:16]


def half_cookie_name(parcel: UUID) -> str:
    """Return the name of the cookie that keeps a half handed over by another device."""
    return f"{'mydata_half_' if settings.SANDBOX else '__Host-half_'}{parcel}"


def half_of(holder_secret: bytes, parcel: UUID) -> bytes:
    """Return the holder's half of one parcel's key."""
    return sealing.derive(holder_secret, "parcel-half", str(parcel))


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


def halves(request: HttpRequest, parcel: UUID) -> list[bytes]:
    """Return what in this browser may be the half of a parcel: by its own secret, and as handed over; at most two."""
    own = secret_or_none(request)
    handed = _handed(request, parcel)
    return [half for half in (half_of(own, parcel) if own is not None else None, handed) if half is not None]


def keep_half(request: HttpRequest, parcel: UUID, half: bytes, *, until: dt.datetime) -> None:
    """Have this browser keep the half of one parcel until `until`, the parcel's end."""
    _changed_halves(request)[parcel] = (half, until)


def let_half_go(request: HttpRequest, parcel: UUID) -> None:
    """Have this browser forget the half of a parcel that is no more."""
    if half_cookie_name(parcel) in request.COOKIES:
        _changed_halves(request)[parcel] = None


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
    """Give the browser its secret where this request made it or lengthened its life, and the halves that it was handed."""
    _set_half_cookies(request, response)
    if not getattr(request, "refresh_holder_cookie", False):
        return
    held, subject = secret_or_none(request), request.session.get(SUBJECT)
    if held is None or subject is None:
        return
    until = dt.datetime.fromisoformat(request.session[UNTIL])
    _give(response, cookie_name(subject), held, until)


def _set_half_cookies(request: HttpRequest, response: HttpResponseBase) -> None:
    for parcel, kept in _changed_halves(request).items():
        if kept is None:
            response.delete_cookie(half_cookie_name(parcel), samesite="Lax")
        else:
            _give(response, half_cookie_name(parcel), *kept)


def _give(response: HttpResponseBase, name: str, value: bytes, until: dt.datetime) -> None:
    response.set_cookie(
        name,
        base64.urlsafe_b64encode(value).decode().rstrip("="),
        max_age=max(1, int((until - clock.now()).total_seconds())),
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def _handed(request: HttpRequest, parcel: UUID) -> bytes | None:
    changed = _changed_halves(request)
    if parcel in changed:
        kept = changed[parcel]
        return kept[0] if kept is not None else None
    return _decode(request.COOKIES.get(half_cookie_name(parcel), ""))


def _changed_halves(request: HttpRequest) -> dict[UUID, tuple[bytes, dt.datetime] | None]:
    """Return what this request does to the halves that the browser keeps; None lets one go."""
    if not hasattr(request, "changed_halves"):
        request.changed_halves = {}  # type: ignore[attr-defined]  # handed to the middleware of this request
    changed: dict[UUID, tuple[bytes, dt.datetime] | None] = request.changed_halves  # type: ignore[attr-defined]  # as above
    return changed


def _decode(value: str) -> bytes | None:
    try:
        held = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        return None
    return held if len(held) == sealing.SECRET_BYTES else None
