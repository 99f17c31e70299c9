"""The portal's own signatures: receipts as compact JWS (ES256), and the detached CMS over a file's manifest.

Its PDFs are signed in `mydata.core.pades`, with the key and certificate that `document_signer` gives. The portal's CA and keys stand in `MYDATA_SECRETS_DIR`; the sandbox profile makes them at first use.
"""

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs7,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from django.conf import settings

from mydata.core import clock, keyring

CA_YEARS = 20
SIGNER_YEARS = 5
DOCUMENT_KEY_BITS = 3072
"""RSA: every reader of PDF checks it; some that are still about do not know elliptic curves."""

DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
"""id-kp-documentSigning (RFC 9336)."""

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class DocumentSigner:
    """Who signs the portal's PDFs."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    authority: x509.Certificate


def jws(claims: Mapping[str, Any], kind: str) -> str:
    """Return `claims` as a compact JWS (RFC 7515) of type `kind`, under the key at `/.well-known/jwks.json`."""
    return jwt.encode(dict(claims), _receipt_key(), algorithm="ES256", headers={"typ": kind, "kid": _kid()})


def jwks() -> dict[str, Any]:
    """Return the public keys of receipts as a JWK set (RFC 7517)."""
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(_receipt_key().public_key()))
    return {"keys": [{**public, "kid": _kid(), "use": "sig", "alg": "ES256"}]}


def detached_cms(content: bytes) -> bytes:
    """Return a detached CMS SignedData (RFC 5652, DER) over `content`, with the signer's certificate."""
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(content)
        .add_signer(_signer_certificate(), _key("signer.key"), hashes.SHA256())
        .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    )


def ca_pem() -> bytes:
    """Return the portal's CA certificate, under which its CMS signatures verify."""
    return _authority().public_bytes(Encoding.PEM)


@cache
def document_signer() -> DocumentSigner:
    """Return the signer of PDFs, its key loaded once a process: to check an RSA key again takes longer than to sign."""
    key = load_pem_private_key(_made("documents.key", _new_document_key_pem), None)
    certificate = x509.load_pem_x509_certificate(_made("documents.pem", _new_document_certificate))
    return DocumentSigner(cast("rsa.RSAPrivateKey", key), certificate, _authority())


@cache
def _kid() -> str:
    numbers = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(_receipt_key().public_key()))
    thumbprint = json.dumps({name: numbers[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(thumbprint.encode()).digest()).decode().rstrip("=")


def _receipt_key() -> ec.EllipticCurvePrivateKey:
    return _key("receipts.key")


@cache
def _key(name: str) -> ec.EllipticCurvePrivateKey:
    content = _made(name, _new_key_pem)
    return cast("ec.EllipticCurvePrivateKey", load_pem_private_key(content, None))


def _new_key_pem() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@cache
def _authority() -> x509.Certificate:
    return x509.load_pem_x509_certificate(_made("portal-ca.pem", _new_authority))


@cache
def _signer_certificate() -> x509.Certificate:
    return x509.load_pem_x509_certificate(_made("signer.pem", _new_signer))


def _made(name: str, make: Callable[[], bytes]) -> bytes:
    path: Path = settings.SECRETS_DIR / name
    if not path.exists():
        keyring.write_once(path, make())
    return path.read_bytes()


def _new_authority() -> bytes:
    name = _name("MyData Portal CA")
    key = _key("portal-ca.key")
    builder = _certificate(subject=name, issuer=name, key=key, years=CA_YEARS)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


def _new_signer() -> bytes:
    return _issued("MyData Portal", _key("signer.key"), ExtendedKeyUsageOID.EMAIL_PROTECTION)


def _new_document_key_pem() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=DOCUMENT_KEY_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _new_document_certificate() -> bytes:
    """Issue for documents, and for e-mail, without which NSS (hence `pdfsig`) trusts no signer."""
    key = load_pem_private_key(_made("documents.key", _new_document_key_pem), None)
    return _issued("MyData Portal Documents", cast("Key", key), DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)


def _issued(common: str, key: Key, *purposes: ObjectIdentifier) -> bytes:
    authority = _authority()
    builder = _certificate(subject=_name(common), issuer=authority.subject, key=key, years=SIGNER_YEARS)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(_key("portal-ca.key").public_key()), critical=False
        )
        .sign(_key("portal-ca.key"), hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


def _certificate(*, subject: x509.Name, issuer: x509.Name, key: Key, years: int) -> x509.CertificateBuilder:
    now = clock.now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=366 * years))
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
