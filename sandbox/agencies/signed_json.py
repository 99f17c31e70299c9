"""`application/jose`: the answer as one compact JWS under the dataset's ES256 key."""

from __future__ import annotations

import time

from cryptography.hazmat.primitives.asymmetric import ec

from sandbox.agencies.answer import Answer
from sandbox.agencies.datasets import Dataset
from sandbox.faults import Kind
from sandbox.keyring import Keyring
from sandbox.statements import Signer


class SignedJson:
    """The form that suits a dataset without files."""

    content_type = "application/jose"

    def __init__(self, dataset: Dataset, keyring: Keyring) -> None:
        """Sign with the key of `dataset`."""
        self._signer = Signer(keyring.ec_key(f"dataset-{dataset.id}", ec.SECP256R1()), typ="mydata+jws")

    def seal(self, answer: Answer, kind: Kind | None = None) -> bytes:
        """Return the JWS; `kind` may ask for no signature, a wrong one, or a payload changed after signing."""
        claims = {
            "iss": answer.dataset.provider,
            "aud": answer.audience,
            "iat": int(time.time()),
            "tx_id": answer.tx_id,
            "sub": answer.sub,
            "dataset": answer.dataset.id,
            "data": answer.data,
        }
        return self._signer.sign(claims, kind).encode()

    def registration(self) -> dict[str, object]:
        """Return `{jwks}`."""
        return {"jwks": self._signer.jwks()}
