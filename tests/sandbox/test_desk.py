"""The desk: who it believes, what it takes in, how it answers, and how it goes wrong."""

import time
import uuid
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from tests.sandbox.playing import Sandbox, StubPortal, ask

REMARK = "mydata-remark+jws"
DATASET, PROVIDER = "vehicle-registration", "motc"


def claims(portal: StubPortal, **changes: object) -> dict[str, Any]:
    return {
        "iss": portal.url,
        "aud": PROVIDER,
        "iat": int(time.time()),
        "jti": str(uuid.uuid4()),
        "dataset": DATASET,
        "tx_id": str(uuid.uuid4()),
        "sub": "sub",
        "path": "/vehicles/0/colour",
        "remark": "請人工處理",
    } | changes


def send(sandbox: Sandbox, statement: bytes, provider: str = PROVIDER) -> requests.Response:
    headers = {"Content-Type": "application/jose"}
    return requests.post(f"{sandbox.url}/agencies/desk/{provider}", data=statement, headers=headers, timeout=10)


def listed(sandbox: Sandbox, jti: str) -> list[dict[str, Any]]:
    return [remark for remark in sandbox.get("/agencies/desk").json()["items"] if remark["jti"] == jti]


def heard(portal: StubPortal, jti: str, *, seconds: float = 20) -> tuple[str, dict[str, Any]]:
    """Wait until the portal was told what became of a remark."""
    deadline = time.monotonic() + seconds
    while not (found := [told for told in portal.told if told[1]["remark"] == jti]):
        assert time.monotonic() < deadline, portal.told
        time.sleep(0.05)
    (told,) = found
    return told


def test_a_remark_about_a_paper_that_was_given_is_matched_and_taken_in_once(
    sandbox: Sandbox, portal: StubPortal
) -> None:
    person = next(person for person in sandbox.people() if "ordinary" in person["tags"])
    token = portal.give(DATASET, person["national_id"])
    assert ask(sandbox, token, DATASET).status_code == 200
    said = claims(portal, tx_id=token.tx_id, sub=token.sub)
    for _ in range(2):
        answer = send(sandbox, portal.sign(said, typ=REMARK))
        assert (answer.status_code, answer.json()) == (202, {"id": said["jti"], "matched": True})
    (remark,) = listed(sandbox, said["jti"])
    assert (remark["remark"], remark["path"], remark["answer"]) == ("請人工處理", "/vehicles/0/colour", None)
    other = send(sandbox, portal.sign(claims(portal, tx_id=token.tx_id, sub="another"), typ=REMARK))
    assert (other.status_code, other.json()["error"]) == (422, "other_transaction")


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"remark": "車色錯了", "proposed": "銀色"}, "corrected"),
        ({"remark": "這是別的機關登記的"}, "forwarded"),
        ({"remark": "車色錯了"}, "upheld"),
    ],
)
def test_it_is_answered_by_what_it_says_with_the_desk_s_own_secret(
    sandbox: Sandbox, portal: StubPortal, changes: dict[str, str], outcome: str
) -> None:
    said = claims(portal, **changes)
    assert send(sandbox, portal.sign(said, typ=REMARK)).status_code == 202
    basic, told = heard(portal, said["jti"])
    providers = sandbox.get("/registration.json").json()["providers"]
    desk = next(entry["desk"] for entry in providers if entry["id"] == PROVIDER)
    assert basic == f"{PROVIDER}:{desk['secret']}"
    assert told["outcome"] == outcome
    assert ("available_from" in told) == (outcome == "corrected")


def test_a_portal_that_does_not_hear_is_told_again(sandbox: Sandbox, portal: StubPortal) -> None:
    portal.deaf, said = 1, claims(portal, remark="車色錯了")
    send(sandbox, portal.sign(said, typ=REMARK))
    assert heard(portal, said["jti"])[1]["outcome"] == "upheld"
    assert listed(sandbox, said["jti"])[0]["told"]


def test_it_is_answered_by_hand(sandbox: Sandbox, portal: StubPortal) -> None:
    said, answer = claims(portal), {"outcome": "upheld", "sentence": "相符。"}
    send(sandbox, portal.sign(said, typ=REMARK))
    address = f"/agencies/desk/{said['jti']}/answer"
    assert sandbox.post(address, answer).json()["state"] == "answered"
    assert heard(portal, said["jti"])[1] == {"remark": said["jti"], **answer}
    assert listed(sandbox, said["jti"])[0]["answer"] == answer
    assert sandbox.post(address, {"verdict": "x"}).status_code == 400
    assert sandbox.post(f"/agencies/desk/{uuid.uuid4()}/answer", answer).status_code == 404
    portal.deaf = 1
    assert sandbox.post(address, answer).status_code == 502


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://elsewhere.example"},
        {"aud": "moi"},
        {"iat": int(time.time()) - 700},
        {"iat": int(time.time()) + 900},
        {"iat": "soon"},
        {"jti": "1"},
        {"jti": None},
    ],
)
def test_what_is_not_for_this_desk_and_not_of_now_is_not_believed(
    sandbox: Sandbox, portal: StubPortal, changes: dict[str, object]
) -> None:
    said = claims(portal, **changes)
    assert send(sandbox, portal.sign(said, typ=REMARK)).status_code == 401
    assert listed(sandbox, str(said["jti"])) == []


def test_another_s_signature_and_another_type_are_not_believed(sandbox: Sandbox, portal: StubPortal) -> None:
    said, stranger = claims(portal), ec.generate_private_key(ec.SECP256R1())
    headers = {"typ": REMARK, "kid": "stub"}
    forged = jwt.encode(said, stranger, algorithm="ES256", headers=headers)
    unsigned = jwt.encode(said, "", algorithm="none", headers=headers)
    unknown = jwt.encode(said, portal.key, algorithm="ES256", headers=headers | {"kid": "nobody's"})
    for statement in (forged, unsigned, unknown, "no statement", ""):
        assert send(sandbox, statement.encode()).status_code == 401, statement
    assert send(sandbox, portal.sign(said, typ="mydata-consent+jws")).status_code == 401
    assert send(sandbox, portal.sign(said, typ=REMARK), provider="nobody").status_code == 404


@pytest.mark.parametrize(("kind", "status"), [("error", 500), ("come_back", 429), ("garbage", 200), ("no_record", 204)])
def test_a_desk_goes_wrong_as_its_agency_is_told(sandbox: Sandbox, portal: StubPortal, kind: str, status: int) -> None:
    said = claims(portal)
    sandbox.fault(f"provider:{PROVIDER}", kind)
    assert send(sandbox, portal.sign(said, typ=REMARK)).status_code == status
    assert listed(sandbox, said["jti"]) == []
    assert send(sandbox, portal.sign(said, typ=REMARK)).status_code == 202
