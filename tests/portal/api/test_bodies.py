"""Whatever is sent: a clear 4xx, never a fault, and nothing of it in the answer."""

import json
from typing import Any

import pytest

from tests.portal.api.calling import Program, problem
from tests.portal.api.operations import LISTS, SOMETHING, UNSAFE, Call, named

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "not JSON": b"{",
    "text": b"grants please",
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"1",
    "null": b"null",
    "NaN": b'{"a": NaN}',
    "a number too large for a float": b'{"a": 1e999}',
    "a number too large to be the same everywhere": b'{"a": 9007199254740993}',
    "more digits than Python reads": b'{"a": ' + b"9" * 5000 + b"}",
    "a name that stands twice": b'{"a": 1, "a": 2}',
    "NUL in a value": b'{"a": "\\u0000"}',
    "NUL in a name": b'{"\\u0000": 1}',
    "half a surrogate pair": b'{"a": ["\\ud800"]}',
    "bytes that are no UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "deep": b'{"a":' * 60 + b"1" + b"}" * 60,
    "far too deep": b"[" * 100_000,
    "a member that the call does not take": b'{"surprise": 1}',
}
OTHER_TYPES = [
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/xml",
    "x",
]
MISFITS: dict[str, list[Any]] = {
    "/verifications": [
        {},
        {"method": "two_documents"},
        {"method": 5, "claim": {}},
        {"method": "magic", "claim": {}},
        {"method": ["two_documents"], "claim": {}},
        {"method": "two_documents", "claim": "A123456789"},
        {"method": "two_documents", "claim": []},
        {"method": "two_documents", "claim": {}},
        {"method": "two_documents", "claim": {"national_id": 1}},
        {"method": "citizen_certificate", "claim": {"national_id": None}},
        {"method": "citizen_certificate", "claim": {"national_id": {"a": "b"}}},
        {"method": "citizen_certificate", "claim": {"national_id": "A" * 100_000}},
    ],
    "/grants": [
        {},
        {"datasets": None},
        {"datasets": "personal-income"},
        {"datasets": {"id": "personal-income"}},
        {"datasets": []},
        {"datasets": [1]},
        {"datasets": [{}]},
        {"datasets": [{"id": 1}]},
        {"datasets": [{"id": ""}]},
        {"datasets": [{"id": "x" * 65}]},
        {"datasets": [{"id": "personal-income", "parameters": []}]},
        {"datasets": [{"id": "personal-income", "parameters": None}]},
        {"datasets": [{"id": "personal-income", "Parameters": {}}]},
        {"datasets": [{"id": "personal-income"}] * 2},
        {"datasets": [{"id": "personal-income"}], "service": "counter-taoyuan-1"},
        {"request": SOMETHING},
    ],
    f"/grants/{SOMETHING}/give": [{}, {"wording_hash": None}, {"wording_hash": 5}, {"wording_hash": "x" * 129}],
    f"/grants/{SOMETHING}/refuse": [{"because": "no"}],
    f"/grants/{SOMETHING}/withdraw": [{"because": "no"}],
    f"/parcels/{SOMETHING}/claim": [
        {"passphrase": 1},
        {"passphrase": ""},
        {"passphrase": "x" * 257},
        {"password": "x"},
    ],
    f"/parcels/{SOMETHING}/received": [
        {},
        {"sha256": 1},
        {"sha256": "A" * 64},
        {"sha256": "0" * 63},
        {"sha256": "0" * 64 + "\n"},
    ],
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
@pytest.mark.parametrize("operation", UNSAFE, ids=named)
def test_a_body_that_cannot_be_read_is_malformed(citizen: Program, operation: Call, body: bytes) -> None:
    answer = citizen.send(operation.method, operation.path, body)

    expected = (404, "not_found") if _is_read_by_the_method(operation, body) else (400, "malformed")
    assert problem(answer) == expected


@pytest.mark.parametrize("content_type", OTHER_TYPES)
@pytest.mark.parametrize("operation", UNSAFE, ids=named)
def test_a_body_of_another_type_is_malformed(citizen: Program, operation: Call, content_type: str) -> None:
    sent = json.dumps(operation.body).encode() if operation.body else b"a=1"

    assert problem(citizen.send(operation.method, operation.path, sent, content_type=content_type)) == (
        400,
        "malformed",
    )


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("operation", UNSAFE, ids=named)
def test_a_body_above_the_limit_is_too_large(citizen: Program, operation: Call, content_type: str) -> None:
    sent = b'{"a": "' + b"x" * 300_000 + b'"}'

    answer = citizen.send(operation.method, operation.path, sent, content_type=content_type)

    assert problem(answer) in {(413, "too_large"), (400, "malformed")}
    assert answer.status_code == 413 or content_type != "application/json"


@pytest.mark.parametrize(
    ("path", "body"), [(path, body) for path, bodies in MISFITS.items() for body in bodies], ids=repr
)
def test_a_body_of_the_wrong_shape_is_malformed(citizen: Program, path: str, body: object) -> None:
    answer = citizen.post(path, body)

    assert problem(answer) == (400, "malformed")
    assert "A123456789" not in answer.content.decode()


@pytest.mark.parametrize("operation", [one for one in UNSAFE if one.body == {}], ids=named)
def test_a_call_that_needs_no_body_may_come_without(citizen: Program, operation: Call) -> None:
    for content_type in ("application/json", "application/octet-stream"):
        answer = citizen.send(operation.method, operation.path, content_type=content_type)

        assert answer.status_code in {204, 404}


@pytest.mark.parametrize(
    "cursor", ["", "x", "1", "1.2", ".", "9" * 300, "é", "%00", "-1." + "0" * 32, "9" * 40 + "." + "0" * 32]
)
@pytest.mark.parametrize("operation", LISTS, ids=named)
def test_a_cursor_that_is_none_is_malformed(citizen: Program, operation: Call, cursor: str) -> None:
    answer = citizen.get(f"{operation.path}?after={cursor}")

    assert answer.status_code == 200 if _is_a_moment(operation, cursor) else problem(answer) == (400, "malformed")


@pytest.mark.parametrize("key", ["", " ", "a b", "鍵", "x" * 256])
def test_an_idempotency_key_that_is_none_is_malformed(citizen: Program, key: str) -> None:
    answer = citizen.post("/grants", {"datasets": [{"id": "vehicle-registration"}]}, **{"Idempotency-Key": key})

    assert problem(answer) == (400, "malformed")


def _is_read_by_the_method(operation: Call, body: bytes) -> bool:
    """An answer's members are its method's own, so an attempt that is not there is found missing first."""
    return operation.id == "answerVerification" and body == UNREADABLE["a member that the call does not take"]


def _is_a_moment(operation: Call, cursor: str) -> bool:
    """Long ago is a place in a list, and nothing is behind it."""
    return operation.id in {"listUsage", "listNotices", "listRemarks"} and cursor.startswith("-1.")
