"""The steps of the signed document, by their numbers in `dataproviders.connectors.signed_json`."""

import base64
import io
import json
import random
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dataproviders.connectors.signed_json import AHEAD, OLD, SignedJson
from dataproviders.errors import BadAnswer, WrongPerson
from dataproviders.integrity import Checked, Expected
from tests.dataproviders.papers import NOW, claims, ec_key, expected, jwk, signed_json


def check(body: bytes, wanted: Expected | None = None) -> Checked:
    return SignedJson().check(io.BytesIO(body), wanted or expected(), now=NOW)


def refused(body: bytes, wanted: Expected | None = None) -> None:
    with pytest.raises(BadAnswer):
        check(body, wanted)


def assembled(header: object, payload: bytes, signature: bytes) -> bytes:
    parts = (json.dumps(header).encode(), payload, signature)
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)


def under(header: dict[str, object]) -> bytes:
    """Return a right answer under any header, its ES256 signature holding."""
    unsigned = assembled(header, json.dumps(claims()).encode(), b"").rstrip(b".")
    numbers = decode_dss_signature(ec_key().sign(unsigned, ec.ECDSA(hashes.SHA256())))
    raw = b"".join(number.to_bytes(32, "big") for number in numbers)
    return unsigned + b"." + base64.urlsafe_b64encode(raw).rstrip(b"=")


def at(seconds: float) -> bytes:
    return signed_json(claims(iat=NOW.timestamp() + seconds))


def test_a_right_answer_is_taken_and_given_in_the_form_of_the_other_wire() -> None:
    body = signed_json()
    assert check(body).data == {"answer": 42}
    assert check(body).signer == "agency"
    assert check(under({"typ": "mydata+jws", "alg": "ES256", "kid": "agency"})).data == {"answer": 42}
    assert check(body + b"\r\n").issued_at == NOW
    (part,) = SignedJson().parts(body, "paper")
    assert json.loads(part.content)["data"] == {"answer": 42}


@pytest.mark.parametrize("body", [b"", b"a.b.c", b"..", b"{}", "資料".encode(), random.Random(7).randbytes(2048)])
def test_step_1_what_is_no_compact_jws(body: bytes) -> None:
    refused(body)


def test_step_1_another_type() -> None:
    for kind in ("JWT", "mydata-consent+jws", ""):
        refused(signed_json(typ=kind))


def test_step_1_an_unsigned_one() -> None:
    refused(assembled({"alg": "none", "typ": "mydata+jws", "kid": "agency"}, json.dumps(claims()).encode(), b""))
    refused(signed_json(key="", algorithm="none"))


def test_step_1_the_public_key_taken_for_a_shared_secret() -> None:
    pem = ec_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    secret = base64.b64encode(pem)  # the library refuses to sign with a PEM; the attacker would not ask it
    refused(signed_json(key=secret, algorithm="HS256"))
    octets = {"kty": "oct", "k": base64.urlsafe_b64encode(secret).decode(), "kid": "agency"}
    refused(signed_json(key=secret, algorithm="HS256"), expected(jwks=(octets,)))


def test_step_1_an_algorithm_that_is_not_on_the_list() -> None:
    refused(signed_json(key=ec.generate_private_key(ec.SECP384R1()), algorithm="ES384"))
    refused(signed_json(key=rsa.generate_private_key(public_exponent=65537, key_size=2048), algorithm="RS256"))


def test_step_1_extensions_that_nobody_understands() -> None:
    refused(signed_json(crit=["exp"]))
    refused(signed_json(b64=False, crit=["b64"]))


def test_step_2_a_key_that_is_not_registered() -> None:
    refused(signed_json(key=ec_key("stranger"), kid="stranger"))
    refused(signed_json(key=ec_key("stranger")))
    refused(under({"typ": "mydata+jws", "alg": "ES256"}))
    refused(under({"typ": "mydata+jws", "alg": "ES256", "kid": 7}))
    refused(signed_json(jwk=jwk("stranger"), key=ec_key("stranger")))
    refused(signed_json(), expected(jwks=()))


def test_step_2_a_key_of_another_kind_than_the_header_says() -> None:
    for algorithm in ("PS256", "EdDSA"):
        refused(under({"typ": "mydata+jws", "alg": algorithm, "kid": "agency"}))


def test_step_2_a_payload_changed_after_signing() -> None:
    head, _, signature = signed_json().split(b".")
    changed = base64.urlsafe_b64encode(json.dumps(claims(data={"answer": 1})).encode()).rstrip(b"=")
    refused(b".".join((head, changed, signature)))


def test_step_2_a_changed_byte_anywhere() -> None:
    body, chance = signed_json(), random.Random(20261123)
    for _ in range(300):
        place = chance.randrange(len(body))
        changed = bytes([chance.randrange(33, 127)])
        if changed != body[place : place + 1]:
            try:
                # The last character of a part carries bits that say nothing.
                assert check(body[:place] + changed + body[place + 1 :]).data == {"answer": 42}
            except BadAnswer:
                continue


def test_step_3_from_another_agency_or_for_another_portal() -> None:
    for wrong in ({"iss": "other"}, {"iss": None}, {"aud": "http://other.example"}, {"aud": ["x"]}, {"aud": None}):
        refused(signed_json(claims(**wrong)))


def test_step_3_not_from_the_future_and_not_old() -> None:
    for right in (0, AHEAD, -OLD):
        check(at(right))
    for wrong in (AHEAD + 1, -OLD - 1, 1e9, -1e9):
        refused(at(wrong))


@pytest.mark.parametrize("iat", ["1e999", "-1e999", "NaN", "null", "true", '"1"', "1" + "0" * 400, "-1" + "0" * 400])
def test_step_3_a_time_that_is_none(iat: str) -> None:
    refused(signed_json(json.dumps(claims(iat="HERE")).replace('"HERE"', iat).encode()))


def test_step_4_an_answer_to_another_call() -> None:
    for wrong in ({"dataset": "other"}, {"tx_id": "another"}, {"tx_id": None}):
        refused(signed_json(claims(**wrong)))


def test_step_5_an_answer_about_somebody_else() -> None:
    with pytest.raises(WrongPerson):
        check(signed_json(claims(sub="somebody-else")))
    for nobody in (None, "", 7):
        refused(signed_json(claims(sub=nobody)))


def test_step_6_data_that_do_not_hold_by_the_schema() -> None:
    wrong: tuple[object, ...] = ({}, {"answer": "42"}, {"answer": 42, "more": 1}, [], None)
    for data in wrong:
        refused(signed_json(claims(data=data)))


@pytest.mark.parametrize(
    "text",
    [
        '{"answer": 1, "answer": 42}',
        '{"answer": NaN}',
        '{"answer": 1e999}',
        '{"remark": "\\ud800"}',
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        "1" * 5000,
    ],
)
def test_step_6_json_that_two_readers_would_read_differently(text: str) -> None:
    payload = json.dumps(claims(data="HERE")).replace('"HERE"', text).encode()
    refused(signed_json(payload), expected(schema={"type": "object"}))


def test_a_schema_that_refers_to_another_address_is_never_followed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        somebody.settimeout(0.2)
        address = f"http://127.0.0.1:{somebody.getsockname()[1]}/schema.json"
        with ThreadPoolExecutor(1) as pool:
            checking = pool.submit(refused, signed_json(), expected(schema={"$ref": address}))
            with pytest.raises(TimeoutError):
                somebody.accept()[0].close()
        checking.result()
