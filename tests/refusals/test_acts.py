"""Every act that is refused says so by the contract's code, changes nothing, and tells nothing personal (CONTRACT 3, 8, 10)."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.house.client import Client, Json
from tests.house.standing import StandingHouse, until
from tests.refusals.agency import Agency, seed_file
from tests.refusals.conftest import LETTER, PAPER, PLANNED, STRICT

NOBODYS = str(uuid.UUID(int=7))
Sealed = tuple[dict[str, Any], str]


def personal(person: Json) -> set[str]:
    """Return what of a person must stand in no refusal."""
    members = ("national_id", "name", "birth_date", "health_card_no", "household_no", "email", "mobile")
    return {str(person[member]) for member in members}


def state_of(client: Client, parcel: str = "") -> Json:
    """Return what a refused act must leave as it is: the latest page of the record of use, and the parcel."""
    latest = client.get("/usage")["items"]
    lines = [(line["action"], line["payload"]) for line in latest if line["action"] != "notice:sent"][:10]
    return {"lines": lines, "parcel": client.parcel(parcel) if parcel else None}


@contextmanager
def nothing_changes(client: Client, parcel: str = "") -> Iterator[None]:
    before = state_of(client, parcel)
    yield
    assert state_of(client, parcel) == before


def refused(answer: Json, code: str) -> Json:
    """Hold a refusal against RFC 9457 and the contract, and return it."""
    assert answer["code"] == code, answer
    assert {"type", "title", "status", "detail", "code", "trace"} <= answer.keys()
    return answer


@pytest.fixture
def other(house: StandingHouse) -> Client:
    """Somebody else altogether."""
    return Client(house).sign_in(house.person("ordinary", 3))


# -- drafting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("datasets", "status", "code", "facts"),
    [
        ([], 400, "malformed", {"path": "datasets"}),
        ([{"id": PAPER}, {"id": PAPER}], 400, "malformed", {"path": "datasets"}),
        ([{"id": name} for name in "abcdef"], 422, "too_many_datasets", {"most": 5}),
        ([{"id": "nothing-of-the-kind"}], 422, "unknown_dataset", {"dataset": "nothing-of-the-kind"}),
        ([{"id": PLANNED}], 422, "unknown_dataset", {"dataset": PLANNED}),
        ([{"id": LETTER}], 422, "bad_parameters", {"path": "year", "dataset": LETTER}),
        ([{"id": LETTER, "parameters": {"year": "113"}}], 422, "bad_parameters", {"path": "year"}),
        ([{"id": LETTER, "parameters": {"year": 99}}], 422, "bad_parameters", {"path": "year"}),
        ([{"id": LETTER, "parameters": {"year": 113, "kind": "c"}}], 422, "bad_parameters", {"path": "kind"}),
        ([{"id": LETTER, "parameters": {"year": 113, "more": 1}}], 422, "bad_parameters", {"path": "more"}),
        ([{"id": PAPER, "parameters": {"year": 113}}], 422, "bad_parameters", {"path": "year"}),
        ([{"id": PAPER, "parameters": []}], 400, "malformed", {}),
        ([{"id": 7}], 400, "malformed", {}),
        ([PAPER], 400, "malformed", {}),
        ([{"id": PAPER, "unheard": 1}], 400, "malformed", {}),
        ([{}], 400, "malformed", {}),
        ("all", 400, "malformed", {}),
        (None, 400, "malformed", {}),
    ],
)
def test_drafts_that_are_refused(client: Client, datasets: Any, status: int, code: str, facts: Json) -> None:  # noqa: ANN401 - anything at all
    with nothing_changes(client):
        answer = refused(client.post("/grants", {"datasets": datasets}, expect=status), code)
    assert answer.items() >= facts.items()


def test_missing_parameters_take_their_defaults(client: Client) -> None:
    draft = client.draft(LETTER, parameters={LETTER: {"year": 113}})
    assert draft["datasets"] == [{"id": LETTER, "parameters": {"year": 113, "kind": "a"}}]


# -- giving ------------------------------------------------------------------------------------------------------------


def test_a_level_too_low_names_the_level_that_is_asked_for(client: Client) -> None:
    grant = client.draft(PAPER, STRICT)
    assert grant["required_level"] == 1
    with nothing_changes(client):
        assert refused(client.give(grant, expect=403), "step_up")["required_level"] == 1
    client.verify_card(client.house.person("ordinary", 2))
    client.wait(client.give(grant)["parcel"])


def test_another_wording_than_the_one_shown(client: Client) -> None:
    grant = client.draft(PAPER)
    with nothing_changes(client):
        for wrong in ("0" * 64, "資料"):
            refused(client.give({**grant, "wording_hash": wrong}, expect=409), "wording_changed")
    client.wait(client.give(grant)["parcel"])


def test_a_wording_that_changed_while_it_was_read(client: Client, agency: Agency) -> None:
    grant = client.draft(PAPER)
    renamed = seed_file(agency.entry(PAPER, name="改了名字的資料"))
    try:
        assert client.house.seed(renamed).returncode == 0
        with nothing_changes(client):
            refused(client.give(grant, expect=409), "wording_changed")
        again = client.draft(PAPER)
        assert "改了名字的資料" in again["wording"]
        assert again["wording_hash"] == hashlib.sha256(again["wording"].encode()).hexdigest()
    finally:
        assert client.house.seed(seed_file(agency.entry(PAPER))).returncode == 0


def test_a_grant_is_answered_once(client: Client, sealed: Sealed) -> None:
    grant, parcel = sealed
    with nothing_changes(client, parcel):
        refused(client.give(grant, expect=409), "illegal_state")
        refused(client.refuse(grant, expect=409), "illegal_state")
    turned_down = client.draft(PAPER)
    assert client.refuse(turned_down) == {"state": "refused"}
    with nothing_changes(client, parcel):
        refused(client.give(turned_down, expect=409), "illegal_state")
        refused(client.refuse(turned_down, expect=409), "illegal_state")
        refused(client.withdraw(turned_down, expect=409), "illegal_state")
    refused(client.withdraw(client.draft(PAPER), expect=409), "illegal_state")


# -- whose -------------------------------------------------------------------------------------------------------------


def each_act_on(grant: str, parcel: str) -> list[tuple[str, str, object]]:
    return [
        ("POST", f"/grants/{grant}/give", {"wording_hash": "x"}),
        ("POST", f"/grants/{grant}/refuse", {}),
        ("POST", f"/grants/{grant}/withdraw", {}),
        ("GET", f"/grants/{grant}/receipt", None),
        ("GET", f"/parcels/{parcel}", None),
        ("GET", f"/parcels/{parcel}/items/{PAPER}", None),
        ("POST", f"/parcels/{parcel}/claim", {}),
        ("GET", f"/parcels/{parcel}/file", None),
        ("POST", f"/parcels/{parcel}/received", {"sha256": "0" * 64}),
    ]


def test_what_belongs_to_somebody_else_is_not_found(client: Client, other: Client, sealed: Sealed) -> None:
    grant, parcel = sealed
    with nothing_changes(client, parcel):
        for method, path, body in each_act_on(grant["id"], parcel):
            foreign = other.call(method, path, body, expect=404).json()
            nobodys = other.call(
                method, path.replace(parcel, NOBODYS).replace(grant["id"], NOBODYS), body, expect=404
            ).json()
            assert refused(foreign, "not_found") | {"trace": ""} == nobodys | {"trace": ""}, path
    assert parcel not in json.dumps(other.items("/parcels"))


def test_nobody_is_let_in_without_signing_in(house: StandingHouse, sealed: Sealed) -> None:
    stranger = Client(house)
    for method, path, body in [*each_act_on(sealed[0]["id"], sealed[1]), *((("GET", p, None)) for p in LISTS)]:
        refused(stranger.call(method, path, body, expect=401).json(), "not_signed_in")


LISTS = ("/parcels", "/usage", "/notices")


def test_another_browser_lists_and_withdraws_but_does_not_open(client: Client, sealed: Sealed) -> None:
    grant, parcel = sealed
    elsewhere = Client(client.house).sign_in(client.house.person("ordinary", 2))
    assert elsewhere.parcel(parcel)["opens_here"] is False
    assert client.parcel(parcel)["opens_here"] is True
    before = client.parcel(parcel)
    refused(elsewhere.preview(parcel, PAPER, expect=409), "other_browser")
    refused(elsewhere.claim(parcel, expect=409), "other_browser")
    assert client.parcel(parcel) == before
    assert any(entry["id"] == parcel for entry in elsewhere.items("/parcels"))
    assert elsewhere.withdraw(grant) == {"state": "withdrawn"}
    refused(client.preview(parcel, PAPER, expect=410), "gone")


# -- opening -----------------------------------------------------------------------------------------------------------


def spool_of(house: StandingHouse) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (house.data_dir / "spool").iterdir()}


@contextmanager
def damaged(house: StandingHouse, before: dict[str, bytes], damage: Callable[[Path], None]) -> Iterator[None]:
    """Damage what has come into the spool since, and mend it again."""
    new = spool_of(house)
    (name,) = new.keys() - before.keys()
    path = house.data_dir / "spool" / name
    try:
        damage(path)
        yield
    finally:
        path.write_bytes(new[name])


def flip(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-17])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink], ids=["a changed byte", "a lost end", "a lost file"])
def test_damaged_ciphertext_opens_nothing_and_says_so(client: Client, damage: Callable[[Path], None]) -> None:
    before = spool_of(client.house)
    _, parcel = client.request(PAPER)
    client.wait(parcel)
    with damaged(client.house, before, damage), nothing_changes(client, parcel):
        refused(client.preview(parcel, PAPER, expect=410), "gone")
        refused(client.claim(parcel, expect=410), "gone")
    assert client.preview(parcel, PAPER)["data"] == {"answer": 42}
    between = spool_of(client.house)
    client.claim(parcel)
    with damaged(client.house, between, damage):
        refused(client.get(f"/parcels/{parcel}/file", expect=410), "gone")
    content = client.download(parcel)
    assert client.acknowledge(parcel, content)["state"] == "purged"


def test_a_destroyed_share_opens_nothing_and_still_ends(client: Client, sealed: Sealed) -> None:
    grant, parcel = sealed
    (client.house.key_dir / "share" / parcel).unlink()
    refused(client.preview(parcel, PAPER, expect=410), "gone")
    refused(client.claim(parcel, expect=410), "gone")
    assert client.parcel(parcel)["opens_here"] is False
    assert client.withdraw(grant) == {"state": "withdrawn"}


def test_items_that_are_not_there(client: Client, sealed: Sealed) -> None:
    _, parcel = sealed
    with nothing_changes(client, parcel):
        for name in (LETTER, "nothing", "x" * 200, "%00", "資料"):
            refused(client.preview(parcel, name, expect=404), "not_found")


# -- taking ------------------------------------------------------------------------------------------------------------


def test_nothing_is_taken_while_it_is_still_being_collected(client: Client, agency: Agency) -> None:
    client.house.fault("dataset:vehicle-registration", "slow")
    grant, parcel = client.request(PAPER, "vehicle-registration")
    until(lambda: client.parcel(parcel)["items"][0]["state"] == "landed", what="the first item")
    assert client.parcel(parcel)["state"] == "collecting"
    refused(client.claim(parcel, expect=409), "illegal_state")
    refused(client.preview(parcel, PAPER, expect=409), "illegal_state")
    refused(client.get(f"/parcels/{parcel}/file", expect=409), "claim_first")
    assert client.withdraw(grant) == {"state": "withdrawn"}, "withdrawing works while collecting"
    agency.calls.clear()


def test_the_file_is_handed_only_to_whoever_claimed_it(client: Client, sealed: Sealed) -> None:
    grant, parcel = sealed
    path = f"/parcels/{parcel}/file"
    with nothing_changes(client, parcel):
        refused(client.get(path, expect=409), "claim_first")
        refused(client.post(f"/parcels/{parcel}/received", {"sha256": "0" * 64}, expect=409), "claim_first")
    key = str(uuid.uuid4())
    claimed = client.claim(parcel, key=key)
    with nothing_changes(client, parcel):
        refused(client.claim(parcel, expect=409), "already_claimed")
        refused(client.claim(parcel, passphrase="other", key=key, expect=422), "idempotency_mismatch")
        refused(client.withdraw(grant, expect=409), "illegal_state")
        refused(client.get(path, expect=412, headers={"If-Match": '"another"'}), "claim_first")
        assert client.claim(parcel, key=key) == claimed
        refused(client.post(f"/parcels/{parcel}/received", {"sha256": "0" * 64}, expect=409), "digest_mismatch")
        for wrong in ("", "0" * 63, "A" * 64, 7, None):
            refused(client.post(f"/parcels/{parcel}/received", {"sha256": wrong}, expect=400), "malformed")
    content = client.download(parcel)
    del client.http.cookies[f"claim_{parcel}"]
    refused(client.get(path, expect=409), "claim_first")
    assert client.download(parcel, headers={"If-Match": claimed["etag"]}) == content
    first = client.acknowledge(parcel, content)
    assert client.acknowledge(parcel, content) == first
    refused(client.post(f"/parcels/{parcel}/received", {"sha256": "0" * 64}, expect=409), "digest_mismatch")
    for act in (path, f"/parcels/{parcel}/items/{PAPER}"):
        refused(client.get(act, expect=410), "gone")
    refused(client.claim(parcel, expect=410), "gone")
    assert client.parcel(parcel)["state"] == "purged"


def test_a_range_without_a_byte(client: Client, sealed: Sealed) -> None:
    _, parcel = sealed
    size = client.claim(parcel)["size"]
    answer = client.call("GET", f"/parcels/{parcel}/file", headers={"Range": f"bytes={size}-"}, expect=416)
    assert refused(answer.json(), "malformed")
    assert answer.headers["Content-Range"] == f"bytes */{size}"
    content = client.download(parcel)
    assert client.download(parcel, headers={"Range": f"bytes={size - 5}-"}) == content[-5:]


# -- the calls themselves ----------------------------------------------------------------------------------------------


def test_one_key_means_one_call(client: Client) -> None:
    key, body = str(uuid.uuid4()), {"datasets": [{"id": PAPER}]}
    first = client.post("/grants", body, key=key)
    assert client.post("/grants", body, key=key) == first
    other_body = {"datasets": [{"id": LETTER, "parameters": {"year": 113}}]}
    refused(client.post("/grants", other_body, key=key, expect=422), "idempotency_mismatch")
    refused(client.post("/grants", body, key="資料".encode().decode("latin-1"), expect=400), "malformed")


def test_calls_without_the_token_of_the_session(client: Client, sealed: Sealed) -> None:
    grant, parcel = sealed
    with nothing_changes(client, parcel):
        for method, path, body in each_act_on(grant["id"], parcel):
            if method == "POST":
                for token in ("", "x" * 64, "wrong"):
                    answer = client.call(method, path, body, headers={"X-CSRFToken": token}, expect=403)
                    refused(answer.json(), "csrf_failed")
        answer = client.call("DELETE", "/session", headers={"X-CSRFToken": ""}, expect=403)
        refused(answer.json(), "csrf_failed")
    assert client.session()["level"] == 4


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"text"', "application/json"),
        (b'{"datasets": [], "datasets": []}', "application/json"),
        (b'{"datasets": NaN}', "application/json"),
        (b'{"datasets": [{"id": "\\ud800"}]}', "application/json"),
        (b'{"datasets": [{"id": "a\\u0000b"}]}', "application/json"),
        (b'{"datasets": [{"id": "a", "parameters": {"year": 1e999}}]}', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"datasets": ' + b"[" * 5000 + b"]" * 5000 + b"}", "application/json"),
        (b"\xff\xfe{}", "application/json"),
        (b"datasets=a", "application/x-www-form-urlencoded"),
        (b"{}", "text/plain"),
        (b"<a/>", "application/xml"),
    ],
)
def test_bodies_that_cannot_be_read(client: Client, body: bytes, content_type: str) -> None:
    headers = {"Content-Type": content_type, "X-CSRFToken": client.csrf()}
    answer = client.http.post(f"{client.house.base}/api/v1/grants", data=body, headers=headers, timeout=10)
    assert answer.status_code == 400, answer.text
    refused(answer.json(), "malformed")


def test_a_body_that_is_too_large(client: Client) -> None:
    body = {"datasets": [{"id": PAPER, "parameters": {"x": "y" * 300_000}}]}
    refused(client.post("/grants", body, expect=413), "too_large")


def test_addresses_and_cursors_that_are_none(client: Client) -> None:
    for path in ("/parcels/not-a-uuid", "/nothing", "/parcels/%00", f"/parcels/{NOBODYS}/nothing"):
        refused(client.get(path, expect=404), "not_found")
    for cursor in ("x", "1", "..", "9" * 40 + "." + "0" * 32, "資料", "%00"):
        refused(client.get(f"/usage?after={cursor}", expect=400), "malformed")
        refused(client.get(f"/notices?after={cursor}", expect=400), "malformed")
    for method in ("PUT", "PATCH", "DELETE"):
        assert client.call(method, "/grants", {}, expect=405).json()["code"] == "malformed"


def test_no_refusal_says_anything_personal_and_none_is_a_fault_of_ours(client: Client) -> None:
    """Runs last: what the portal printed during all of this names nobody and no fault."""
    person = client.house.person("ordinary", 2)
    told = personal(person)
    log = client.house.log()
    assert "unforeseen" not in log
    assert "failed:" not in log, log[-3000:]
    assert [value for value in told if value in log] == []
    wrong = {**person, "birth_date": "1900-01-01"}
    fresh = Client(client.house)
    answers = [
        fresh.call("POST", "/verifications", {"method": "two_documents", "claim": claim}, expect=(201, 400, 422)).text
        for claim in (
            {name: wrong[name] for name in ("national_id", "birth_date", "health_card_no", "household_no")},
            {"national_id": person["national_id"]},
            {name: person[name] for name in ("national_id", "name", "email")},
        )
    ]
    assert [value for value in told for answer in answers if value in answer] == []
    assert requests.get(f"{client.house.base}/healthz", timeout=5).status_code == 200
