"""`application/jose`: a compact JWS (RFC 7515) around the data.

1. It is a compact JWS of type `mydata+jws` under ES256, PS256 or EdDSA. 2. Its `kid` names a key registered for this
dataset, under which it verifies. 3. `iss` is the agency, `aud` the portal, `iat` at most 60 s ahead and 10 min old.
4. It names this errand, 5. this person, 6. and holds by the schema.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, BinaryIO

import jwt

from dataproviders import integrity
from dataproviders.connectors.base import Part
from dataproviders.errors import BadAnswer
from dataproviders.integrity import Checked, Expected

TYPE = "mydata+jws"
ALGORITHMS = {"ES256", "PS256", "EdDSA"}
AHEAD = 60
OLD = 600
LATEST = 2**53
"""Seconds: no moment lies beyond what every reader of JSON holds exactly (RFC 7493, section 2.2)."""


class SignedJson:
    """One signed document."""

    wire = "signed_json"
    media_type = "application/jose"
    original_name = "original.jws"

    def check(self, body: BinaryIO, expected: Expected, *, now: dt.datetime) -> Checked:
        """Run the six steps. Raises BadAnswer, WrongPerson."""
        claims, kid = _verified(body.read(), expected)
        if claims.get("iss") != expected.provider or claims.get("aud") != expected.issuer:
            raise BadAnswer
        issued = _issued(claims.get("iat"), now)
        integrity.check_errand(expected, dataset=claims.get("dataset"), tx_id=claims.get("tx_id"))
        integrity.check_person(expected, claims.get("sub"))
        data = integrity.check_data(expected, claims.get("data"))
        return Checked(data=data, issued_at=issued, signer=kid)

    def parts(self, original: bytes, dataset: str) -> list[Part]:
        """Return `{dataset}.json` in the same form as the other wire's."""
        claims = integrity.read_json(jwt.utils.base64url_decode(original.split(b".")[1]))
        issued = dt.datetime.fromtimestamp(claims["iat"], dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        document = {
            "dataset": claims["dataset"],
            "tx_id": claims["tx_id"],
            "sub": claims["sub"],
            "issued_at": issued,
            "data": claims["data"],
        }
        content = json.dumps(document, ensure_ascii=False, indent=2).encode()
        return [Part(name=f"{dataset}.json", media_type="application/json", content=content)]


def _verified(compact: bytes, expected: Expected) -> tuple[Mapping[str, Any], str]:
    """Take steps 1 and 2: return the claims and the key's id. Raises BadAnswer."""
    try:
        text = compact.decode("ascii").strip()
        header = jwt.get_unverified_header(text)
        keys = {str(jwk.get("kid")): jwk for jwk in expected.jwks}
        kid = header.get("kid")
        if header.get("typ") != TYPE or header.get("alg") not in ALGORITHMS or kid not in keys:
            raise BadAnswer
        key = jwt.PyJWK(dict(keys[kid]), algorithm=header["alg"])
        payload = jwt.api_jws.decode(text, key, algorithms=[header["alg"]])
    except (ValueError, TypeError, KeyError, RecursionError, jwt.PyJWTError) as error:
        raise BadAnswer from error
    claims = integrity.read_json(payload)
    if not isinstance(claims, dict):
        raise BadAnswer
    return claims, str(kid)


def _issued(iat: object, now: dt.datetime) -> dt.datetime:
    """Step 3, the time. Raises BadAnswer."""
    if isinstance(iat, bool) or not isinstance(iat, int | float) or abs(iat) > LATEST:
        raise BadAnswer
    age = now.timestamp() - iat
    if not -AHEAD <= age <= OLD:
        raise BadAnswer
    return dt.datetime.fromtimestamp(int(iat), dt.UTC)
