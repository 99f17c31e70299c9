"""Who is signed in, and proving who one is."""

import pytest

from identity.levels import AssuranceLevel
from identity.models import Verification
from mydata.core import clock
from tests.portal.api.calling import Program, problem
from tests.portal.api.contract import fits

pytestmark = pytest.mark.django_db
CARD = {"method": "citizen_certificate", "claim": {"national_id": "A123456789"}}


def test_a_session_without_a_sign_in_holds_nothing_but_the_token(program: Program) -> None:
    answer = program.get("/session").json()

    assert answer.keys() == {"csrf"}
    fits("getSession", 200, answer)


def test_a_session_says_who_is_signed_in_and_how_strongly(citizen: Program) -> None:
    answer = citizen.get("/session").json()

    fits("getSession", 200, answer)
    assert (answer["level"], answer["method"], answer["role"]) == (4, "two_documents", "citizen")
    assert answer["verified_at"].endswith("Z")
    assert "A123456789" not in str(answer)


def test_signing_out_ends_the_session_and_may_be_repeated(citizen: Program) -> None:
    assert citizen.send("DELETE", "/session").status_code == 204
    assert citizen.send("DELETE", "/session").status_code == 204

    assert "subject" not in citizen.get("/session").json()
    assert problem(citizen.get("/usage")) == (401, "not_signed_in")


def test_an_attempt_with_a_challenge_is_pending(program: Program) -> None:
    answer = program.post("/verifications", CARD)

    assert answer.status_code == 201
    fits("startVerification", 201, answer.json())
    assert answer.json()["state"] == "pending"
    assert answer.json()["challenge"].keys() == {"nonce", "data"}


def test_a_challenge_says_until_when_it_may_be_answered(program: Program) -> None:
    started = program.post("/verifications", CARD).json()

    waits_until = Verification.objects.get(pk=started["id"]).expires_at
    assert started["expires_at"] == clock.rfc3339(waits_until)


def test_an_answer_that_is_no_signature_is_malformed(program: Program) -> None:
    started = program.post("/verifications", CARD).json()

    for answer in ({}, {"cms": ""}, {"cms": "AAAA"}, {"cms": 5}, {"cms": "短"}, {"cms": "x", "more": 1}):
        assert problem(program.post(f"/verifications/{started['id']}/answer", answer)) == (400, "malformed")


def test_an_attempt_of_another_browser_is_not_found(program: Program, other: Program) -> None:
    started = program.post("/verifications", CARD).json()

    assert problem(other.post(f"/verifications/{started['id']}/answer", {"cms": "AAAA"})) == (404, "not_found")


def test_a_number_that_is_no_national_id_is_refused_without_being_repeated(program: Program) -> None:
    answer = program.post("/verifications", {"method": "citizen_certificate", "claim": {"national_id": "A123456780"}})

    assert problem(answer) == (422, "bad_national_id")
    assert "A123456780" not in answer.content.decode()


def test_the_same_attempt_sent_again_under_its_key_is_the_same_attempt(program: Program) -> None:
    first = program.post("/verifications", CARD, **{"Idempotency-Key": "k1"}).json()
    again = program.post("/verifications", CARD, **{"Idempotency-Key": "k1"})

    assert (again.status_code, again.json()) == (201, first)
    assert program.post("/verifications", CARD, **{"Idempotency-Key": "k2"}).json()["id"] != first["id"]


def test_a_browser_that_lost_its_session_begins_another_attempt_under_the_same_key(program: Program) -> None:
    first = program.post("/verifications", CARD, **{"Idempotency-Key": "k1"}).json()
    del program.browser.cookies["mydata_session"]

    again = program.post("/verifications", CARD, **{"Idempotency-Key": "k1"})

    assert again.status_code == 201
    assert again.json()["id"] != first["id"]


def test_a_key_belongs_to_one_browser(program: Program) -> None:
    elsewhere = {"method": "citizen_certificate", "claim": {"national_id": "B142610160"}}
    first = program.post("/verifications", CARD, **{"Idempotency-Key": "k1"}).json()

    second = Program().post("/verifications", elsewhere, **{"Idempotency-Key": "k1"})

    assert second.status_code == 201
    assert second.json()["id"] != first["id"]


def test_a_level_is_told_as_the_contract_numbers_it(program: Program) -> None:
    program.sign_in("A123456789", AssuranceLevel.CITIZEN_CERTIFICATE, "citizen_certificate")

    assert program.get("/session").json()["level"] == 1
