"""自行下載: claimed once, sent as often as the line breaks, acknowledged by digest, destroyed.

The claim is one guarded update with one winner; nothing else moves state. The claim's cookie is derived from the holder's
half of the parcel and the claim, so a repeated claim is answered again without anything having been kept.
"""

import base64
import datetime as dt
import hmac
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from audit.actions import Action
from audit.recording import record
from identity.gates import SignIn
from mydata.core import clock, references, sealing, states
from mydata.core.errors import Busy, Gone, IdempotencyMismatch, IllegalMove
from personal_cloud import codes, packaging, parcels, purging, spool, vault
from personal_cloud.errors import AlreadyClaimed, ClaimFirst, Damaged, DigestMismatch, OtherEtag
from personal_cloud.models import CounterCode, Item, Parcel
from personal_cloud.parcels import FileView
from personal_cloud.purging import Because

CLAIM_LEASE = 20.0
"""Seconds after which the maker of a file that gave no sign of life is taken for dead."""
RENEW_EVERY = 4.0
NOTE_SENDING_EVERY = 5.0
NOTES_A_WINDOW = 3
"""How often at least it is noted that bytes are being sent while a window without a note would end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A claimed file and the value of the cookie that fetches it."""

    file: FileView
    cookie: str


def claim(sign_in: SignIn, parcel: Parcel, *, half: bytes, passphrase: str | None, key: str | None) -> Claimed:
    """Claim the file. The same `key` gets the same answer; anybody else comes too late.

    1. The holder opens the parcel. 2. A guarded update takes the claim. 3. The file is made and sealed. 4. A guarded update
    releases it, with the log. Raises AlreadyClaimed, IllegalMove, Gone, OtherBrowser.
    """
    opening = vault.unlock(parcel, half)
    asked = _Asked(parcel, half, passphrase, key)
    if parcel.state == Parcel.State.RELEASED:
        asked.check_repeats(parcel)
        return _claimed(parcel, half)
    token = _take(parcel, asked)
    package = packaging.Package(parcel, opening, passphrase=passphrase, now=clock.now())
    name = f"file.{parcel.pk}.{token}"
    try:
        with spool.create(name) as sink:
            sealed = vault.seal(parcel, vault.FILE, _holding_on(parcel, token, package), sink)
        _release(sign_in, parcel, token, name, sealed.key, package.packed)
    except BaseException:
        spool.unlink(name)
        states.change(states.row(Parcel, parcel.pk).filter(claim_token=token), claim_token=None, claim_until=None)
        raise
    return _claimed(Parcel.objects.get(pk=parcel.pk), half)


class _Asked:
    """One asking for the claim: its idempotency key by keyed digest, its body by a digest that only the holder can make."""

    def __init__(self, parcel: Parcel, half: bytes, passphrase: str | None, key: str | None) -> None:
        self.key_digest = references.digest("claim", f"{parcel.pk}\n{key}".encode()) if key else ""
        self.body_digest = sealing.derive(half, "claim-body", str(parcel.pk), passphrase or "").hex()

    def is_by_key_of(self, parcel: Parcel) -> bool:
        """Say whether the claim that was taken came under this key."""
        return bool(self.key_digest) and hmac.compare_digest(parcel.claim_key_digest, self.key_digest)

    def check_repeats(self, parcel: Parcel) -> None:
        """Pass where this is the winner asking again. Raises AlreadyClaimed, IdempotencyMismatch."""
        if not self.is_by_key_of(parcel):
            raise AlreadyClaimed
        if not hmac.compare_digest(parcel.claim_body_digest, self.body_digest):
            raise IdempotencyMismatch


