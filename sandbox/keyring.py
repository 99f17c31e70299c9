"""Private keys and certificates, made once under one directory and found again at every later start.

The directory belongs to the sandbox alone (mode 0700). A lock file is held while it is open, so two processes that
start at once agree on the same keys; every file appears whole or not at all.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600
RSA_BITS = 2048


class Keyring:
    """What hangs in the key directory, by name."""

    def __init__(self, directory: Path) -> None:
        """Use `directory`, which exists; `opened` makes it and locks it."""
        self._directory = directory

    @classmethod
    @contextmanager
    def opened(cls, directory: Path) -> Iterator[Keyring]:
        """Open the keyring under `directory`, waiting while another process has it open."""
        keys = directory / "keys"
        keys.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)
        keys.chmod(PRIVATE_DIRECTORY)
        with (keys / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield cls(keys)

    def rsa_key(self, name: str) -> rsa.RSAPrivateKey:
        """Return the RSA-2048 key of that name."""
        pem = self._kept(f"{name}.key.pem", lambda: _pem(rsa.generate_private_key(65537, RSA_BITS)))
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise _unexpected(name)
        return key

    def ec_key(self, name: str, curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
        """Return the elliptic-curve key of that name."""
        pem = self._kept(f"{name}.key.pem", lambda: _pem(ec.generate_private_key(curve)))
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise _unexpected(name)
        return key

    def certificate(self, name: str, make: Callable[[], x509.Certificate]) -> x509.Certificate:
        """Return the certificate of that name; `make` issues it the first time."""
        pem = self._kept(f"{name}.crt.pem", lambda: make().public_bytes(Encoding.PEM))
        return x509.load_pem_x509_certificate(pem)

    def secret(self, purpose: str) -> str:
        """Return 64 hex digits for `purpose`, different for every purpose and every key directory."""
        root = self._kept("secrets.root", lambda: secrets.token_bytes(32))
        return hmac.new(root, purpose.encode(), hashlib.sha256).hexdigest()

    def _kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        path = self._directory / name
        if not path.exists():
            _write_whole(path, make())
        return path.read_bytes()


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside, flush to disk, then rename: a reader, or a start after a crash, never meets half a file."""
    beside = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _unexpected(name: str) -> TypeError:
    return TypeError(f"{name}.key.pem holds a key of another kind; remove the key directory to have it made anew")


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
