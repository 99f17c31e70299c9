"""Checks a signed answer as a relying party does: signature, digests, then what it says."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding


class NotGenuine(Exception):
    """A signature, a digest or a certificate does not hold."""


@dataclass(frozen=True)
class Said:
    """What a genuine answer says."""

    dataset: str
    tx_id: str
    sub: str
    data: dict[str, Any]
    files: dict[str, bytes]


def opened(registered: dict[str, Any], body: bytes, audience: str) -> Said:
    """Open an answer by the wire it was registered with."""
    return from_zip(registered, body) if registered["wire"] == "signed_zip" else from_jws(registered, body, audience)


def from_zip(registered: dict[str, Any], body: bytes) -> Said:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    certificate = x509.load_pem_x509_certificate(registered["certificate_pem"].encode())
    if files["META-INFO/certificate.cer"] != certificate.public_bytes(Encoding.DER):
        raise NotGenuine
    if "META-INFO/manifest.sha256withrsa" not in files:
        raise NotGenuine
    manifest, key = files["META-INFO/manifest.xml"], certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 2048
    key.verify(files["META-INFO/manifest.sha256withrsa"], manifest, padding.PKCS1v15(), hashes.SHA256())
    listed = {entry.findtext("filename"): entry.findtext("digest") for entry in ET.fromstring(manifest)}  # noqa: S314 - our own
    data_files = {name: content for name, content in files.items() if not name.startswith("META-INFO/")}
    if listed != {name: hashlib.sha256(content).hexdigest() for name, content in data_files.items()}:
        raise NotGenuine
    envelope = json.loads(files[f"{registered['id']}.json"])
    return Said(envelope["dataset"], envelope["tx_id"], envelope["sub"], envelope["data"], data_files)


def from_jws(registered: dict[str, Any], body: bytes, audience: str) -> Said:
    statement = body.decode()
    header = jwt.get_unverified_header(statement)
    assert header["typ"] == "mydata+jws"
    key = jwt.PyJWKSet.from_dict(registered["jwks"])[header["kid"]]
    claims = jwt.decode(
        statement,
        key,
        algorithms=["ES256"],
        audience=audience,
        issuer=registered["provider"],
        options={"require": ["iat"]},
    )
    return Said(claims["dataset"], claims["tx_id"], claims["sub"], claims["data"], {})
