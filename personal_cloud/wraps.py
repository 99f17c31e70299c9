"""What a code opens: the holder's half of one parcel, wrapped once for each way of writing the code.

The wrap key is derived from the code's secret and a share of the code's own. Wraps and share are one value in the key store,
destroyed when the code ends. The database knows a code by a digest alone, keyed with a key of the key store. The spoken secret is
short, so it is stretched first: whoever has stolen everything that the portal keeps pays tens of milliseconds a guess.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from mydata.core import keys, sealing
from personal_cloud.barcodes import Kind, Secret

KIND = "code"
LOOKUP, FOR_CODES = "lookup", "codes"
COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
"""Of scrypt (RFC 7914): 16 MiB, and tens of milliseconds."""
WRAPPED = 12 + sealing.SECRET_BYTES + sealing.TAG


@dataclass(frozen=True, slots=True)
class Key:
    """What a secret is reduced to before anything is opened or looked up by it; `digest` is what the database keeps."""

    kind: Kind
    value: bytes
    digest: str


def key_of(secret: Secret) -> Key:
    """Reduce a secret to its key."""
    lookup = keys.store().keep_first(LOOKUP, FOR_CODES, sealing.new_secret())
    value = secret.symbols.encode()
    if secret.kind == Kind.SPOKEN:
        value = hashlib.scrypt(value, salt=lookup, **COST)
    digest = hmac.new(lookup, secret.kind.encode() + b"\n" + value, hashlib.sha256).hexdigest()
    return Key(secret.kind, value, digest)


def put(code: UUID, half: bytes, opened_by: Sequence[Key]) -> None:
    """Wrap the half for each of `opened_by`, one of each kind, under a share made now, and put it all into the key store."""
    share = sealing.new_secret()
    wrapped = {key.kind: sealing.wrap(_wrap_key(key, share, code), half, code.bytes) for key in opened_by}
    keys.store().put(KIND, str(code), share + b"".join(wrapped[kind] for kind in Kind))


def unwrap(code: UUID, key: Key) -> bytes:
    """Return the half. Raises KeyGone where the code has ended, CannotOpen where it is just ending or the key is another's."""
    value = keys.store().get(KIND, str(code))
    share, wrapped = value[: sealing.SECRET_BYTES], value[sealing.SECRET_BYTES :]
    start = WRAPPED * list(Kind).index(key.kind)
    return sealing.unwrap(_wrap_key(key, share, code), wrapped[start : start + WRAPPED], code.bytes)


def destroy(code: UUID) -> None:
    """Destroy wraps and share; from then on the code opens nothing."""
    keys.store().destroy(KIND, str(code))


def _wrap_key(key: Key, share: bytes, code: UUID) -> bytes:
    return sealing.derive(key.value + share, "code-wrap", key.kind, str(code))
