"""Proofs of identity that do not hold: each refused by the contract's words, and nobody let in (CONTRACT 3, 10)."""

import base64
from typing import Any

import pytest
from asn1crypto import cms, core

from tests.house.client import Client, Json
from tests.house.standing import StandingHouse

NOT_ACCEPTED = {"state": "failed", "reason": "not_accepted"}
AUTHORITY_DOWN = {"state": "failed", "reason": "authority_down"}


@pytest.fixture
def person(house: StandingHouse) -> Json:
    return house.person("ordinary", 4)


@pytest.fixture
def fresh(house: StandingHouse) -> Client:
    return Client(house)


def started(client: Client, person: Json) -> Json:
    claim = {"national_id": person["national_id"]}
    return client.post("/verifications", {"method": "citizen_certificate", "claim": claim})


def answered(client: Client, attempt: Json, signed: object, **options: Any) -> Json:  # noqa: ANN401 - handed on to `post`
    return client.post(f"/verifications/{attempt['id']}/answer", {"cms": signed}, **options)


def card_of(person: Json, status: str = "good") -> Json:
    kept = (card for card in person["cards"] if card["kind"] == "citizen_certificate" and card["status"] == status)
    return next(kept)


def holds(answer: Json, wanted: Json) -> None:
    assert {name: answer.get(name) for name in wanted} == wanted, answer
    assert not answer.get("level")


def nobody_in(client: Client) -> None:
    assert "subject" not in client.session()


def changed(signed: str, change: Any) -> str:  # noqa: ANN401 - an act on the parsed CMS
    content = cms.ContentInfo.load(base64.b64decode(signed))
    change(content["content"])
    return base64.b64encode(content.dump(force=True)).decode()


def with_content(data: str) -> Any:  # noqa: ANN401 - an act on the parsed CMS
    def act(signed: cms.SignedData) -> None:
        signed["encap_content_info"] = {"content_type": "data", "content": base64.b64decode(data)}

    return act


def twice_signed(signed: cms.SignedData) -> None:
    first = signed["signer_infos"][0]
    second = cms.SignerInfo.load(first.dump())
    second["signature"] = first["signature"].native[::-1]
    signed["signer_infos"] = [first, second]


def unsigned(signed: cms.SignedData) -> None:
    signed["signer_infos"] = []


def without_attributes(signed: cms.SignedData) -> None:
    del signed["signer_infos"][0]["signed_attrs"]


def without_certificates(signed: cms.SignedData) -> None:
    signed["certificates"] = []


@pytest.mark.parametrize(
    "signed",
    [
        "",
        "not base64!",
        "AAAA",
        base64.b64encode(b"x" * 500).decode(),
        "\u8cc7\u6599",
        "=" * 9,
        7,
        None,
        [],
        "A" * 70_000,
    ],
)
def test_what_is_no_der_at_all_can_be_answered_again(fresh: Client, person: Json, signed: object) -> None:
    attempt = started(fresh, person)
    assert answered(fresh, attempt, signed, expect=400)["code"] == "malformed"
    nobody_in(fresh)
    right = fresh.sign(card_of(person), attempt["challenge"]["data"])
    assert answered(fresh, attempt, right)["state"] == "verified"


def test_der_that_is_no_signature_is_malformed(fresh: Client, person: Json) -> None:
    for der in (
        core.Integer(7).dump(),
        b"\x30\x00",
        cms.ContentInfo({"content_type": "data", "content": b"x"}).dump(),
    ):
        attempt = started(fresh, person)
        assert answered(fresh, attempt, base64.b64encode(der).decode(), expect=400)["code"] == "malformed"
    nobody_in(fresh)


