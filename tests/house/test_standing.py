"""The house that tests stand in serves on both stacks, and survives what tests do to it."""

import pytest
import requests

from tests.house.client import Client, Refused
from tests.house.fixtures import HouseFactory
from tests.house.standing import StandingHouse


def test_it_serves(any_house: StandingHouse) -> None:
    answer = requests.get(f"{any_house.base}/readyz", timeout=10)
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert any_house.person("ordinary")["national_id"]
    assert Client(any_house).get("/datasets")["items"]


def test_what_it_writes_lies_where_it_was_told(any_house: StandingHouse) -> None:
    assert any_house.data_dir.stat().st_mode & 0o777 == 0o700
    assert (any_house.secrets_dir / "trust" / "citizen_ca_root.pem").stat().st_mode & 0o777 == 0o600
    assert (any_house.data_dir / "portal.sqlite3").exists() is not any_house.stack
    assert not list(any_house.secrets_dir.glob("tmp*")), "what was seeded is still lying there"


def test_a_person_can_sign_in(any_house: StandingHouse) -> None:
    client = Client(any_house).sign_in(any_house.person("ordinary"))
    assert client.session()["level"] == 4
    client.sign_out()
    assert "subject" not in client.session()


def test_a_refusal_is_raised_with_its_answer(any_house: StandingHouse) -> None:
    with pytest.raises(Refused, match="not_signed_in"):
        Client(any_house).get("/parcels")
    assert Client(any_house).get("/parcels", expect=401)["code"] == "not_signed_in"


@pytest.mark.parametrize("stack", [False, True])
def test_it_comes_back_after_kill_9(new_house: HouseFactory, *, stack: bool) -> None:
    standing = new_house(stack=stack, MYDATA_PARCEL_TTL="600")
    assert set(standing.pids()) == (
        {"sandbox", "portal"} | ({"postgres", "redis", "worker", "beat"} if stack else set())
    )
    standing.kill_portal()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{standing.base}/healthz", timeout=5)
    standing.start_portal()
    standing.kill_worker()
    standing.start_worker()
    standing.restart(MYDATA_PARCEL_TTL="60")
    assert standing.environ["MYDATA_PARCEL_TTL"] == "60"
    assert Client(standing).sign_in(standing.person("ordinary")).session()["level"] == 4
    assert standing.manage("check").returncode == 0
