from typing import Any

import pytest
import requests

from tests.sandbox.playing import Sandbox

LETTER = {
    "channel": "email",
    "to": "somebody@mail.example",
    "template": "one_time_code",
    "subject": "驗證碼",
    "body": "12345678",
    "sent_at": "2026-11-23T08:00:00Z",
    "event": None,
}


def test_a_letter_is_read_back_as_it_was_sent_newest_last(sandbox: Sandbox) -> None:
    letters = [{**LETTER, "to": "reader@mail.example", "body": body} for body in ("first", "second")]
    for letter in letters:
        answer = sandbox.post("/post", letter)
        assert (answer.status_code, answer.json()) == (201, letter)
    assert sandbox.get("/post", params={"to": "reader@mail.example"}).json() == {"items": letters}


def test_an_sms_needs_no_subject(sandbox: Sandbox) -> None:
    for subject in (None, ""):
        answer = sandbox.post("/post", {**LETTER, "channel": "sms", "to": "0900000999", "subject": subject})
        assert answer.json()["subject"] == subject


def test_nobody_reads_letters_to_others(sandbox: Sandbox) -> None:
    assert sandbox.get("/post", params={"to": "nobody@mail.example"}).json() == {"items": []}
    assert sandbox.get("/post").status_code == 400


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({"to": ""}, "to"),
        ({"body": None}, "body"),
        ({"subject": 7}, "subject"),
        ({"body": "x" * 70_000}, "body"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_a_letter_in_another_form_is_refused_naming_the_field(
    sandbox: Sandbox, change: dict[str, Any], named: str
) -> None:
    answer = sandbox.post("/post", {**LETTER, **change})
    assert answer.status_code == 400
    assert named in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"channel": NaN}', b"\xff", b"[" * 100_000, b"9" * 6000])
def test_what_is_no_json_object_is_refused(sandbox: Sandbox, body: bytes) -> None:
    answer = requests.post(f"{sandbox.url}/post", data=body, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")


def test_a_body_beyond_the_bound_is_refused(sandbox: Sandbox) -> None:
    assert requests.post(f"{sandbox.url}/post", data=b" " * 600_000, timeout=5).status_code == 413


def test_the_post_fails_when_told_to_and_takes_nothing_in(sandbox: Sandbox) -> None:
    letter = {**LETTER, "to": "unlucky@mail.example"}
    sandbox.fault("post", "error")
    assert sandbox.post("/post", letter).status_code == 500
    sandbox.fault("post", "down")
    with pytest.raises(requests.ConnectionError):
        sandbox.post("/post", letter)
    assert sandbox.get("/post", params={"to": "unlucky@mail.example"}).json() == {"items": []}
    assert sandbox.post("/post", letter).status_code == 201
