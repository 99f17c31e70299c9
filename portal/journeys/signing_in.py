"""身分驗證 as a browser goes through it: an attempt belongs to the browser that began it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from audit.actions import Action
from audit.recording import record
from identity import gates, holder, sessions, verifying
from identity.verifying import Outcome
from mydata.core import clock
from mydata.core.errors import NotFound
from personal_cloud import parcels

ATTEMPTS = "verifications"
MOST_ATTEMPTS_KEPT = 10

Started = Outcome


def start(request: HttpRequest, *, method: str, claim: Mapping[str, Any]) -> Started:
    """Begin an attempt in this browser. Raises Malformed, BadNationalId."""
    outcome = verifying.start(method, claim, now=clock.now())
    kept = [*request.session.get(ATTEMPTS, []), str(outcome.id)]
    request.session[ATTEMPTS] = kept[-MOST_ATTEMPTS_KEPT:]
    return _enter(request, outcome)


def answer(request: HttpRequest, verification_id: UUID, given: Mapping[str, Any]) -> Started:
    """Answer an attempt of this browser. Raises NotFound, AlreadyAnswered, Malformed."""
    _own(request, verification_id)
    return _enter(request, verifying.answer(verification_id, given, now=clock.now()))


def look(request: HttpRequest, verification_id: UUID) -> Started:
    """Return where an attempt of this browser stands. Raises NotFound, AlreadyAnswered."""
    _own(request, verification_id)
    return verifying.look(verification_id)


def sign_out(request: HttpRequest) -> None:
    """End the session; parcels live on until they are taken, withdrawn or over."""
    signed_in = gates.sign_in_or_none(request)
    if signed_in is not None:
        with transaction.atomic():
            record(Action.IDENTITY_SIGNED_OUT, subject=signed_in.subject)
    sessions.end(request)


def _own(request: HttpRequest, verification_id: UUID) -> None:
    if str(verification_id) not in request.session.get(ATTEMPTS, []):
        raise NotFound


def _enter(request: HttpRequest, outcome: Outcome) -> Outcome:
    """Sign the browser in where the attempt was verified and nothing more is asked."""
    if outcome.envelope is None or outcome.level is None or outcome.next is not None:
        return outcome
    sessions.begin(
        request, subject=outcome.subject, level=outcome.level, method=outcome.method, envelope=outcome.envelope
    )
    last = parcels.last_end(outcome.subject, now=clock.now())
    if last is not None:
        holder.keep_until(request, last)
    return outcome