def test_a_signature_cut_off_anywhere_is_malformed(fresh: Client, person: Json) -> None:
    attempt = started(fresh, person)
    right = base64.b64decode(fresh.sign(card_of(person), attempt["challenge"]["data"]))
    for end in range(1, len(right), len(right) // 7):
        cut = base64.b64encode(right[:end]).decode()
        assert answered(fresh, attempt, cut, expect=400)["code"] == "malformed"
    more = base64.b64encode(right + b"\0").decode()
    assert answered(fresh, attempt, more, expect=400)["code"] == "malformed"


@pytest.mark.parametrize("change", [twice_signed, unsigned, without_attributes, without_certificates])
def test_a_signature_of_another_make_is_not_accepted(fresh: Client, person: Json, change: Any) -> None:  # noqa: ANN401 - as above
    attempt = started(fresh, person)
    right = fresh.sign(card_of(person), attempt["challenge"]["data"])
    holds(answered(fresh, attempt, changed(right, change)), NOT_ACCEPTED)
    nobody_in(fresh)
    assert answered(fresh, attempt, right, expect=409)["code"] == "already_answered"


def test_a_signature_that_brings_its_content_is_not_accepted(fresh: Client, person: Json) -> None:
    attempt = started(fresh, person)
    data = attempt["challenge"]["data"]
    holds(answered(fresh, attempt, changed(fresh.sign(card_of(person), data), with_content(data))), NOT_ACCEPTED)


def test_a_signature_over_anything_else_is_not_accepted(fresh: Client, person: Json) -> None:
    for data in (b"", b"something else"):
        attempt = started(fresh, person)
        other = fresh.sign(card_of(person), base64.b64encode(data or b"\0").decode())
        holds(answered(fresh, attempt, other), NOT_ACCEPTED)
    first, second = started(fresh, person), started(fresh, person)
    replayed = fresh.sign(card_of(person), first["challenge"]["data"])
    holds(answered(fresh, second, replayed), NOT_ACCEPTED)
    assert answered(fresh, first, replayed)["state"] == "verified", "the first attempt suffered"
    assert answered(fresh, first, replayed, expect=409)["code"] == "already_answered"


def test_flipped_bits_are_malformed_or_not_accepted(fresh: Client, person: Json) -> None:
    attempt = started(fresh, person)
    right = base64.b64decode(fresh.sign(card_of(person), attempt["challenge"]["data"]))
    for at in range(0, len(right), len(right) // 25):
        wrong = base64.b64encode(right[:at] + bytes([right[at] ^ 0x15]) + right[at + 1 :]).decode()
        answer = fresh.call("POST", f"/verifications/{attempt['id']}/answer", {"cms": wrong}, expect=(200, 400)).json()
        assert answer.get("code") == "malformed" or answer["state"] in {"failed", "verified"}, (at, answer)
        if answer.get("state") == "verified":
            # A bit of a certificate that only comes along, or of an attribute nobody signs, says nothing.
            fresh.sign_out()
        if "state" in answer:
            attempt = started(fresh, person)
            right = base64.b64decode(fresh.sign(card_of(person), attempt["challenge"]["data"]))


@pytest.mark.parametrize(
    ("tag", "status"), [("revoked_card", "revoked"), ("expired_card", "expired"), ("ordinary", "foreign")]
)
def test_cards_that_are_not_good(house: StandingHouse, fresh: Client, tag: str, status: str) -> None:
    cards = [
        (person, card)
        for person in house.people()
        if tag in person["tags"] or status == "foreign"
        for card in person["cards"]
        if card["status"] == status and card["kind"] == "citizen_certificate"
    ]
    person, card = cards[0]
    holds(fresh.verify_card(person, card=card), NOT_ACCEPTED)
    nobody_in(fresh)


def test_another_person_s_card(house: StandingHouse, fresh: Client, person: Json) -> None:
    holds(fresh.verify_card(person, card=card_of(house.person("ordinary", 5))), NOT_ACCEPTED)
    nobody_in(fresh)


@pytest.mark.parametrize(
    "kind", ["down", "error", "garbage", "truncated", "unsigned", "bad_signature", "wrong_person", "silent"]
)
def test_an_authority_that_cannot_be_believed(house: StandingHouse, fresh: Client, person: Json, kind: str) -> None:
    house.fault("authority:ca", kind)
    holds(fresh.verify_card(person), AUTHORITY_DOWN)
    nobody_in(fresh)
    if kind != "silent":
        house.fault("authority:household", kind)
        holds(fresh.verify_two_documents(person), AUTHORITY_DOWN)
        house.fault("authority:health_insurance", kind)
        holds(fresh.verify_two_documents(person), AUTHORITY_DOWN)
        nobody_in(fresh)
        assert fresh.verify_two_documents(person)["state"] == "verified"


def test_two_documents_with_one_wrong_answer(fresh: Client, person: Json) -> None:
    wrong = {"birth_date": "1900-01-01", "health_card_no": "000000000000", "household_no": "F0000000"}
    for name, value in wrong.items():
        holds(fresh.verify_two_documents({**person, name: value}), NOT_ACCEPTED)
    nobody_in(fresh)


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        ("A123456780", 422, "bad_national_id"),
        ("A12", 422, "bad_national_id"),
        ("", 422, "bad_national_id"),
        (7, 400, "malformed"),
        (None, 400, "malformed"),
        ("A" * 41, 400, "malformed"),
        ("A\x00", 400, "malformed"),
    ],
)
def test_numbers_that_are_nobody_s(fresh: Client, number: object, status: int, code: str) -> None:
    body = {"method": "citizen_certificate", "claim": {"national_id": number}}
    assert fresh.post("/verifications", body, expect=status)["code"] == code


@pytest.mark.parametrize("method", ["two_documents", "citizen_certificate"])
@pytest.mark.parametrize(
    "claim", [{}, {"national_id": "A123456789", "more": "x"}, [], "x", None, {"birth_date": "1990-02-30"}]
)
def test_claims_of_another_form(fresh: Client, method: str, claim: object) -> None:
    assert fresh.post("/verifications", {"method": method, "claim": claim}, expect=400)["code"] == "malformed"


def test_methods_and_attempts_that_are_not_there(house: StandingHouse, fresh: Client, person: Json) -> None:
    for method in ("", "nothing", "mobile_identity\0"):
        assert fresh.post("/verifications", {"method": method, "claim": {}}, expect=400)["code"] == "malformed"
    attempt = started(fresh, person)
    right = fresh.sign(card_of(person), attempt["challenge"]["data"])
    assert answered(Client(house), attempt, right, expect=404)["code"] == "not_found", "an attempt of another browser"
    assert answered(fresh, attempt, right)["state"] == "verified"


def test_somebody_who_is_no_member_is_asked_for_a_second_method(house: StandingHouse, fresh: Client) -> None:
    answer = fresh.verify_card(house.person("first_use"))
    assert (answer["state"], answer["next"]) == ("verified", "second_method")
    nobody_in(fresh)
