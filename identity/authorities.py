"""Asking the authorities that vouch for people: over HTTP, with signed answers whose keys are pinned by configuration."""

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

import jwt
from django.conf import settings

from identity.methods.base import AuthorityDown
from mydata.core import clock, outbound

ALGORITHMS = ["ES256", "PS256", "EdDSA"]
TYPE = "mydata-authority+jws"
MAX_AGE = 120
LIMITS = outbound.Limits(max_bytes=64 * 1024, total=15)


def ask(authority: str, act: str, question: Mapping[str, str]) -> dict[str, Any]:
    """Ask `authority` one question and return the claims of its signed answer, `match` among them.

    1. The answer comes over the one door, within its deadlines. 2. Its JWS (RFC 7515) verifies under a pinned key and
    names its type. 3. Issuer, audience and nonce are ours. 4. It is at most 120 s old. Raises AuthorityDown for anything else.
    """
    nonce = base64.urlsafe_b64encode(secrets.token_bytes(24)).decode()
    body = {**question, "nonce": nonce, "aud": settings.ISSUER}
    reply, content = post(f"{settings.AUTHORITIES[authority]}/{act}", body)
    if reply.status != 200:
        raise AuthorityDown
    try:
        claims = _verified(authority, str(json.loads(content)["answer"]))
    except (ValueError, KeyError, TypeError, RecursionError, jwt.PyJWTError) as error:
        raise AuthorityDown from error
    fresh = abs(clock.now().timestamp() - float(claims["iat"])) <= MAX_AGE
    if claims["nonce"] != nonce or not fresh or not isinstance(claims.get("match"), bool):
        raise AuthorityDown
    return claims


def post(url: str, body: Mapping[str, str]) -> tuple[outbound.Reply, bytes]:
    """POST JSON to an authority. Raises AuthorityDown."""
    return _call(outbound.Call(method="POST", url=url, headers={}, json=dict(body), limits=LIMITS))


def get(url: str) -> bytes:
    """GET a public object of an authority, such as its CRL. Raises AuthorityDown."""
    limits = outbound.Limits(max_bytes=20 * outbound.MIB)
    reply, content = _call(outbound.Call(method="GET", url=url, headers={}, limits=limits))
    if reply.status != 200:
        raise AuthorityDown
    return content


def _call(call: outbound.Call) -> tuple[outbound.Reply, bytes]:
    try:
        return outbound.fetch(call)
    except outbound.OutboundError as error:
        raise AuthorityDown from error


def _verified(authority: str, answer: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(answer)
    if header.get("typ") != TYPE:
        message = "wrong type"
        raise ValueError(message)
    pinned = jwt.PyJWKSet.from_json((settings.TRUST_DIR / f"{authority}.jwks.json").read_text())
    claims: dict[str, Any] = jwt.decode(
        answer,
        pinned[header["kid"]],
        algorithms=ALGORITHMS,
        audience=settings.ISSUER,
        issuer=authority,
        leeway=MAX_AGE,
        options={"require": ["iss", "aud", "iat", "nonce", "match"]},
    )
    return claims
