"""Signed statements: compact JWS (RFC 7515) under ES256, and the ways in which a statement can be false."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from sandbox.faults import Kind


class Signer:
    """One ES256 key (P-256) and the type of the statements made with it."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, *, typ: str) -> None:
        """Sign with `key`; `typ` is the header of RFC 7515 section 4.1.9."""
        self._key = key
        self._typ = typ
        self._public = ECAlgorithm(ECAlgorithm.SHA256).to_jwk(key.public_key(), as_dict=True)
        self._kid = thumbprint(self._public)

    def jwks(self) -> dict[str, object]:
        """Return the public half as a JWK set (RFC 7517)."""
        return {"keys": [{**self._public, "kid": self._kid, "use": "sig", "alg": "ES256"}]}

    def sign(self, claims: Mapping[str, Any], kind: Kind | None = None) -> str:
        """Return the compact JWS of `claims`; `kind` may ask for a false one."""
        headers = {"typ": self._typ, "kid": self._kid}
        if kind is Kind.UNSIGNED:
            return jwt.encode(dict(claims), "", algorithm="none", headers=headers)
        statement = jwt.encode(dict(claims), self._key, algorithm="ES256", headers=headers)
        if kind is Kind.BAD_SIGNATURE:
            return with_another_signature(statement)
        if kind is Kind.BAD_DIGEST:
            return with_another_payload(statement, {**claims, "changed_after_signing": True})
        return statement


def thumbprint(jwk: Mapping[str, str]) -> str:
    """Return the JWK thumbprint (RFC 7638) of an elliptic-curve key: a key id that follows from the key."""
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return unpadded(hashlib.sha256(json.dumps(required, separators=(",", ":")).encode()).digest())


def with_another_signature(statement: str) -> str:
    """Return `statement` with one bit of its signature turned over."""
    signed, _, signature = statement.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    return f"{signed}.{unpadded(turned_over(raw))}"


def with_another_payload(statement: str, claims: Mapping[str, Any]) -> str:
    """Return `statement` saying something else than what was signed."""
    header, _, signature = statement.split(".")
    return f"{header}.{unpadded(json.dumps(claims).encode())}.{signature}"


def turned_over(raw: bytes) -> bytes:
    """Return `raw` with the last bit of its last byte turned over."""
    return raw[:-1] + bytes([raw[-1] ^ 1])


def unpadded(raw: bytes) -> str:
    """Encode as base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
