"""References: how the house names a person without writing down who they are."""

import base64
import hashlib
import hmac

from mydata.core import keyring


def of_subject(national_id: str) -> str:
    """Return the reference of a normalised, checked national ID: HMAC-SHA256 under the pepper, 26 characters."""
    return _short(_mac("pepper", "subject", national_id))


def pairwise(subject: str, sector: str) -> str:
    """Return the reference under which one service knows a subject, unlinkable to any other service's."""
    return _short(_mac("pepper", "pairwise", f"{sector}\n{subject}"))


def per_transaction(subject: str, tx_id: str) -> str:
    """Return the reference under which one agency knows a subject for one transaction."""
    return _short(_mac("pepper", "transaction", f"{tx_id}\n{subject}"))


def digest(purpose: str, value: bytes) -> str:
    """Return a keyed digest of `value` (hex, 64 characters), for looking a secret up without keeping it."""
    return hmac.new(keyring.secret("lookup"), purpose.encode() + b"\n" + value, hashlib.sha256).hexdigest()


def _mac(key: str, purpose: str, value: str) -> bytes:
    return hmac.new(keyring.secret(key), f"{purpose}\n{value}".encode(), hashlib.sha256).digest()


def _short(mac: bytes) -> str:
    return base64.b32encode(mac[:16]).decode().rstrip("=").lower()
