import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
import requests
from cryptography.exceptions import InvalidSignature

from sandbox import misbehaving
from sandbox.faults import Kind
from tests.sandbox.playing import Sandbox, StubPortal, Token, ask
from tests.sandbox.wires import NotGenuine, opened

WIRES = {"signed_zip": "vehicle-registration", "signed_json": "personal-income"}
CONTENT_TYPES = {"signed_zip": "application/zip", "signed_json": "application/jose"}

Call = Callable[[], requests.Response]


@pytest.fixture(params=WIRES)
def dataset(request: pytest.FixtureRequest) -> str:
    wire: str = request.param
    return WIRES[wire]


@pytest.fixture
def token(sandbox: Sandbox, portal: StubPortal, dataset: str) -> Token:
    return portal.give(dataset, sandbox.person("ordinary")["national_id"])


@pytest.fixture
def call(sandbox: Sandbox, dataset: str, token: Token) -> Iterator[Call]:
    yield lambda: ask(sandbox, token, dataset)
    sandbox.fault(f"dataset:{dataset}", "error", 0)


@pytest.fixture
def genuine(sandbox: Sandbox, portal: StubPortal, dataset: str, token: Token) -> Callable[[requests.Response], bool]:
    """Tell a genuine answer about the token's subject from a false one."""

    def judge(answer: requests.Response) -> bool:
        try:
            said = opened(sandbox.registered(dataset), answer.content, portal.url)
        except (NotGenuine, InvalidSignature, jwt.InvalidTokenError):
            return False
        return (said.tx_id, said.sub) == (token.tx_id, token.sub)

    return judge


def test_an_answer_without_a_fault_is_genuine(call: Call, genuine: Callable[[requests.Response], bool]) -> None:
    assert genuine(call())


@pytest.mark.parametrize(("kind", "status"), [("error", 500), ("come_back", 429), ("no_record", 204)])
def test_these_faults_answer_with_another_status_once(
    sandbox: Sandbox, call: Call, dataset: str, kind: str, status: int
) -> None:
    sandbox.fault(f"dataset:{dataset}", kind)
    answer = call()
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("3" if kind == "come_back" else None)
    assert call().status_code == 200


def test_down_drops_the_line_without_an_answer(sandbox: Sandbox, call: Call, dataset: str) -> None:
    sandbox.fault(f"dataset:{dataset}", "down")
    with pytest.raises(requests.ConnectionError):
        call()
    assert call().status_code == 200


def test_garbage_has_the_right_type_and_nothing_else(sandbox: Sandbox, call: Call, dataset: str) -> None:
    sandbox.fault(f"dataset:{dataset}", "garbage", 2)
    answers = [call() for _ in range(2)]
    wire = sandbox.registered(dataset)["wire"]
    assert {(answer.status_code, answer.headers["Content-Type"]) for answer in answers} == {(200, CONTENT_TYPES[wire])}
    assert answers[0].content != answers[1].content


def test_truncated_promises_more_than_it_sends(sandbox: Sandbox, call: Call, dataset: str) -> None:
    whole = len(call().content)
    sandbox.fault(f"dataset:{dataset}", "truncated")
    with pytest.raises(requests.exceptions.ChunkedEncodingError) as broken:
        call()
    read, missing = broken.value.args[0].args[1].args
    assert 0 < read < whole * 0.6
    assert read + missing == pytest.approx(whole, abs=16)


@pytest.mark.parametrize("kind", ["unsigned", "bad_signature", "bad_digest"])
def test_a_false_signature_is_false(
    sandbox: Sandbox, call: Call, dataset: str, kind: str, genuine: Callable[[requests.Response], bool]
) -> None:
    sandbox.fault(f"dataset:{dataset}", kind)
    answer = call()
    assert answer.status_code == 200
    assert not genuine(answer)
    assert genuine(call())


def test_bad_digest_in_a_zip_is_signed_well(sandbox: Sandbox, portal: StubPortal) -> None:
    dataset = WIRES["signed_zip"]
    sandbox.fault(f"dataset:{dataset}", "bad_digest")
    answer = ask(sandbox, portal.give(dataset, sandbox.person("ordinary")["national_id"]), dataset)
    with pytest.raises(NotGenuine):  # the signature is checked first and would raise InvalidSignature
        opened(sandbox.registered(dataset), answer.content, portal.url)


def test_an_unsigned_jws_says_so(sandbox: Sandbox, portal: StubPortal) -> None:
    dataset = WIRES["signed_json"]
    sandbox.fault(f"dataset:{dataset}", "unsigned")
    answer = ask(sandbox, portal.give(dataset, sandbox.person("ordinary")["national_id"]), dataset)
    assert jwt.get_unverified_header(answer.text)["alg"] == "none"
    assert answer.text.endswith(".")


def test_wrong_person_is_signed_well_and_about_another(
    sandbox: Sandbox, portal: StubPortal, call: Call, dataset: str, token: Token
) -> None:
    sandbox.fault(f"dataset:{dataset}", "wrong_person")
    said = opened(sandbox.registered(dataset), call().content, portal.url)
    assert said.tx_id == token.tx_id
    assert said.sub != token.sub
    assert sandbox.person("ordinary")["national_id"] not in json.dumps(said.data)
    assert sandbox.person("ordinary", 1)["national_id"] in json.dumps(said.data)


