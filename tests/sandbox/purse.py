"""Uses the cards of the sandbox's people as a browser page would."""

import base64
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from tests.sandbox.playing import Sandbox


def certificate_card(person: dict[str, Any], status: str = "good") -> dict[str, Any]:
    """Return the person's citizen certificate of that status."""
    cards = [card for card in person["cards"] if card["kind"] == "citizen_certificate" and card["status"] == status]
    card: dict[str, Any] = cards[0]
    return card


def sign(sandbox: Sandbox, card: dict[str, Any], data: bytes) -> bytes:
    """Return the detached CMS over `data`, DER."""
    body = {"card": card["card"], "pin": card["pin"], "data": base64.b64encode(data).decode()}
    answer = sandbox.post("/card/sign", body)
    assert answer.status_code == 200, answer.text
    return base64.b64decode(answer.json()["cms"], validate=True)


def signer_of(cms: bytes) -> x509.Certificate:
    """Return the certificate that has a card number in its subject."""
    certificates = pkcs7.load_der_pkcs7_certificates(cms)
    return next(one for one in certificates if one.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER))


def subject_serial(sandbox: Sandbox, card: dict[str, Any]) -> str:
    """Return the card number that stands in the card's certificate."""
    subject = signer_of(sign(sandbox, card, b"who are you")).subject
    return str(subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value)
