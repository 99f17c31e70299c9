"""自然人憑證: a detached CMS over a fresh challenge, by a citizen's certificate. Level 1, the strongest.

The steps are numbered as they run; the tests use the same numbers.
1. The answer is DER of a CMS SignedData (RFC 5652).
2. It has one signer and no content; the signature covers our challenge and verifies under the signer's certificate.
3. The certificate chains to the pinned root and is within its time (RFC 5280, section 6).
4. Its key usage is digitalSignature and it is no CA.
5. It is not on the CRL of its issuer, and that CRL is signed and fresh.
6. The authority says that the certificate's subject is the person of the national ID.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import VerificationError
from django.conf import settings
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from identity import authorities, certificates
from identity.levels import AssuranceLevel
from identity.methods.base import Attempt, NotAccepted, Proven
from mydata.core.errors import Malformed

DIGESTS = {"sha256", "sha384", "sha512"}


class CitizenCertificate:
    """Challenge, signature, chain, revocation, binding."""

    name = "citizen_certificate"
    level = AssuranceLevel.CITIZEN_CERTIFICATE
    wire_code = "CER"
    title: ClassVar[Mapping[str, str]] = {"zh": "自然人憑證", "en": "Citizen certificate"}
    needs: ClassVar[Mapping[str, str]] = {
        "zh": "自然人憑證卡、PIN 碼、讀卡機與卡片元件",
        "en": "Your citizen certificate card, its PIN, a card reader and the card component",
    }
    claim_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {"national_id": {"type": "string", "maxLength": 40}},
        "required": ["national_id"],
        "additionalProperties": False,
    }
    answer_schema: ClassVar[Mapping[str, Any] | None] = {
        "type": "object",
        "properties": {"cms": {"type": "string", "maxLength": 65536}},
        "required": ["cms"],
        "additionalProperties": False,
    }

    def challenge(self, attempt: Attempt) -> dict[str, str]:
        """Return `{nonce, data}`: `data` is the base64 of the bytes to be signed."""
        return {
            "nonce": base64.urlsafe_b64encode(attempt.nonce).decode(),
            "data": base64.b64encode(to_be_signed(attempt)).decode(),
        }

    def decide(self, attempt: Attempt, answer: Mapping[str, Any]) -> Proven:
        """Run the six steps. Raises Malformed (step 1), NotAccepted, AuthorityDown."""
        signed = _read(str(answer["cms"]))
        signer, others = _certificates_of(signed)
        _check_signature(signed, signer, to_be_signed(attempt))
        try:
            issuer = certificates.issuer_of(signer, others)
        except VerificationError as error:
            raise NotAccepted from error
        _check_usage(signer)
        if certificates.is_revoked(signer, issuer):
            raise NotAccepted
        return _bound_person(signer, attempt.claim["national_id"])


def to_be_signed(attempt: Attempt) -> bytes:
    """Return the challenge: what for, for whom, for which attempt, and 32 fresh random bytes."""
    lines = ("MyData identity verification", settings.ISSUER, str(attempt.id), attempt.nonce.hex())
    return "\n".join(lines).encode()


def _read(written: str) -> cms.SignedData:
    """Step 1. Raises Malformed."""
    try:
        content = cms.ContentInfo.load(base64.b64decode(written, validate=True), strict=True)
        if content["content_type"].native != "signed_data":
            raise Malformed(path="cms")
        signed: cms.SignedData = content["content"]
        signed.native  # noqa: B018 - parses every member now, while a failure still means "malformed"
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError) as error:
        raise Malformed(path="cms") from error
    return signed


def _certificates_of(signed: cms.SignedData) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """Return the one signer's certificate, as the signer info names it, and the others. Raises Malformed, NotAccepted."""
    if len(signed["signer_infos"]) != 1 or not len(signed["certificates"]):
        raise NotAccepted
    sid = signed["signer_infos"][0]["sid"]
    if sid.name != "issuer_and_serial_number":
        raise NotAccepted
    try:
        found = [x509.load_der_x509_certificate(one.chosen.dump()) for one in signed["certificates"]]
    except ValueError as error:
        raise Malformed(path="cms") from error
    named = [one for one in found if one.serial_number == sid.chosen["serial_number"].native]
    if len(named) != 1:
        raise NotAccepted
    return named[0], [one for one in found if one is not named[0]]


def _check_signature(signed: cms.SignedData, signer: x509.Certificate, challenge: bytes) -> None:
    """Step 2. Raises NotAccepted."""
    info = signed["signer_infos"][0]
    digest = info["digest_algorithm"]["algorithm"].native
    if digest not in DIGESTS or signed["encap_content_info"]["content"].native is not None or not info["signed_attrs"]:
        raise NotAccepted
    certificate = asn1_x509.Certificate.load(signer.public_bytes(certificates.DER))
    try:
        intact, valid = validate_sig_integrity(
            info, certificate, expected_content_type="data", actual_digest=hashlib.new(digest, challenge).digest()
        )
    except (SignatureValidationError, ValueError, NotImplementedError) as error:
        raise NotAccepted from error
    if not (intact and valid):
        raise NotAccepted


def _check_usage(signer: x509.Certificate) -> None:
    """Step 4. Raises NotAccepted."""
    try:
        usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        raise NotAccepted from error
    if not usage.digital_signature or usage.key_cert_sign or certificates.is_ca(signer):
        raise NotAccepted


def _bound_person(signer: x509.Certificate, national_id: str) -> Proven:
    """Step 6. Raises NotAccepted, AuthorityDown."""
    serials = signer.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    if len(serials) != 1:
        raise NotAccepted
    answer = authorities.ask("ca", "binding", {"subject_serial": str(serials[0].value), "national_id": national_id})
    if not answer["match"]:
        raise NotAccepted
    return Proven(name=answer.get("name"), birth_date=answer.get("birth_date"))
