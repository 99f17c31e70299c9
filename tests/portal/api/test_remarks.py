"""資料有誤 through the API of a house that stands: what is taken, what is refused and why, and what is told afterwards."""

import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.house.client import Client, Json
from tests.house.standing import StandingHouse, until
from tests.portal.api.contract import fits

DATASET = "personal-income"
BODY = {"path": "/records/0/paid", "remark": "請人工處理：金額重複計算了。"}


@pytest.fixture
def person(house: StandingHouse) -> Client:
    """Somebody ordinary with a card."""
    return Client(house).sign_in(house.person("ordinary", 4), level=1)


@pytest.fixture
def sealed(person: Client) -> str:
    """A parcel of theirs that is ready."""
    _, parcel = person.request(DATASET)
    assert person.wait(parcel)["state"] == "sealed"
    return parcel


def address(parcel: str, dataset: str = DATASET) -> str:
    return f"/parcels/{parcel}/items/{dataset}/remarks"


def refused(client: Client, parcel: str, status: int, **changes: object) -> Json:
    return client.post(address(parcel), BODY | changes, expect=status)


def test_a_remark_is_taken_once_and_told_in_the_documented_form(person: Client, sealed: str) -> None:
    made = person.post(address(sealed), BODY, key="the-key", expect=201)
    fits("makeRemark", 201, made)
    assert person.post(address(sealed), BODY, key="the-key", expect=201)["id"] == made["id"]
    assert (
        person.post(address(sealed), BODY | {"path": ""}, key="the-key", expect=422)["code"] == "idempotency_mismatch"
    )
    again = refused(person, sealed, 409)
    assert (again["code"], again["remark"]) == ("already_remarked", made["id"])

    until(lambda: person.items("/remarks")[0]["state"] == "sent", what="handed over")
    listed = person.get("/remarks")
    fits("listRemarks", 200, listed)
    stands = listed["items"][0]
    assert (stands["id"], stands["path"], stands["dataset"]) == (made["id"], BODY["path"], DATASET)
    assert stands["title"] == {"zh": "所得明細第 1 筆 › 給付總額", "en": "Records, no. 1 › Amount paid"}
    assert "重複計算" not in str(listed)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"path": "/nobody"}, 422, "unknown_field"),
        ({"path": "/records/9999"}, 422, "unknown_field"),
        ({"path": "records"}, 422, "unknown_field"),
        ({"path": "/" + "x" * 400}, 400, "malformed"),
        ({"path": None}, 400, "malformed"),
        ({"remark": ""}, 400, "malformed"),
        ({"remark": " \n "}, 400, "malformed"),
        ({"remark": "字" * 501}, 400, "malformed"),
        ({"remark": "字" * 5001}, 400, "malformed"),
        ({"remark": 7}, 400, "malformed"),
        ({"proposed": "字" * 201}, 400, "malformed"),
        ({"contact": "x"}, 400, "malformed"),
    ],
)
def test_what_is_refused_is_refused_by_its_code_and_nothing_is_kept(
    person: Client, sealed: str, changes: Json, status: int, code: str
) -> None:
    before = person.get("/remarks")
    answer = refused(person, sealed, status, **changes)
    assert answer["code"] == code
    assert "字字" not in str(answer)
    assert person.get("/remarks") == before


def test_only_the_holder_of_a_parcel_that_is_there_can_say_so(
    house: StandingHouse, person: Client, sealed: str
) -> None:
    stranger = Client(house).sign_in(house.person("ordinary", 5), level=1)
    elsewhere = Client(house).sign_in(house.person("ordinary", 4), level=1)
    assert refused(stranger, sealed, 404)["code"] == "not_found"
    assert refused(elsewhere, sealed, 409)["code"] == "other_browser"
    assert refused(person, str(uuid.uuid4()), 404)["code"] == "not_found"
    assert person.post(address(sealed, "vehicle-registration"), BODY, expect=404)["code"] == "not_found"
    person.withdraw({"id": person.parcel(sealed)["grant"]})
    assert refused(person, sealed, 410)["code"] == "gone"
    assert stranger.get("/remarks") == {"items": []}


def test_the_twenty_first_of_a_day_is_refused(house: StandingHouse) -> None:
    client = Client(house).sign_in(house.person("ordinary", 5), level=1)
    _, parcel = client.request("household-individual", DATASET)
    sealed = client.wait(parcel)
    assert {item["state"] for item in sealed["items"]} == {"landed"}
    fields = client.preview(parcel, "household-individual")["schema"]["properties"]
    paths = [("household-individual", f"/{name}") for name in ("", *fields) if name]
    paths += [(DATASET, f"/{name}") for name in client.preview(parcel, DATASET)["schema"]["properties"]]
    for dataset, path in paths[:20]:
        client.post(address(parcel, dataset), BODY | {"path": path}, expect=201)
    last = client.call("POST", address(parcel), BODY | {"path": ""}, expect=429)
    assert last.json()["code"] == "limit_reached"
    assert 0 < int(last.headers["Retry-After"]) <= 24 * 3600


def test_sent_many_times_at_once_it_is_made_once_and_different_ones_are_all_made(any_house: StandingHouse) -> None:
    client = Client(any_house).sign_in(any_house.person("ordinary", 3), level=1)
    _, parcel = client.request(DATASET)
    client.wait(parcel)
    places = ["/records/0"] * 8 + [f"/{name}" for name in ("year", "name", "address", "total_paid", "remark")]
    with ThreadPoolExecutor(max_workers=len(places)) as threads:
        sent = [
            threads.submit(client.call, "POST", address(parcel), BODY | {"path": path}, expect=(201, 409, 503))
            for path in places
        ]
        answers = Counter(call.result().status_code for call in sent)
    assert answers[201] <= 6
    made = [remark["path"] for remark in client.items("/remarks") if remark["path"] in places]
    assert max(Counter(made).values()) == 1
    assert (answers[201], answers[503]) == (len(made), answers.total() - len(made) - answers[409])
    assert "/records/0" in made
