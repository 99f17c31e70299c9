"""資料有誤 from the preview to the agency's desk and back, through the real processes of both stacks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from tests.house.client import Client, Json
from tests.house.fixtures import HouseFactory
from tests.house.standing import StandingHouse, until
from tests.secrecy.watching import Bugged, Watch

DATASET, PROVIDER = "vehicle-registration", "motc"
PATH = "/vehicles/0/colour"
WRONG = "鸞鵬色才對Kanari7d1f2a9c"
BY_HAND = f"請人工處理{WRONG}"
SAID = "核對原始檔案無誤鯤鶴Kanari55e0b1"


def sealed(house: StandingHouse, number: int) -> tuple[Client, str]:
    client = Client(house).sign_in(house.person("ordinary", number), level=1)
    _, parcel = client.request(DATASET)
    client.wait(parcel, "sealed")
    return client, parcel


def make(client: Client, parcel: str, **body: Any) -> Json:  # noqa: ANN401 - the members of the body
    return client.post(f"/parcels/{parcel}/items/{DATASET}/remarks", {"path": PATH, "remark": WRONG} | body, expect=201)


def standing(client: Client, made: Json) -> Json:
    return next(remark for remark in client.items("/remarks") if remark["id"] == made["id"])


def heard(house: StandingHouse, made: Json) -> list[Json]:
    items = requests.get(f"{house.sandbox}/agencies/desk", timeout=10).json()["items"]
    return [remark for remark in items if remark["jti"] == made["id"]]


def answer(house: StandingHouse, made: Json, **said: str) -> requests.Response:
    return requests.post(f"{house.sandbox}/agencies/desk/{made['id']}/answer", json=said, timeout=10)


@contextmanager
def desk_down(house: StandingHouse) -> Iterator[None]:
    house.fault(f"provider:{PROVIDER}", "down", 1000)
    try:
        yield
    finally:
        house.fault(f"provider:{PROVIDER}", "down", 0)


def test_a_desk_that_was_down_hears_it_later_and_its_answer_reaches_the_citizen(any_house: StandingHouse) -> None:
    client, parcel = sealed(any_house, 0)
    provenance = client.preview(parcel, DATASET)["provenance"]
    with desk_down(any_house):
        made = make(client, parcel, proposed="銀色")
        assert made["state"] == "queued"
        time.sleep(2)
        assert standing(client, made)["state"] == "queued"
    until(lambda: standing(client, made)["state"] == "answered", seconds=60, what="an answer")

    (remark,) = heard(any_house, made)
    assert (remark["path"], remark["remark"], remark["proposed"]) == (PATH, WRONG, "銀色")
    assert (remark["tx_id"], remark["matched"], remark["told"]) == (provenance["tx_id"], True, True)
    assert client.session()["subject"] not in str(remark)
    stands = standing(client, made)
    assert (stands["outcome"], stands["sentence"]) == ("corrected", "已依原始文件更正。")
    assert (stands["available_from"], stands["title"]["zh"]) == (
        remark["answer"]["available_from"],
        "車輛第 1 筆 › 顏色",
    )
    told = [(line["action"], line["actor"]) for line in client.usage() if line["payload"].get("remark") == made["id"]]
    assert told == [("remark:answered", f"provider:{PROVIDER}"), ("remark:sent", "portal"), ("remark:made", "citizen")]
    until(
        lambda: {"remark_answered"} <= {notice["template"] for notice in client.notices()},
        what="a notice of the answer",
    )


def test_nothing_of_what_was_written_lies_open_while_it_waits_and_nothing_is_left_afterwards(
    new_house: HouseFactory,
) -> None:
    house = new_house(stack=True)
    with Bugged(house) as bugged:
        watch = Watch(house, bugged, {"remark": WRONG, "proposed": "麒麟龜鼇二三四", "sentence": SAID})
        client, parcel = sealed(house, 1)
        with desk_down(house):
            made = make(client, parcel, remark=BY_HAND, proposed="麒麟龜鼇二三四")
            key = (house.key_dir / "remark" / made["id"]).read_bytes()
            watch.know(key=key)
            assert watch.look() == [], "queued"
        until(lambda: standing(client, made)["state"] == "sent", seconds=60, what="handed over")
        assert not (house.key_dir / "remark" / made["id"]).exists()
        assert heard(house, made)[0]["remark"] == BY_HAND
        client.withdraw({"id": client.parcel(parcel)["grant"]})
        assert answer(house, made, outcome="upheld", sentence=SAID).status_code == 200
        assert standing(client, made)["sentence"] == SAID, "the parcel's end is not the remark's"
        assert watch.look() == [], "answered"


def test_a_portal_that_dies_in_the_middle_hands_it_over_once(new_house: HouseFactory) -> None:
    house = new_house()
    client, parcel = sealed(house, 2)
    with desk_down(house):
        made = make(client, parcel, remark=BY_HAND)
    house.kill_portal()
    house.start_portal()
    until(lambda: standing(client, made)["state"] == "sent", seconds=90, what="handed over")
    assert len(heard(house, made)) == 1


@pytest.mark.parametrize(
    ("said", "status"),
    [({"outcome": "upheld"}, 502), ({"outcome": "corrected", "available_from": "soon"}, 502)],
)
def test_an_answer_that_is_none_changes_nothing(house: StandingHouse, said: Json, status: int) -> None:
    client, parcel = sealed(house, 3)
    made = make(client, parcel, remark=BY_HAND)
    until(lambda: bool(heard(house, made)), what="heard")
    assert answer(house, made, **said).status_code == status
    until(lambda: standing(client, made)["state"] == "sent", what="sent")
    assert answer(house, made, outcome="forwarded", sentence="已轉請。").status_code == 200
