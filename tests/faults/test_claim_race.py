"""D3: of a thousand who claim one file in the same moment one gets it, on both stacks."""

import http.client
import json
import threading
import uuid
from collections import Counter
from contextlib import ExitStack

import pytest

from tests.house.client import Client
from tests.house.standing import StandingHouse

CONNECTIONS = 50
CLAIMS_EACH = 20
ROUNDS = 10


class Runner(threading.Thread):
    """One open line, over which one claim after the other goes out; half of them bring a key of their own."""

    def __init__(self, client: Client, parcel: str, csrf: str, start: threading.Barrier) -> None:
        super().__init__()
        self._path = f"/api/v1/parcels/{parcel}/claim"
        self._line = http.client.HTTPConnection(client.house.base.removeprefix("http://"), timeout=60)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.http.cookies)
        self._headers = {"Cookie": cookies, "X-CSRFToken": csrf, "Content-Type": "application/json"}
        self._start = start
        self.came: Counter[tuple[int, str]] = Counter()

    def run(self) -> None:
        self._line.connect()
        self._start.wait()
        for number in range(CLAIMS_EACH):
            key = {"Idempotency-Key": str(uuid.uuid4())} if number % 2 else {}
            self._line.request("POST", self._path, b"{}", self._headers | key)
            answer = self._line.getresponse()
            said = json.loads(answer.read())
            self.came[answer.status, said.get("code", "")] += 1
        self._line.close()


@pytest.fixture
def client(any_house: StandingHouse) -> Client:
    return Client(any_house).sign_in(any_house.person("ordinary", 3), level=1)


def claims(client: Client, parcel: str) -> Counter[tuple[int, str]]:
    start = threading.Barrier(CONNECTIONS)
    csrf = client.csrf()
    runners = [Runner(client, parcel, csrf, start) for _ in range(CONNECTIONS)]
    with ExitStack() as ending:
        for runner in runners:
            runner.start()
            ending.callback(runner.join)
    return sum((runner.came for runner in runners), Counter())


def test_one_of_a_thousand_wins(client: Client) -> None:
    everybody = CONNECTIONS * CLAIMS_EACH
    for _ in range(ROUNDS):
        grant, parcel = client.request("vehicle-registration")
        client.wait(parcel)
        assert claims(client, parcel) == {(201, ""): 1, (409, "already_claimed"): everybody - 1}
        assert client.withdraw(grant, expect=409)["code"] == "illegal_state", "what was released is not withdrawn"
        taken = {"sha256": client.parcel(parcel)["file"]["sha256"]}
        assert client.post(f"/parcels/{parcel}/received", taken)["state"] == "purged"
