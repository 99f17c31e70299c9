"""Papers as an agency signs them, in both wire formats, and every way in which one can be wrong."""

import datetime as dt
import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from jwt.algorithms import ECAlgorithm

from dataproviders.integrity import Expected

META = "META-INFO/"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "integer"}, "remark": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}
ISSUER = "http://portal.example"
TX_ID = "0b9f0f6e-3b0c-4a55-9d15-0e6f3a1f2c11"
SUB = "sub-of-this-transaction"
NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
Entries = Iterable[tuple[str, bytes]]


@dataclass(frozen=True)
class RsaSigner:
    """A key and the certificate that was registered for it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def sign(self, manifest: bytes) -> bytes:
        return self.key.sign(manifest, padding.PKCS1v15(), hashes.SHA256())


@cache
def rsa_signer(name: str = "agency") -> RsaSigner:
    """Return a signer; the same for the same name."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2060, 1, 1, tzinfo=dt.UTC))
        .sign(key, hashes.SHA256())
    )
    return RsaSigner(key, certificate)


def ec_key(name: str = "agency") -> ec.EllipticCurvePrivateKey:
    """Return a P-256 key; the same for the same name."""
    return _ec_key(name)


@cache
def _ec_key(name: str) -> ec.EllipticCurvePrivateKey:  # noqa: ARG001 - the name tells keys apart
    return ec.generate_private_key(ec.SECP256R1())


def jwk(name: str = "agency") -> dict[str, Any]:
    """Return the public half of `ec_key(name)`; its `kid` is the name."""
    public = json.loads(ECAlgorithm.to_jwk(ec_key(name).public_key()))
    return {**public, "kid": name, "alg": "ES256", "use": "sig"}


def expected(dataset: str = "paper", **changes: Any) -> Expected:  # noqa: ANN401 - members of Expected
    """Return what an answer to the tests' one errand must say."""
    members: dict[str, Any] = {
        "provider": "tests",
        "dataset": dataset,
        "tx_id": TX_ID,
        "sub": SUB,
        "issuer": ISSUER,
        "schema": SCHEMA,
        "certificates": (rsa_signer().pem,),
        "jwks": (jwk(),),
    }
    return Expected(**{**members, **changes})


def document(**changes: object) -> dict[str, object]:
    """Return what `{dataset}.json` says."""
    return {
        "dataset": "paper",
        "tx_id": TX_ID,
        "sub": SUB,
        "issued_at": "2026-11-23T12:00:00+08:00",
        "data": {"answer": 42},
    } | changes


def claims(**changes: object) -> dict[str, object]:
    """Return what a signed_json answer says."""
    return {
        "iss": "tests",
        "aud": ISSUER,
        "iat": int(NOW.timestamp()),
        "tx_id": TX_ID,
        "sub": SUB,
        "dataset": "paper",
        "data": {"answer": 42},
    } | changes


def manifest_of(files: Entries) -> bytes:
    """Return the manifest that names every file with its digest."""
    listed = "".join(
        f"<file><filename>{name}</filename><digest>{hashlib.sha256(content).hexdigest()}</digest></file>"
        for name, content in files
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><files>{listed}</files>'.encode()


def packed(entries: Entries, *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip entries as they come, a name given twice included."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as archive:
        warnings.simplefilter("ignore")
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def signed_zip(
    said: Mapping[str, object] | bytes | None = None,
    *,
    dataset: str = "paper",
    more: Entries = (),
    unlisted: Entries = (),
    manifest: bytes | None = None,
    signature: bytes | None = None,
    certificate: bytes | None = None,
    without: Iterable[str] = (),
) -> bytes:
    """Return a signed zip; every argument replaces one part of a right one."""
    signer = rsa_signer()
    content = said if isinstance(said, bytes) else json.dumps(said or document(), ensure_ascii=False).encode()
    files = [(f"{dataset}.json", content), *more]
    listed = manifest_of(files) if manifest is None else manifest
    entries = [
        *files,
        *unlisted,
        (f"{META}manifest.xml", listed),
        (f"{META}manifest.sha256withrsa", signer.sign(listed) if signature is None else signature),
        (f"{META}certificate.cer", signer.der if certificate is None else certificate),
    ]
    return packed([entry for entry in entries if entry[0] not in set(without)])


def repacked(body: bytes, compression: int) -> bytes:
    """Return the same files, packed in another way."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return packed([(name, archive.read(name)) for name in archive.namelist()], compression=compression)


def signed_json(
    said: Mapping[str, object] | bytes | None = None,
    *,
    key: object = None,
    algorithm: str = "ES256",
    **headers: object,
) -> bytes:
    """Return a compact JWS; `headers` replace those of a right one."""
    payload = said if isinstance(said, bytes) else json.dumps(said or claims(), ensure_ascii=False).encode()
    named = {"typ": "mydata+jws", "kid": "agency"} | headers
    signing = ec_key() if key is None else key
    return jwt.api_jws.encode(payload, signing, algorithm=algorithm, headers=named).encode()  # type: ignore[arg-type]  # wrong keys are what some tests are about
