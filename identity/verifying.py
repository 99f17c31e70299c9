"""身分驗證: from a claim to a person who is known, by whichever method.

1. The claim has the form its method asks for. 2. Its national ID is normalised and its check digit holds. 3. An attempt is
written down; its claim waits in the key store, never in the database. 4. The method decides. 5. One guarded update ends the
attempt, and the log says how. An attempt is decided once; whoever comes second is told so.
"""

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jsonschema
from django.conf import settings
from django.db import transaction

from audit.actions import Action
from audit.recording import record
from identity import national_id
from identity.envelope import Envelope
from identity.errors import AlreadyAnswered
from identity.levels import AssuranceLevel
from identity.methods import registry
from identity.methods.base import Attempt, AuthorityDown, Method, NotAccepted
from identity.models import Citizen, Verification
from mydata.core import clock, keys, references, states
from mydata.core.errors import Malformed, NotFound

CLAIMS = "claim"
SECOND_METHOD = "second_method"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where an attempt stands. `envelope` is there when it has just been verified, `expires_at` while an answer is awaited."""

    id: UUID
    method: str
    subject: str
    state: str
    challenge: dict[str, str] | None = None
    expires_at: dt.datetime | None = None
    level: AssuranceLevel | None = None
    next: str | None = None
    reason: str | None = None
    envelope: Envelope | None = None


def start(method_name: str, claim: Mapping[str, Any], *, now: dt.datetime) -> Outcome:
    """Begin an attempt; a method without a challenge decides it at once. Raises Malformed, BadNationalId."""
    method = registry.find(method_name)
    _check_form(claim, method.claim_schema, "claim")
    checked = {**claim, "national_id": national_id.normalise(claim["national_id"])}
    verification = Verification.objects.create(
        method=method.name,
        subject=references.of_subject(checked["national_id"]),
        challenge=secrets.token_bytes(32),
        started_at=now,
        expires_at=now + dt.timedelta(seconds=settings.VERIFICATION_TTL),
    )
    challenge = method.challenge(_attempt(verification, checked))
    if challenge is None:
        return _decide(method, verification, checked, {})
    keys.store().put(CLAIMS, str(verification.pk), json.dumps(checked).encode())
    return _pending(verification, challenge)


def answer(verification_id: UUID, given: Mapping[str, Any], *, now: dt.datetime) -> Outcome:
    """Decide an attempt by its answer. Raises NotFound, AlreadyAnswered, Malformed."""
    verification = Verification.objects.filter(pk=verification_id).first()
    if verification is None:
        raise NotFound
    method = registry.find(verification.method)
    if verification.state != Verification.State.PENDING or now >= verification.expires_at:
        raise AlreadyAnswered
    if method.answer_schema is not None:
        _check_form(given, method.answer_schema, "answer")
    try:
        checked = json.loads(keys.store().get(CLAIMS, str(verification.pk)))
    except keys.KeyGone as error:
        raise AlreadyAnswered from error
    return _decide(method, verification, checked, given)


def look(verification_id: UUID) -> Outcome:
    """Return where an attempt stands, for a page that shows its challenge or a repeated answer. Raises NotFound."""
    verification = Verification.objects.filter(pk=verification_id).first()
    if verification is None:
        raise NotFound
    if verification.state != Verification.State.PENDING:
        return _ended(verification)
    method = registry.find(verification.method)
    try:
        checked = json.loads(keys.store().get(CLAIMS, str(verification.pk)))
    except keys.KeyGone as error:
        raise AlreadyAnswered from error
    return _pending(verification, method.challenge(_attempt(verification, checked)))


def expire(now: dt.datetime) -> None:
    """Forget the claims of attempts that nobody answered in time."""
    over = Verification.objects.filter(state=Verification.State.PENDING, expires_at__lt=now)
    for pk in over.values_list("pk", flat=True)[:500]:
        keys.store().destroy(CLAIMS, str(pk))
        Verification.LIFE.attempt(states.row(Verification, pk), Verification.State.FAILED, decided_at=now)


def _decide(method: Method, verification: Verification, claim: dict[str, str], given: Mapping[str, Any]) -> Outcome:
    try:
        proven = method.decide(_attempt(verification, claim), given)
    except NotAccepted:
        return _refuse(verification, "not_accepted")
    except AuthorityDown:
        return _refuse(verification, "authority_down")
    envelope = Envelope(uid=claim["national_id"], name=proven.name, birth_date=proven.birth_date)
    is_member = Citizen.objects.filter(pk=verification.subject, confirmed_at__isnull=False).exists()
    changes = {"level": method.level, "next": "" if is_member else SECOND_METHOD}
    with transaction.atomic():
        _end(verification, Verification.State.VERIFIED, **changes)
        record(
            Action.IDENTITY_VERIFIED,
            subject=verification.subject,
            method=method.name,
            level=method.level.value,
        )
    keys.store().destroy(CLAIMS, str(verification.pk))
    return _ended(Verification.objects.get(pk=verification.pk), envelope)


def _refuse(verification: Verification, reason: str) -> Outcome:
    with transaction.atomic():
        _end(verification, Verification.State.FAILED, reason=reason)
        record(
            Action.IDENTITY_REFUSED,
            subject=verification.subject,
            actor="unknown",
            method=verification.method,
            reason=reason,
        )
    keys.store().destroy(CLAIMS, str(verification.pk))
    return _ended(Verification.objects.get(pk=verification.pk))


def _end(verification: Verification, state: str, **changes: object) -> None:
    row = states.row(Verification, verification.pk)
    if not Verification.LIFE.attempt(row, state, decided_at=clock.now(), challenge=None, **changes):
        raise AlreadyAnswered


def _attempt(verification: Verification, claim: Mapping[str, str]) -> Attempt:
    return Attempt(id=verification.pk, claim=claim, nonce=bytes(verification.challenge or b""))


def _pending(verification: Verification, challenge: dict[str, str] | None) -> Outcome:
    return Outcome(
        id=verification.pk,
        method=verification.method,
        subject=verification.subject,
        state=verification.state,
        challenge=challenge,
        expires_at=verification.expires_at,
    )


def _ended(verification: Verification, envelope: Envelope | None = None) -> Outcome:
    return Outcome(
        id=verification.pk,
        method=verification.method,
        subject=verification.subject,
        state=verification.state,
        level=AssuranceLevel(verification.level) if verification.level else None,
        next=verification.next or None,
        reason=verification.reason or None,
        envelope=envelope,
    )


def _check_form(value: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> None:
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker(["date"]))
    error = jsonschema.exceptions.best_match(checker.iter_errors(value))
    if error is not None:
        raise Malformed(path="/".join([name, *(str(part) for part in error.absolute_path)]))
