import base64
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.sandbox.playing import Sandbox
from tests.sandbox.purse import certificate_card, sign, signer_of

DATA = b"what the portal asked to sign \x00\r\n\xff"


@pytest.fixture
def lockable(sandbox: Sandbox) -> Iterator[dict[str, Any]]:
    card = certificate_card(sandbox.person("first_use"))
    yield card
    sandbox.post("/card/unlock", {"card": card["card"]})


def verified(
    sandbox: Sandbox, folder: Path, cms: bytes, data: bytes, crl: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Verify with openssl against the root of `GET /trust` alone, and against a revocation list (PEM) if given."""
    root = sandbox.get("/trust").json()["citizen_ca_root"].encode()
    for name, content in {"trusted.pem": root + crl, "cms.der": cms, "data": data}.items():
        (folder / name).write_bytes(content)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "cms.der", "-content", "data"]
    command += ["-CAfile", "trusted.pem", "-purpose", "sslclient", "-out", "verified"]
    command += ["-crl_check"] if crl else []
    return subprocess.run(command, cwd=folder, capture_output=True, check=False)


def test_a_good_card_signs_what_openssl_verifies(sandbox: Sandbox, tmp_path: Path) -> None:
    cms = sign(sandbox, certificate_card(sandbox.person("ordinary")), DATA)
    done = verified(sandbox, tmp_path, cms, DATA)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "verified").read_bytes() == DATA


def test_the_signature_is_detached_and_holds_for_no_other_data(sandbox: Sandbox, tmp_path: Path) -> None:
    cms = sign(sandbox, certificate_card(sandbox.person("ordinary")), DATA)
    assert DATA not in cms
    assert verified(sandbox, tmp_path, cms, DATA + b"!").returncode != 0


def test_a_foreign_card_is_no_card_of_ours(sandbox: Sandbox, tmp_path: Path) -> None:
    holder = next(person for person in sandbox.people() if any(card["status"] == "foreign" for card in person["cards"]))
    done = verified(sandbox, tmp_path, sign(sandbox, certificate_card(holder, "foreign"), DATA), DATA)
    assert done.returncode != 0
    assert b"self-signed certificate in certificate chain" in done.stderr or b"unable to get" in done.stderr


def test_an_expired_card_signs_but_does_not_verify(sandbox: Sandbox, tmp_path: Path) -> None:
    cms = sign(sandbox, certificate_card(sandbox.person("expired_card"), "expired"), DATA)
    assert b"certificate has expired" in verified(sandbox, tmp_path, cms, DATA).stderr


def test_a_revoked_card_verifies_until_the_list_is_asked(sandbox: Sandbox, tmp_path: Path) -> None:
    cms = sign(sandbox, certificate_card(sandbox.person("revoked_card"), "revoked"), DATA)
    assert verified(sandbox, tmp_path, cms, DATA).returncode == 0
    crl = x509.load_der_x509_crl(sandbox.get("/authorities/ca/crl").content).public_bytes(Encoding.PEM)
    assert b"certificate revoked" in verified(sandbox, tmp_path, cms, DATA, crl).stderr
    good = sign(sandbox, certificate_card(sandbox.person("ordinary")), DATA)
    assert verified(sandbox, tmp_path, good, DATA, crl).returncode == 0


def test_the_certificate_names_card_and_holder_and_no_national_id(sandbox: Sandbox) -> None:
    for person in sandbox.people():
        for card in person["cards"]:
            if card["kind"] != "citizen_certificate":
                continue
            cms = sign(sandbox, card, DATA)
            assert person["national_id"].encode() not in cms
            certificate = signer_of(cms)
            subject = {attribute.oid: attribute.value for attribute in certificate.subject}
            assert subject[NameOID.COUNTRY_NAME] == "TW"
            assert subject[NameOID.COMMON_NAME] == person["name"]
            assert len(subject[NameOID.SERIAL_NUMBER]) == 16
            assert subject[NameOID.SERIAL_NUMBER].isdigit()


def test_the_certificate_is_good_for_signing_in_and_nothing_else(sandbox: Sandbox) -> None:
    certificate = signer_of(sign(sandbox, certificate_card(sandbox.person("ordinary")), DATA))
    key, extensions = certificate.public_key(), certificate.extensions
    assert isinstance(key, rsa.RSAPublicKey)
    assert key.key_size == 2048
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, False, False)
    assert list(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    policies = extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [policy.policy_identifier.dotted_string for policy in policies] == ["2.16.886.101.0.3.3"]
    assert certificate.not_valid_before_utc < datetime.now(UTC) < certificate.not_valid_after_utc


def test_three_wrong_pins_lock_the_card_and_unlocking_opens_it(sandbox: Sandbox, lockable: dict[str, Any]) -> None:
    body = {"card": lockable["card"], "pin": "000000", "data": ""}
    body["data"] = base64.b64encode(DATA).decode()
    left = [sandbox.post("/card/sign", body) for _ in range(4)]
    assert [answer.status_code for answer in left] == [403] * 4
    assert [answer.json()["tries_left"] for answer in left] == [2, 1, 0, 0]
    assert sandbox.post("/card/sign", {**body, "pin": lockable["pin"]}).json()["error"] == "card_locked"
    sandbox.post("/card/unlock", {"card": lockable["card"]})
    assert sandbox.post("/card/sign", {**body, "pin": lockable["pin"]}).status_code == 200


def test_the_right_pin_gives_all_tries_back(sandbox: Sandbox, lockable: dict[str, Any]) -> None:
    body = {"card": lockable["card"], "data": "aGVsbG8="}
    for _ in range(3):
        assert sandbox.post("/card/sign", {**body, "pin": "1"}).json()["tries_left"] == 2
        assert sandbox.post("/card/sign", {**body, "pin": lockable["pin"]}).status_code == 200


def test_what_cannot_be_signed_is_refused(sandbox: Sandbox) -> None:
    person = sandbox.person("ordinary")
    card = certificate_card(person)
    good = {"card": card["card"], "pin": card["pin"], "data": "aGVsbG8="}
    health_card = next(one for one in person["cards"] if one["kind"] == "health_card")
    refused = [
        ({**good, "card": "cc-nobody"}, 404),
        ({**good, "data": "aGVs!bG8="}, 400),
        ({**good, "data": "aGVsbG8"}, 400),
        ({**good, "pin": 246807}, 400),
        ({**good, "card": health_card["card"], "pin": health_card["pin"]}, 409),
    ]
    for body, status in refused:
        assert sandbox.post("/card/sign", body).status_code == status


def test_a_lone_surrogate_in_the_pin_is_a_wrong_pin(sandbox: Sandbox, lockable: dict[str, Any]) -> None:
    body = b'{"card": "%s", "pin": "\\ud800", "data": "aGVsbG8="}' % lockable["card"].encode()
    assert requests.post(f"{sandbox.url}/card/sign", data=body, timeout=5).status_code == 403


def test_pages_of_the_portal_may_call_the_component_and_no_others(sandbox: Sandbox) -> None:
    asked = {"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "POST"}
    preflight = requests.options(f"{sandbox.url}/card/sign", headers=asked, timeout=5)
    assert preflight.headers["Access-Control-Allow-Origin"] == sandbox.portal
    assert preflight.headers["Access-Control-Allow-Headers"] == "content-type"
    wrong = sandbox.post("/card/sign", {"card": "cc-nobody", "pin": "1", "data": "aGVsbG8="})
    assert wrong.headers["Access-Control-Allow-Origin"] == sandbox.portal


def test_nobody_gets_a_cookie(sandbox: Sandbox) -> None:
    for path in ("/", "/people", "/trust", "/healthz", "/registration.json"):
        assert "Set-Cookie" not in sandbox.get(path).headers
