"""Citizen certificates: the pinned root, the path to it, and the revocation list of its issuing CA."""

import datetime as dt
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store
from django.conf import settings

from identity import authorities
from identity.methods.base import AuthorityDown
from mydata.core import clock

DER = Encoding.DER
CRL_KEPT = 30.0
"""Seconds for which a fetched CRL is used again, so that a queue of sign-ins asks once."""


@dataclass(frozen=True, slots=True)
class _Kept:
    crl: x509.CertificateRevocationList
    fetched: float


_kept: dict[bytes, _Kept] = {}


def issuer_of(signer: x509.Certificate, others: list[x509.Certificate]) -> x509.Certificate:
    """Return the issuer on the path from `signer` to the pinned root. Raises VerificationError where there is no path.

    The path is built as RFC 5280 section 6 says; only end-entity extensions are left to the caller, for such certificates
    carry no alternative name.
    """
    root = x509.load_pem_x509_certificate((settings.TRUST_DIR / "citizen_ca_root.pem").read_bytes())
    issuing = x509.load_pem_x509_certificate((settings.TRUST_DIR / "citizen_ca_issuing.pem").read_bytes())
    verifier = (
        PolicyBuilder()
        .store(Store([root]))
        .time(clock.now())
        .max_chain_depth(3)
        .extension_policies(ca_policy=_ca_policy(), ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    chain = verifier.verify(signer, [issuing, *others]).chain
    return chain[1]


def is_revoked(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Say whether the issuer's CRL names the certificate. Raises AuthorityDown without a signed and fresh CRL."""
    return _crl(issuer).get_revoked_certificate_by_serial_number(certificate.serial_number) is not None


def is_ca(certificate: x509.Certificate) -> bool:
    """Say whether the certificate may issue others."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _crl(issuer: x509.Certificate) -> x509.CertificateRevocationList:
    name = issuer.subject.public_bytes()
    kept = _kept.get(name)
    if kept is None or clock.monotonic() - kept.fetched > CRL_KEPT:
        kept = _Kept(_fetch_crl(issuer), clock.monotonic())
        _kept[name] = kept
    if not _is_fresh(kept.crl, clock.now()):
        raise AuthorityDown
    return kept.crl


def _fetch_crl(issuer: x509.Certificate) -> x509.CertificateRevocationList:
    content = authorities.get(f"{settings.AUTHORITIES['ca']}/crl")
    try:
        crl = x509.load_der_x509_crl(content)
    except ValueError as error:
        raise AuthorityDown from error
    key = issuer.public_key()
    if crl.issuer != issuer.subject or not crl.is_signature_valid(key):  # type: ignore[arg-type]  # CA keys are RSA or EC
        raise AuthorityDown
    return crl


def _is_fresh(crl: x509.CertificateRevocationList, now: dt.datetime) -> bool:
    ends = crl.next_update_utc
    return crl.last_update_utc <= now + dt.timedelta(minutes=5) and ends is not None and now < ends


def _ca_policy() -> ExtensionPolicy:
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.CRITICAL, lambda _policy, _certificate, _extension: None)
        .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign_certificates)
    )


def _may_sign_certificates(_policy: object, _certificate: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.key_cert_sign:
        message = "a CA must be allowed to sign certificates"
        raise ValueError(message)
