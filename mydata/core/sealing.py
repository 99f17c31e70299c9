"""Sealing: what is put away here opens only for whoever brings both the holder's half and the server's share.

HPKE (RFC 9180) seals one random data key with the binding as `info`; the content follows in chunks of 64 KiB under
AES-256-GCM with counter nonces and a mark on the last chunk (the STREAM construction), the same binding as additional data.
"""

import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALGORITHM = "hpke-x25519-sha256-aes256gcm+stream64k.v1"
CHUNK = 64 * 1024
TAG = 16
SECRET_BYTES = 32

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class CannotOpen(Exception):
    """Wrong key, changed byte, other binding or missing end: nothing of the content is given out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a sealed content belongs to; the same content under another binding does not open."""

    parcel: str
    grant: str
    dataset: str
    subject: str
    expires_at: str
    version: str = "mydata.v1"

    def encode(self) -> bytes:
        """Return the canonical JSON (RFC 8785) of the binding."""
        return rfc8785.dumps({name: getattr(self, name) for name in self.__slots__})


def new_secret() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(SECRET_BYTES)


def derive(secret: bytes, *context: str) -> bytes:
    """Return 32 bytes of HKDF-SHA256 (RFC 5869) of `secret`, apart for every context."""
    info = b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in ("mydata.v1", *context))
    return HKDF(algorithm=hashes.SHA256(), length=SECRET_BYTES, salt=None, info=info).derive(secret)


def private_key(holder_half: bytes, share: bytes, parcel: str) -> X25519PrivateKey:
    """Return the parcel's private key, which exists only while both halves are in one hand."""
    return X25519PrivateKey.from_private_bytes(derive(holder_half + share, "parcel-key", parcel))


def seal(public_key: bytes, binding: bytes, content: Iterable[bytes], write: Callable[[bytes], object]) -> bytes:
    """Hand `content`, sealed to `public_key` (32 raw bytes), piece by piece to `write`; return the sealed data key."""
    data_key = AESGCM.generate_key(256)
    cipher = AESGCM(data_key)
    for number, (chunk, last) in enumerate(_chunks(content)):
        write(cipher.encrypt(_nonce(number, last=last), chunk, binding))
    return _SUITE.encrypt(data_key, X25519PublicKey.from_public_bytes(public_key), info=binding)


class Opened:
    """A sealed content with its key at hand, readable from any offset.

    Raises CannotOpen when the data key does not open or the end is missing, and while reading when a chunk does not.
    """

    def __init__(self, key: X25519PrivateKey, sealed_key: bytes, binding: bytes, source: BinaryIO) -> None:
        try:
            self._cipher = AESGCM(_SUITE.decrypt(sealed_key, key, info=binding))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error
        self._binding = binding
        self._source = source
        sealed = source.seek(0, 2)
        self._count = max(1, -(-sealed // (CHUNK + TAG)))
        self.size = sealed - self._count * TAG
        # Only a content without a byte ends in a chunk without one; any other such end was cut off.
        tail = sealed - (self._count - 1) * (CHUNK + TAG)
        if tail < TAG + (self._count > 1):
            raise CannotOpen

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes [start, end) of the content, at most 64 KiB at a time."""
        stop = self.size if end is None else min(end, self.size)
        if 0 < start >= stop:
            return
        first = start // CHUNK
        last = max(first, (stop - 1) // CHUNK) if stop else 0
        for number in range(first, last + 1):
            chunk = self._chunk(number)
            yield chunk[max(0, start - number * CHUNK) : stop - number * CHUNK]

    def check_end(self) -> None:
        """Open the last chunk, so that a lost end shows before the first byte is given out. Raises CannotOpen."""
        self._chunk(self._count - 1)

    def whole(self) -> bytes:
        """Return the whole content."""
        return b"".join(self.read())

    def _chunk(self, number: int) -> bytes:
        self._source.seek(number * (CHUNK + TAG))
        sealed = self._source.read(CHUNK + TAG)
        try:
            return self._cipher.decrypt(_nonce(number, last=number == self._count - 1), sealed, self._binding)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error


def wrap(key: bytes, content: bytes, binding: bytes) -> bytes:
    """Seal a small `content` under a symmetric `key`: 12 bytes of nonce, then AES-256-GCM."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(key).encrypt(nonce, content, binding)


def unwrap(key: bytes, wrapped: bytes, binding: bytes) -> bytes:
    """Open what `wrap` sealed. Raises CannotOpen."""
    try:
        return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], binding)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen from error


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">QHBB", number, 0, 0, int(last))


def _chunks(content: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Regroup `content` into chunks of exactly CHUNK bytes, the last one shorter or equal and marked."""
    held = bytearray()
    for piece in content:
        held += piece
        while len(held) > CHUNK:
            yield bytes(held[:CHUNK]), False
            del held[:CHUNK]
    yield bytes(held), True
