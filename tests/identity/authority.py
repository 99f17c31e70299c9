"""A certificate authority of the tests' own, which can make everything wrong that a certificate or a CRL can have wrong."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

NOW = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
YEAR = 365 * DAY


def named(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(*, signs: bool, certifies: bool) -> x509.KeyUsage:
    names = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    rest = dict.fromkeys((*names, "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(digital_signature=signs, key_cert_sign=certifies, crl_sign=certifies, **rest)


@dataclass
class Authority:
    """One CA with its key: issues below itself, and lists what it revoked."""

    name: str
    issuer: "Authority | None" = None
    starts: dt.datetime = NOW - YEAR
    ends: dt.datetime = NOW + YEAR
    is_ca: bool | None = True
    certifies: bool | None = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        above = self.issuer or self
        self.certificate = above.issue(
            self.name,
            key=self.key,
            starts=self.starts,
            ends=self.ends,
            is_ca=self.is_ca,
            key_usage=None if self.certifies is None else usage(signs=False, certifies=self.certifies),
        )

    def issue(
        self,
        name: str,
        *,
        key: ec.EllipticCurvePrivateKey | None = None,
        starts: dt.datetime = NOW - DAY,
        ends: dt.datetime = NOW + DAY,
        is_ca: bool | None = False,
        key_usage: x509.KeyUsage | None = None,
    ) -> x509.Certificate:
        """Issue a certificate; `is_ca` None leaves the basic constraints out, `key_usage` None the key usage."""
        public = (key or ec.generate_private_key(ec.SECP256R1())).public_key()
        serial = x509.random_serial_number()
        builder = x509.CertificateBuilder(named(self.name), named(name), public, serial, starts, ends)
        if is_ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        if key_usage is not None:
            builder = builder.add_extension(key_usage, critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        return builder.add_extension(above, critical=False).sign(self.key, hashes.SHA256())

    def citizen(self, **changes: object) -> x509.Certificate:
        """Issue a certificate as a citizen's card holds it."""
        members = {"key_usage": usage(signs=True, certifies=False)} | changes
        return self.issue("虛構人", **members)  # type: ignore[arg-type]  # members of `issue`

    def crl(
        self,
        *revoked: x509.Certificate,
        by: ec.EllipticCurvePrivateKey | None = None,
        updated: dt.datetime = NOW - dt.timedelta(hours=1),
        until: dt.datetime = NOW + dt.timedelta(hours=1),
    ) -> bytes:
        """Return the DER of a list of what was revoked, signed by this CA's key or another's."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(named(self.name))
        builder = builder.last_update(updated).next_update(until)
        for each in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(each.serial_number).revocation_date(updated)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(by or self.key, hashes.SHA256()).public_bytes(Encoding.DER)


def pin(folder: Path, root: Authority, issuing: Authority) -> None:
    """Pin a root and its issuing CA as the settings' trust directory has them."""
    folder.mkdir(exist_ok=True)
    for name, one in (("root", root), ("issuing", issuing)):
        (folder / f"citizen_ca_{name}.pem").write_bytes(one.certificate.public_bytes(Encoding.PEM))
