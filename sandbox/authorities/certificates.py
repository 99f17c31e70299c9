"""The certificate authority: a root, an issuing CA, the citizens' certificates, the revocation list.

A second authority, which nobody trusts, issues the `foreign` cards; its certificates look just like the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sandbox.keyring import Keyring
from sandbox.people.personas import Card, People, Persona

CITIZEN_POLICY = x509.ObjectIdentifier("2.16.886.101.0.3.3")
"""Assurance level 3 of the government's public key infrastructure, which real citizen cards carry."""

AUTHORITY_LIFE = (datetime(2015, 1, 1, tzinfo=UTC), datetime(2055, 1, 1, tzinfo=UTC))
EXPIRED_LIFE = (datetime(2018, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC))
CARD_LIFE = timedelta(days=5 * 365)
REVOCATION_LIST_LIFE = timedelta(hours=24)
REVOKED_AT = datetime(2024, 6, 3, 1, 30, tzinfo=UTC)

DIGITAL_SIGNATURE_ONLY = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
CERTIFICATES_AND_LISTS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True)
class Authority:
    """A certificate authority: its key (P-384) and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> str:
        """The certificate, PEM."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def issue(
        self, builder: x509.CertificateBuilder, public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    ) -> x509.Certificate:
        """Sign `builder`, adding issuer, serial number and key identifiers (RFC 5280 section 4.2.1)."""
        return (
            builder.issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA384())
        )


@dataclass(frozen=True)
class SigningCard:
    """What a citizen's card can do: its key, its certificate and the certificate of who issued it."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate
    issuer: x509.Certificate


class CertificateAuthority:
    """The whole tree: root, issuing CA, every card of every persona."""

    def __init__(self, keyring: Keyring, people: People) -> None:
        """Find the tree in `keyring`, or plant it there."""
        self.root = _root(keyring, "citizen-root", "MyData 沙盒根憑證機構")
        self.issuing = _issuing(keyring, self.root)
        self._stranger = _root(keyring, "stranger-root", "MyData 沙盒陌生憑證機構")
        self._cards: dict[str, SigningCard] = {}
        self._revoked: list[int] = []
        for person in people:
            for card in person.cards:
                if card.kind == "citizen_certificate":
                    self._add(keyring, person, card)

    def card(self, name: str) -> SigningCard | None:
        """Return the card with that name; None for one that cannot sign."""
        return self._cards.get(name)

    def revocation_list(self) -> bytes:
        """Return the list (RFC 5280 section 5), DER, signed now by the issuing CA, good for 24 hours."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.issuing.certificate.subject)
            .last_update(now)
            .next_update(now + REVOCATION_LIST_LIFE)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issuing.key.public_key()), critical=False
            )
        )
        for serial in self._revoked:
            builder = builder.add_revoked_certificate(_revoked(serial))
        return builder.sign(self.issuing.key, hashes.SHA384()).public_bytes(Encoding.DER)

    def _add(self, keyring: Keyring, person: Persona, card: Card) -> None:
        issuer = self._stranger if card.status == "foreign" else self.issuing
        key = keyring.rsa_key(card.card)
        certificate = keyring.certificate(
            card.card, lambda: issuer.issue(_citizen(person.name, card), key.public_key())
        )
        self._cards[card.card] = SigningCard(key, certificate, issuer.certificate)
        if card.status == "revoked":
            self._revoked.append(certificate.serial_number)


def _root(keyring: Keyring, name: str, title: str) -> Authority:
    key = keyring.ec_key(name, ec.SECP384R1())

    def make() -> x509.Certificate:
        builder = _authority(title, path_length=1).issuer_name(_name(title)).public_key(key.public_key())
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).add_extension(identifier, critical=False)
        return builder.sign(key, hashes.SHA384())

    return Authority(key, keyring.certificate(name, make))


def _issuing(keyring: Keyring, root: Authority) -> Authority:
    key = keyring.ec_key("citizen-issuing", ec.SECP384R1())
    builder = _authority("MyData 沙盒自然人憑證機構", path_length=0)
    certificate = keyring.certificate("citizen-issuing", lambda: root.issue(builder, key.public_key()))
    return Authority(key, certificate)


def _authority(title: str, *, path_length: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(title))
        .not_valid_before(AUTHORITY_LIFE[0])
        .not_valid_after(AUTHORITY_LIFE[1])
        .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
        .add_extension(CERTIFICATES_AND_LISTS, critical=True)
    )


def _citizen(name: str, card: Card) -> x509.CertificateBuilder:
    """Begin a citizen's certificate: the card's number in the subject, the national ID nowhere."""
    begins, ends = _card_life(card)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, card.subject_serial),
        ]
    )
    policy = x509.CertificatePolicies([x509.PolicyInformation(CITIZEN_POLICY, None)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(DIGITAL_SIGNATURE_ONLY, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(policy, critical=False)
    )


def _card_life(card: Card) -> tuple[datetime, datetime]:
    if card.status == "expired":
        return EXPIRED_LIFE
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return yesterday, yesterday + CARD_LIFE


def _name(title: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "TW"), x509.NameAttribute(NameOID.COMMON_NAME, title)])


def _revoked(serial: int) -> x509.RevokedCertificate:
    reason = x509.CRLReason(x509.ReasonFlags.key_compromise)
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(REVOKED_AT)
    return builder.add_extension(reason, critical=False).build()
