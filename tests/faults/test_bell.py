"""D5: the bell rings. The beat would find everything too, seconds later, so nothing but a clock tells that it is mute."""

import time

from tests.house.client import Client
from tests.house.standing import StandingHouse

SECONDS = 6.0
"""For consent, collection and withdrawal together, on a busy machine; a queue that is not there costs 6 for every ring."""


def test_nobody_waits_for_the_beat(any_house: StandingHouse) -> None:
    client = Client(any_house).sign_in(any_house.person("ordinary", 4), level=1)
    client.withdraw(client.request("vehicle-registration")[0])  # what is opened and pooled once is not counted
    before = any_house.log().count("the queue does not answer")
    started = time.monotonic()
    grant, parcel = client.request("vehicle-registration")
    client.wait(parcel)
    client.withdraw(grant)
    assert time.monotonic() - started < SECONDS
    assert any_house.log().count("the queue does not answer") == before
