"""The sign-in: what a browser's session says, how it starts, and when it is over."""

import base64
import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from identity import holder
from identity.envelope import Envelope
from identity.levels import AssuranceLevel, strictest
from mydata.core import clock, keys, sealing

KEY = "sign_in"
SHARES = "session"
NOTE_ACTIVITY_EVERY = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A live sign-in: the subject's reference, level and method, and the name of the session's share."""

    subject: str
    level: int
    method: str
    verified_at: dt.datetime
    expires_at: dt.datetime
    share: str


def read(request: HttpRequest) -> Facts | None:
    """Return the live sign-in of this request's session, or None."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    started = dt.datetime.fromisoformat(kept["started_at"])
    return Facts(
        subject=kept["subject"],
        level=kept["level"],
        method=kept["method"],
        verified_at=dt.datetime.fromisoformat(kept["verified_at"]),
        expires_at=started + dt.timedelta(seconds=settings.SESSION_ABSOLUTE),
        share=kept["share"],
    )


def begin(request: HttpRequest, *, subject: str, level: AssuranceLevel, method: str, envelope: Envelope) -> None:
    """Sign this browser in, or make its sign-in stronger; the session's name changes every time.

    The envelope is sealed under the holder's secret and a share of this session, and ends with either.
    """
    now = clock.now()
    before = read(request)
    if before is not None and before.subject != subject:
        end(request)
        before = None
    if before is not None:
        keys.store().destroy(SHARES, before.share)
        level = strictest([level, AssuranceLevel(before.level)])
    share, name = sealing.new_secret(), secrets.token_hex(16)
    keys.store().put(SHARES, name, share)
    secret = holder.establish(request, subject)
    sealed = sealing.wrap(_envelope_key(secret, share), envelope.encode(), subject.encode())
    started = request.session[KEY]["started_at"] if before is not None else now.isoformat()
    request.session[KEY] = {
        "subject": subject,
        "level": level.value,
        "method": method,
        "verified_at": now.isoformat(),
        "started_at": started,
        "seen_at": now.isoformat(),
        "share": name,
        "envelope": base64.b64encode(sealed).decode(),
    }
    request.session.cycle_key()


def envelope(request: HttpRequest) -> Envelope:
    """Open the identity envelope. Raises OtherBrowser where the holder's secret or the share is not at hand."""
    facts = read(request)
    secret = holder.secret(request)
    if facts is None:
        raise holder.OtherBrowser
    try:
        share = keys.store().get(SHARES, facts.share)
        sealed = base64.b64decode(request.session[KEY]["envelope"])
        return Envelope.decode(sealing.unwrap(_envelope_key(secret, share), sealed, facts.subject.encode()))
    except (keys.KeyGone, sealing.CannotOpen) as error:
        raise holder.OtherBrowser from error


def end(request: HttpRequest) -> None:
    """Sign out: the share is destroyed, the row deleted; the holder's cookie stays for parcels still alive."""
    facts = read(request)
    if facts is not None:
        keys.store().destroy(SHARES, facts.share)
    request.session.flush()


def ignore_strange(request: HttpRequest) -> None:
    """Take a cookie that names no session of ours for none: a name with a NUL in it is one that PostgreSQL refuses to look for."""
    name = request.session.session_key
    if name is not None and not (name.isascii() and name.isalnum()):
        request.session = type(request.session)()


def end_if_over(request: HttpRequest) -> None:
    """End a sign-in that was idle or lasted too long; note activity at most once a minute."""
    kept = request.session.get(KEY)
    if not kept:
        return
    now = clock.now()
    idle = now - dt.datetime.fromisoformat(kept["seen_at"])
    age = now - dt.datetime.fromisoformat(kept["started_at"])
    if idle.total_seconds() > settings.SESSION_IDLE or age.total_seconds() > settings.SESSION_ABSOLUTE:
        end(request)
    elif idle.total_seconds() >= NOTE_ACTIVITY_EVERY:
        request.session[KEY] = kept | {"seen_at": now.isoformat()}


def _envelope_key(secret: bytes, share: bytes) -> bytes:
    return sealing.derive(secret + share, "identity-envelope")
