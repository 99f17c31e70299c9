"""暫存於個人雲: putting away what only the holder can take out again.

The parcel's private key is derived from the holder's half and the server's share; only the public key is kept. Sealing needs
the public key alone, so the worker can close and nobody, the portal included, can open until the holder comes back.
"""

import hashlib
import json
import os
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from identity.errors import OtherBrowser
from mydata.core import clock, keys, sealing
from mydata.core.errors import Gone
from personal_cloud import spool
from personal_cloud.errors import Damaged
from personal_cloud.models import Item, Parcel

SHARES = "share"
FILE = "*file*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where an item's bytes came from and what was checked before they were sealed. Times are RFC 3339."""

    provider: str
    wire: str
    tx_id: str
    sub: str
    issued_at: str
    received_at: str
    signer: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the row keeps of a sealed content: its data key, sealed, and the SHA-256 of the ciphertext (hex)."""

    key: bytes
    commitment: str


def new_share(parcel: UUID) -> bytes:
    """Make the server's share of a parcel and put it into the key store."""
    share = sealing.new_secret()
    keys.store().put(SHARES, str(parcel), share)
    return share


def destroy_share(parcel: UUID) -> None:
    """Destroy the server's share; from then on nothing of the parcel opens, whoever holds what."""
    keys.store().destroy(SHARES, str(parcel))


def public_key(half: bytes, share: bytes, parcel: UUID) -> bytes:
    """Return the 32 raw bytes of the parcel's public key."""
    return sealing.private_key(half, share, str(parcel)).public_key().public_bytes_raw()


def unlock(parcel: Parcel, half: bytes) -> X25519PrivateKey:
    """Return the private key of an open parcel. Raises OtherBrowser, Gone where the share is destroyed."""
    if not parcel.is_open:
        raise Gone
    try:
        share = keys.store().get(SHARES, str(parcel.pk))
    except keys.KeyGone as error:
        raise Gone from error
    key = sealing.private_key(half, share, str(parcel.pk))
    if key.public_key().public_bytes_raw() != bytes(parcel.public_key):
        # A share that is just being overwritten reads as a wrong one.
        raise OtherBrowser if Parcel.objects.filter(pk=parcel.pk, purge_started_at=None).exists() else Gone
    return key


def opens(parcel: Parcel, half: bytes) -> bool:
    """Say whether this half opens the parcel."""
    try:
        unlock(parcel, half)
    except (OtherBrowser, Gone):
        return False
    return True


def fitting(parcel: Parcel, halves: Sequence[bytes]) -> bytes:
    """Return the half that opens the parcel, or where none does the first: unlocking says why. Raises OtherBrowser for none."""
    if not halves:
        raise OtherBrowser
    return next((half for half in halves if opens(parcel, half)), halves[0])


def seal(parcel: Parcel, what: str, content: Iterable[bytes], sink: BinaryIO) -> Sealed:
    """Seal `content` to the parcel as `what` (a dataset's id, or FILE) into `sink`, flushed to the disk."""
    digest = hashlib.sha256()

    def write(sealed: bytes) -> None:
        digest.update(sealed)
        sink.write(sealed)

    key = sealing.seal(bytes(parcel.public_key), binding(parcel, what), content, write)
    sink.flush()
    os.fsync(sink.fileno())
    return Sealed(key, digest.hexdigest())


def seal_item(parcel: Parcel, dataset: str, provenance: Provenance, body: BinaryIO, sink: BinaryIO) -> Sealed:
    """Seal an agency's own bytes together with where they came from."""
    return seal(parcel, dataset, _with_provenance(provenance, body), sink)


def open_item(parcel: Parcel, item: Item, key: X25519PrivateKey) -> tuple[Provenance, bytes]:
    """Return where an item came from and the agency's own bytes. Raises Damaged, Gone where it was erased."""
    if not item.spool or item.sealed_key is None:
        raise Gone
    try:
        file = spool.path(item.spool).open("rb")
    except FileNotFoundError as error:
        raise Gone from error
    try:
        with file:
            content = sealing.Opened(key, bytes(item.sealed_key), binding(parcel, item.dataset_id), file).whole()
    except sealing.CannotOpen as error:
        raise Damaged from error
    (length,) = struct.unpack(">I", content[:4])
    return Provenance(**json.loads(content[4 : 4 + length])), content[4 + length :]


def binding(parcel: Parcel, what: str) -> bytes:
    """Return what a sealed content of this parcel is bound to."""
    return sealing.Binding(
        parcel=str(parcel.pk),
        grant=str(parcel.grant_id),
        dataset=what,
        subject=parcel.subject,
        expires_at=clock.rfc3339(parcel.expires_at),
    ).encode()


def _with_provenance(provenance: Provenance, body: BinaryIO) -> Iterator[bytes]:
    head = json.dumps(asdict(provenance)).encode()
    yield struct.pack(">I", len(head)) + head
    while chunk := body.read(sealing.CHUNK):
        yield chunk