def test_slow_answers_are_late_and_right_and_silent_ones_never_come(sandbox: Sandbox, portal: StubPortal) -> None:
    person = sandbox.person("ordinary")

    def wait_for_agency(dataset: str) -> requests.Response:
        return ask(sandbox, portal.give(dataset, person["national_id"]), dataset)

    def wait_for_household() -> requests.Response:
        names = ("national_id", "birth_date", "id_issued_on")
        return sandbox.post(
            "/authorities/household/check", {**{name: person[name] for name in names}, "nonce": "n", "aud": "a"}
        )

    for target in ("dataset:vehicle-registration", "dataset:personal-income", "authority:household"):
        sandbox.fault(target, "slow")
    sandbox.fault("dataset:household-individual", "silent")
    token = portal.give("household-individual", person["national_id"])
    with ThreadPoolExecutor() as pool:
        calls = [pool.submit(wait_for_agency, dataset) for dataset in WIRES.values()] + [
            pool.submit(wait_for_household)
        ]
        with pytest.raises(requests.ReadTimeout):
            ask(sandbox, token, "household-individual", timeout=6)
        answers = [call.result() for call in calls]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all(answer.elapsed.total_seconds() >= 4.5 for answer in answers)
    assert misbehaving.SECONDS_SILENT > 60


def test_count_is_how_many_answers_go_wrong_and_zero_lifts(sandbox: Sandbox, call: Call, dataset: str) -> None:
    target = f"dataset:{dataset}"
    sandbox.fault(target, "error", 2)
    assert [call().status_code for _ in range(3)] == [500, 500, 200]
    sandbox.fault(target, "error", 5)
    assert {"target": target, "kind": "error", "count": 5} in sandbox.get("/faults").json()["items"]
    sandbox.fault(target, "error", 0)
    assert call().status_code == 200
    assert target not in {item["target"] for item in sandbox.get("/faults").json()["items"]}


def test_a_provider_fails_for_all_its_datasets_and_only_for_them(sandbox: Sandbox, portal: StubPortal) -> None:
    sandbox.fault("provider:motc", "error")
    national_id = sandbox.person("ordinary")["national_id"]
    statuses = {
        dataset: ask(sandbox, portal.give(dataset, national_id), dataset).status_code
        for dataset in ("personal-income", "vehicle-registration")
    }
    assert statuses == {"personal-income": 200, "vehicle-registration": 500}


@pytest.mark.parametrize(
    ("tag", "check"),
    [
        ("no_records", lambda answer: answer.status_code == 204),
        ("agency_garbage", lambda answer: answer.status_code == 200),
        ("agency_slow", lambda answer: (answer.status_code, answer.headers["Retry-After"]) == (429, "3")),
    ],
)
def test_the_agencies_of_some_people_always_go_wrong(
    sandbox: Sandbox, portal: StubPortal, dataset: str, tag: str, check: Callable[[requests.Response], bool]
) -> None:
    for _ in range(2):
        answer = ask(sandbox, portal.give(dataset, sandbox.person(tag)["national_id"]), dataset)
        assert check(answer)
        assert not answer.content.startswith((b"PK", b"ey"))


def test_the_agency_of_one_person_is_always_down(sandbox: Sandbox, portal: StubPortal, dataset: str) -> None:
    for _ in range(2):
        with pytest.raises(requests.ConnectionError):
            ask(sandbox, portal.give(dataset, sandbox.person("agency_down")["national_id"]), dataset)


def test_the_agency_of_one_person_answers_about_another(sandbox: Sandbox, portal: StubPortal, dataset: str) -> None:
    person = sandbox.person("agency_wrong_person")
    token = portal.give(dataset, person["national_id"])
    said = opened(sandbox.registered(dataset), ask(sandbox, token, dataset).content, portal.url)
    assert said.sub != token.sub
    assert person["national_id"] not in json.dumps(said.data)


def test_who_was_told_to_come_back_is_served_the_second_time(
    sandbox: Sandbox, portal: StubPortal, dataset: str
) -> None:
    national_id = sandbox.person("agency_slow")["national_id"]
    first = portal.give(dataset, national_id)
    assert ask(sandbox, first, dataset).status_code == 429
    fresh = portal.give(dataset, national_id, tx_id=first.tx_id)
    assert ask(sandbox, fresh, dataset).status_code == 200


@pytest.mark.parametrize(
    ("order", "named"),
    [
        ({"target": "dataset:unheard-of", "kind": "slow"}, "unheard-of"),
        ({"target": "provider:nobody", "kind": "slow"}, "nobody"),
        ({"target": "authority:pope", "kind": "slow"}, "pope"),
        ({"target": "service:", "kind": "slow"}, "service:"),
        ({"target": "post", "kind": "unsigned"}, "does not apply"),
        ({"target": "authority:ca", "kind": "bad_digest"}, "does not apply"),
        ({"target": "authority:household", "kind": "no_record"}, "does not apply"),
        ({"target": "post", "kind": "lazy"}, "lazy"),
        ({"target": "post", "kind": "slow", "count": -1}, "count"),
        ({"target": "post", "kind": "slow", "count": True}, "count"),
        ({"target": "post", "kind": "slow", "count": 1e3}, "count"),
        ({"target": "post"}, "kind"),
        ({"kind": "slow"}, "target"),
        ({"target": "post", "kind": "slow", "times": 3}, "times"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_naming_why(
    sandbox: Sandbox, order: dict[str, Any], named: str
) -> None:
    answer = sandbox.post("/faults", order)
    assert answer.status_code == 400
    assert named in answer.json()["detail"]


def test_every_kind_is_accepted_for_every_sort_of_dataset_and_for_services(sandbox: Sandbox) -> None:
    for target in ("dataset:personal-income", "dataset:vehicle-registration", "provider:moi", "service:online-tcb-1"):
        for kind in Kind:
            sandbox.fault(target, kind, 3)
        sandbox.fault(target, "slow", 0)
