"""資料條碼: how a citizen lets somebody else open one parcel, once, without the portal learning how.

Who holds a half of the parcel has a code shown: its secrets are derived from the half and the code's id, so that showing it again
keeps nothing. What it opens is wrapped in the key store under those secrets (`wraps`). A code lives as long as `CODE_TTL` and the parcel
allow, ends once, and its wraps end with it.
"""

import datetime as dt
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from audit.actions import Action
from audit.recording import record
from identity.errors import OtherBrowser
from identity.gates import SignIn
from mydata.core import keys, sealing, states
from mydata.core.errors import Gone, IdempotencyMismatch, IllegalMove, MyDataError, NotFound
from personal_cloud import barcodes, parcels, vault, wraps
from personal_cloud.barcodes import Kind, Secret
from personal_cloud.errors import CodeExpired, CodeRevoked, CodeUsed, UnknownCode
from personal_cloud.models import CounterCode, Item, Parcel

State = CounterCode.State
KNOWN_BY = {Kind.QR: "qr_digest", Kind.SPOKEN: "spoken_digest"}
ENDINGS = {State.REVOKED: Action.CODE_REVOKED, State.EXPIRED: Action.CODE_EXPIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A code as its citizen sees it, in both writings; `refusal` is what whoever brings it now is told, None while it opens."""

    id: UUID
    parcel: UUID
    qr: Secret
    spoken: Secret
    shown_at: dt.datetime
    expires_at: dt.datetime
    refusal: MyDataError | None


def show(sign_in: SignIn, parcel: Parcel, *, half: bytes, now: dt.datetime) -> Shown:
    """Make a code that opens a sealed parcel; it takes the place of the one before.

    1. The session is as strong as the release asks (StepUp). 2. The half opens the parcel (OtherBrowser, Gone). 3. It is wrapped
    into the key store. 4. One transaction, holding the parcel, revokes the code before and writes this one with the log; where the
    parcel is no longer sealed (IllegalMove) the wraps are destroyed again. 5. The wraps of the code before are destroyed.
    """
    parcels.check_level(sign_in, parcel)
    vault.unlock(parcel, half)
    code_id = uuid.uuid4()
    secrets = _secrets(half, code_id)
    qr, spoken = (wraps.key_of(secret) for secret in secrets)
    wraps.put(code_id, half, [qr, spoken])
    code = CounterCode(
        id=code_id,
        parcel=parcel,
        qr_digest=qr.digest,
        spoken_digest=spoken.digest,
        shown_at=now,
        expires_at=min(parcel.expires_at, (now + dt.timedelta(seconds=settings.CODE_TTL)).replace(microsecond=0)),
    )
    try:
        before = _write(code, now)
    except BaseException:
        wraps.destroy(code_id)
        raise
    for each in before:
        wraps.destroy(each)
    return _shown(code, secrets, now)


def shown(code: CounterCode, halves: Sequence[bytes], *, now: dt.datetime) -> Shown:
    """Return a code as it was shown, in a browser that holds the half it was made from. Raises OtherBrowser."""
    for half in halves:
        secrets = _secrets(half, code.pk)
        if hmac.compare_digest(wraps.key_of(secrets[0]).digest, code.qr_digest):
            return _shown(code, secrets, now)
    raise OtherBrowser


def of(subject: str, code_id: UUID) -> CounterCode:
    """Return the code of a citizen's own parcel. Raises NotFound."""
    code = CounterCode.objects.select_related("parcel__grant").filter(pk=code_id, parcel__subject=subject).first()
    if code is None:
        raise NotFound
    return code


def find(key: wraps.Key, subject: str) -> CounterCode:
    """Return the code of this person's own that the key is of. Raises UnknownCode."""
    code = CounterCode.objects.select_related("parcel__grant").filter(**{KNOWN_BY[key.kind]: key.digest}).first()
    if code is None or code.parcel.subject != subject:
        raise UnknownCode
    return code


def check_same(code: CounterCode, key: wraps.Key) -> None:
    """Let pass the key that a code was found by. Raises IdempotencyMismatch."""
    if not hmac.compare_digest(getattr(code, KNOWN_BY[key.kind]), key.digest):
        raise IdempotencyMismatch


def check_live(code: CounterCode, *, now: dt.datetime) -> None:
    """Let a code pass that still opens. Raises CodeUsed, CodeRevoked, CodeExpired."""
    refusal = _refusal(code, now)
    if refusal is not None:
        raise refusal


def unwrap(code: CounterCode, key: wraps.Key, *, now: dt.datetime) -> bytes:
    """Return the half that a live code opens. Raises CodeUsed, CodeRevoked, CodeExpired where it ended meanwhile, Gone."""
    try:
        return wraps.unwrap(code.pk, key)
    except (keys.KeyGone, sealing.CannotOpen) as error:
        check_live(CounterCode.objects.get(pk=code.pk), now=now)
        # Its row lives, but its parcel is just being destroyed.
        raise Gone from error


def accept(code: CounterCode, *, now: dt.datetime) -> None:
    """Let a code have opened what it opens: of many who bring it in one moment, one. Raises CodeUsed, CodeRevoked, CodeExpired."""
    row = states.row(CounterCode, code.pk)
    with transaction.atomic():
        won = CounterCode.LIFE.attempt(row.filter(expires_at__gt=now), State.SCANNED)
        if won:
            CounterCode.LIFE.move(row, State.ACCEPTED, ended_at=now)
            _record(Action.CODE_OPENED, code, "citizen")
    if not won:
        check_live(CounterCode.objects.get(pk=code.pk), now=now)
        raise IllegalMove
    wraps.destroy(code.pk)


def revoke(code: CounterCode, *, now: dt.datetime) -> None:
    """Take a code back; taking it back twice is no error. Raises CodeUsed, CodeExpired."""
    with transaction.atomic():
        _end(code, State.REVOKED, actor="citizen", now=now)
    wraps.destroy(code.pk)
    refusal = _refusal(CounterCode.objects.get(pk=code.pk), now)
    if refusal is not None and not isinstance(refusal, CodeRevoked):
        raise refusal


def end_of(parcel: Parcel, how: CounterCode.State, *, actor: str, now: dt.datetime) -> None:
    """End what is live of a parcel's codes, inside the caller's transaction."""
    for code in _live(parcel.pk):
        _end(code, how, actor=actor, now=now)


def destroy_of(parcel: Parcel) -> None:
    """Destroy the wraps of a parcel's codes, whatever their rows say."""
    for code_id in CounterCode.objects.filter(parcel=parcel).values_list("pk", flat=True):
        wraps.destroy(code_id)


def expire_due(now: dt.datetime) -> None:
    """End the codes whose time is over."""
    due = CounterCode.objects.filter(state__in=CounterCode.LIVE, expires_at__lte=now)
    for code in due.select_related("parcel")[:500]:
        with transaction.atomic():
            _end(code, State.EXPIRED, actor="portal", now=now)
        wraps.destroy(code.pk)


def _secrets(half: bytes, code_id: UUID) -> tuple[Secret, Secret]:
    qr, spoken = (barcodes.write(kind, sealing.derive(half, "code", kind, str(code_id))) for kind in Kind)
    return qr, spoken


def _write(code: CounterCode, now: dt.datetime) -> list[UUID]:
    """Write a code down in the place of those before; return their ids. Raises IllegalMove where the parcel is not sealed."""
    sealed = Parcel.objects.filter(pk=code.parcel_id, state=Parcel.State.SEALED, purge_started_at=None)
    with transaction.atomic():
        # Held to the end of the transaction: a purge that begins meanwhile waits, and then finds this code.
        if sealed.select_for_update().first() is None:
            raise IllegalMove
        before = list(_live(code.parcel_id))
        for each in before:
            _end(each, State.REVOKED, actor="citizen", now=now)
        CounterCode.objects.bulk_create([code])
        _record(Action.CODE_SHOWN, code, "citizen")
    return [each.pk for each in before]


def _live(parcel_id: UUID) -> "QuerySet[CounterCode]":
    return CounterCode.objects.select_related("parcel").filter(parcel_id=parcel_id, state__in=CounterCode.LIVE)


def _end(code: CounterCode, how: CounterCode.State, *, actor: str, now: dt.datetime) -> None:
    if CounterCode.LIFE.attempt(states.row(CounterCode, code.pk), how, ended_at=now):
        _record(ENDINGS[how], code, actor)


def _record(action: Action, code: CounterCode, actor: str) -> None:
    datasets = code.parcel.items.filter(outcome=Item.State.LANDED).values_list("dataset_id", flat=True)
    record(
        action,
        subject=code.parcel.subject,
        actor=actor,
        parcel=str(code.parcel_id),
        code=str(code.pk),
        datasets=list(datasets),
    )


def _shown(code: CounterCode, secrets: tuple[Secret, Secret], now: dt.datetime) -> Shown:
    return Shown(
        id=code.pk,
        parcel=code.parcel_id,
        qr=secrets[0],
        spoken=secrets[1],
        shown_at=code.shown_at,
        expires_at=code.expires_at,
        refusal=_refusal(code, now),
    )


def _refusal(code: CounterCode, now: dt.datetime) -> MyDataError | None:
    """Say why a code opens nothing; None where it does."""
    if code.state == State.REVOKED:
        return CodeRevoked()
    if code.state == State.EXPIRED or (code.state in CounterCode.LIVE and now >= code.expires_at):
        return CodeExpired()
    return CodeUsed() if code.state != State.SHOWN else None