class OpenFile:
    """A claimed file, open for whoever holds it and closes it: `size` in bytes, `sha256` lower-case hex."""

    def __init__(self, parcel: Parcel, file: FileView, opened: sealing.Opened, source: BinaryIO) -> None:
        self._parcel, self._opened = parcel, opened
        self.close = source.close
        self.size, self.etag, self.name, self.sha256 = file.size, file.etag, file.name, file.sha256

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes [start, end) and note that they are being sent, so that the window does not end meanwhile."""
        noted, every = clock.monotonic(), min(NOTE_SENDING_EVERY, settings.RESUME_WINDOW / NOTES_A_WINDOW)
        _note_sending(self._parcel.pk)
        try:
            for chunk in self._opened.read(start, end):
                if clock.monotonic() - noted > every:
                    _note_sending(self._parcel.pk)
                    noted = clock.monotonic()
                yield chunk
        finally:
            _note_sending(self._parcel.pk)


def open_file(parcel: Parcel, *, half: bytes, claim_cookie: str | None, etag: str | None) -> OpenFile:
    """Open a claimed file by the claim's cookie or its entity tag; `*` fits every file, so it stands for no claim.

    Raises ClaimFirst, OtherEtag, Gone, Damaged, OtherBrowser.
    """
    if not parcel.is_open:
        raise Gone
    file = parcels.file_of(parcel)
    if parcel.state != Parcel.State.RELEASED or file is None:
        raise ClaimFirst
    if etag is not None and etag not in {file.etag, "*"}:
        raise OtherEtag
    if etag != file.etag and not hmac.compare_digest((claim_cookie or "").encode(), _cookie(parcel, half).encode()):
        raise ClaimFirst
    key = vault.unlock(parcel, half)
    try:
        source = spool.path(parcel.file_spool).open("rb")
    except FileNotFoundError as error:
        raise Gone from error
    binding = vault.binding(parcel, vault.FILE)
    try:
        opened = sealing.Opened(key, bytes(parcel.file_sealed_key or b""), binding, source)
        opened.check_end()
    except sealing.CannotOpen as error:
        source.close()
        raise Damaged from error
    return OpenFile(parcel, file, opened, source)


def acknowledge(parcel: Parcel, *, sha256: str, now: dt.datetime) -> Parcel:
    """Take the citizen's word, proven by the file's digest, that it arrived, and destroy the parcel.

    Repeating it answers the same. Raises ClaimFirst, DigestMismatch, Gone where there never was a file.
    """
    if not parcel.file_sha256:
        raise ClaimFirst if parcel.is_open else Gone
    if not hmac.compare_digest(parcel.file_sha256.encode(), sha256.encode()):
        raise DigestMismatch
    return purging.purge(parcel.pk, because=Because.RECEIVED, now=now)


def _take(parcel: Parcel, asked: _Asked) -> UUID:
    """Take the claim. Raises AlreadyClaimed, IllegalMove while the parcel is not sealed."""
    now = clock.now()
    token = uuid.uuid4()
    free = states.row(Parcel, parcel.pk).filter(state=Parcel.State.SEALED, purge_started_at=None)
    until = now + dt.timedelta(seconds=CLAIM_LEASE)
    changes = {
        "claim_token": token,
        "claim_until": until,
        "claim_key_digest": asked.key_digest,
        "claim_body_digest": asked.body_digest,
    }
    if states.change(free.filter(claim_token=None), **changes):
        return token
    if states.change(free.filter(claim_until__lt=now), **changes):
        return token
    current = Parcel.objects.get(pk=parcel.pk)
    if not current.is_open:
        raise Gone
    if asked.is_by_key_of(current):
        raise Busy(retry_after=1)
    if current.state in {Parcel.State.SEALED, Parcel.State.RELEASED}:
        raise AlreadyClaimed
    raise IllegalMove


def _holding_on(parcel: Parcel, token: UUID, package: Iterable[bytes]) -> Iterator[bytes]:
    """Pass the package's bytes on, renewing the claim's lease while it is being made."""
    noted = clock.monotonic()
    for piece in package:
        if clock.monotonic() - noted > RENEW_EVERY:
            until = clock.now() + dt.timedelta(seconds=CLAIM_LEASE)
            states.change(states.row(Parcel, parcel.pk).filter(claim_token=token), claim_until=until)
            noted = clock.monotonic()
        yield piece


def _release(
    sign_in: SignIn, parcel: Parcel, token: UUID, name: str, sealed_key: bytes, packed: packaging.Packed
) -> None:
    """Hand the file to its claimant; no code opens the parcel any more.

    Raises IllegalMove where the parcel was shut or the claim lost meanwhile.
    """
    now = clock.now()
    rows = states.row(Parcel, parcel.pk).filter(claim_token=token, purge_started_at=None)
    with transaction.atomic():
        Parcel.LIFE.move(
            rows,
            Parcel.State.RELEASED,
            released_at=now,
            release_level=sign_in.level,
            file_spool=name,
            file_sealed_key=sealed_key,
            file_name=packaging.file_name(parcel, today=clock.today()),
            file_size=packed.size,
            file_sha256=packed.sha256,
        )
        record(
            Action.PARCEL_RELEASED,
            subject=parcel.subject,
            parcel=str(parcel.pk),
            datasets=list(parcel.items.filter(state=Item.State.LANDED).values_list("dataset_id", flat=True)),
            sha256=packed.sha256,
            size=packed.size,
        )
        codes.end_of(parcel, CounterCode.State.REVOKED, actor="citizen", now=now)
    codes.destroy_of(parcel)


def _claimed(parcel: Parcel, half: bytes) -> Claimed:
    file = parcels.file_of(parcel)
    if file is None:
        raise IllegalMove
    return Claimed(file=file, cookie=_cookie(parcel, half))


def _cookie(parcel: Parcel, half: bytes) -> str:
    value = sealing.derive(half, "claim", str(parcel.pk), str(parcel.claim_token))
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def _note_sending(parcel_id: UUID) -> None:
    states.change(
        states.row(Parcel, parcel_id).filter(state=Parcel.State.RELEASED, purge_started_at=None),
        last_sent_at=clock.now(),
    )


def window_ends(parcel: Parcel) -> dt.datetime | None:
    """Return when a parcel whose file was sent, and not acknowledged, is destroyed."""
    if parcel.last_sent_at is None:
        return None
    return min(parcel.expires_at, parcel.last_sent_at + dt.timedelta(seconds=settings.RESUME_WINDOW))
