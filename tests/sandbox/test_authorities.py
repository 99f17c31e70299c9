import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from tests.sandbox.playing import Sandbox
from tests.sandbox.purse import certificate_card, sign, signer_of, subject_serial

PATHS = {
    "ca": "/authorities/ca/binding",
    "health_insurance": "/authorities/health-insurance/check",
    "household": "/authorities/household/check",
}
AUDIENCE = "http://portal.example"


def question(sandbox: Sandbox, authority: str, person: dict[str, Any]) -> dict[str, Any]:
    """Return what a portal asks about `person` when everything fits."""
    names = {
        "ca": ["national_id"],
        "health_insurance": ["national_id", "birth_date", "health_card_no"],
        "household": ["national_id", "birth_date", "id_issued_on"],
    }
    fields = {name: person[name] for name in names[authority]}
    if authority == "ca":
        fields["subject_serial"] = subject_serial(sandbox, certificate_card(person))
    return {**fields, "nonce": "a-nonce", "aud": AUDIENCE}


def told(sandbox: Sandbox, authority: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask, check the signature, and return the claims."""
    answer = sandbox.post(PATHS[authority], body)
    assert answer.status_code == 200, answer.text
    return checked(sandbox, authority, answer.json()["answer"])


def checked(sandbox: Sandbox, authority: str, statement: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(statement)
    assert header["typ"] == "mydata-authority+jws"
    key = jwt.PyJWKSet.from_dict(sandbox.get("/trust").json()["authority_jwks"][authority])[header["kid"]]
    claims: dict[str, Any] = jwt.decode(statement, key, algorithms=["ES256"], audience=AUDIENCE, issuer=authority)
    return claims


@pytest.mark.parametrize("authority", PATHS)
def test_what_belongs_together_matches(sandbox: Sandbox, authority: str) -> None:
    person = sandbox.person("rare_name")
    claims = told(sandbox, authority, question(sandbox, authority, person))
    vouched = {"name": person["name"], "birth_date": person["birth_date"]}
    if authority == "ca":
        del vouched["birth_date"]
    assert abs(claims.pop("iat") - time.time()) < 30
    assert claims == {"iss": authority, "aud": AUDIENCE, "nonce": "a-nonce", "match": True, **vouched}


@pytest.mark.parametrize("authority", PATHS)
def test_one_wrong_value_and_nothing_is_told(sandbox: Sandbox, authority: str) -> None:
    person, other = sandbox.person("ordinary"), sandbox.person("ordinary", 1)
    good = question(sandbox, authority, person)
    wrong = question(sandbox, authority, other)
    for name in good.keys() - {"nonce", "aud"}:
        claims = told(sandbox, authority, {**good, name: wrong[name]})
        assert claims.keys() == {"iss", "aud", "iat", "nonce", "match"}
        assert claims["match"] is False


def test_the_household_office_checks_all_that_it_is_given(sandbox: Sandbox) -> None:
    person, other = sandbox.person("ordinary"), sandbox.person("ordinary", 1)
    good = question(sandbox, "household", person)
    by_household = {**good, "id_issued_on": None, "household_no": person["household_no"]}
    assert told(sandbox, "household", by_household)["match"] is True
    assert told(sandbox, "household", {**good, "household_no": person["household_no"]})["match"] is True
    assert told(sandbox, "household", {**good, "household_no": other["household_no"]})["match"] is False
    neither = sandbox.post(PATHS["household"], {**good, "id_issued_on": None})
    assert (neither.status_code, neither.json()["error"]) == (400, "malformed")


def test_the_certificate_authority_knows_no_cards_of_strangers(sandbox: Sandbox) -> None:
    holder = next(person for person in sandbox.people() if any(card["status"] == "foreign" for card in person["cards"]))
    serial = subject_serial(sandbox, certificate_card(holder, "foreign"))
    assert told(sandbox, "ca", {**question(sandbox, "ca", holder), "subject_serial": serial})["match"] is False


@pytest.mark.parametrize("authority", PATHS)
@pytest.mark.parametrize("change", [{"nonce": ""}, {"aud": None}, {"national_id": 1}, {"sudo": True}])
def test_a_malformed_question_is_refused_naming_the_field(
    sandbox: Sandbox, authority: str, change: dict[str, Any]
) -> None:
    answer = sandbox.post(PATHS[authority], {**question(sandbox, authority, sandbox.person("ordinary")), **change})
    assert answer.status_code == 400
    assert next(iter(change)) in answer.json()["detail"]


def test_a_date_that_is_none_is_refused(sandbox: Sandbox) -> None:
    body = {**question(sandbox, "health_insurance", sandbox.person("ordinary")), "birth_date": "1988-02-30"}
    assert sandbox.post(PATHS["health_insurance"], body).status_code == 400


def test_the_revocation_list_is_signed_lasts_a_day_and_names_the_revoked_card(sandbox: Sandbox) -> None:
    issuing = x509.load_pem_x509_certificate(sandbox.get("/trust").json()["citizen_ca_issuing"].encode())
    answer = sandbox.get("/authorities/ca/crl")
    assert answer.headers["Content-Type"] == "application/pkix-crl"
    revoked = x509.load_der_x509_crl(answer.content)
    key = issuing.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert revoked.is_signature_valid(key)
    assert revoked.next_update_utc is not None
    assert revoked.next_update_utc - revoked.last_update_utc == timedelta(hours=24)
    card = certificate_card(sandbox.person("revoked_card"), "revoked")
    assert [entry.serial_number for entry in revoked] == [signer_of(sign(sandbox, card, b"x")).serial_number]


def test_the_issuing_authority_is_issued_by_the_root(sandbox: Sandbox) -> None:
    trust = sandbox.get("/trust").json()
    root, issuing = (
        x509.load_pem_x509_certificate(trust[name].encode()) for name in ("citizen_ca_root", "citizen_ca_issuing")
    )
    issuing.verify_directly_issued_by(root)


def test_a_public_key_is_published_without_its_private_half(sandbox: Sandbox) -> None:
    for keys in sandbox.get("/trust").json()["authority_jwks"].values():
        assert [set(key) for key in keys["keys"]] == [{"kty", "crv", "x", "y", "kid", "use", "alg"}]


def test_an_authority_told_to_answer_wrongly_does(sandbox: Sandbox) -> None:
    body = question(sandbox, "household", sandbox.person("ordinary"))
    for kind in ("bad_signature", "unsigned"):
        sandbox.fault("authority:household", kind)
        with pytest.raises(jwt.InvalidTokenError):
            told(sandbox, "household", body)
    sandbox.fault("authority:household", "wrong_person")
    claims = told(sandbox, "household", body)
    assert claims["match"] is True
    assert claims["name"] == sandbox.person("ordinary", 1)["name"]
    assert claims["nonce"] != "a-nonce"
    assert told(sandbox, "household", body)["name"] == sandbox.person("ordinary")["name"]


def test_a_revocation_list_told_to_be_false_is_false(sandbox: Sandbox) -> None:
    issuing = x509.load_pem_x509_certificate(sandbox.get("/trust").json()["citizen_ca_issuing"].encode())
    key = issuing.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    sandbox.fault("authority:ocsp", "bad_signature")
    revoked = [x509.load_der_x509_crl(sandbox.get("/authorities/ca/crl").content) for _ in range(2)]
    assert [one.is_signature_valid(key) for one in revoked] == [False, True]
