"""D5: a kill -9 anywhere, at any moment, is harmless: every journey ends well or honestly, and nothing is left over."""

import base64
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.journeys import Crowd
from tests.house import keeping
from tests.house.fixtures import HouseFactory
from tests.house.standing import StandingHouse, until

KILLS = 40
LONGEST_LIFE = 2.5
PARCEL_TTL = 120
LEFT_OVER_FOR = 60.0
QUIET = 20.0
"""Seconds without a kill at the end: who began in them gets their file, as if nothing had been."""
SEED = 20261123


def kill_at_random(house: StandingHouse, chance: random.Random) -> str:
    """Kill one process after a random while and start it again; return which."""
    victims: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "portal": (house.kill_portal, house.start_portal)
    }
    if house.stack:
        victims["worker"] = (house.kill_worker, house.start_worker)
        victims["beat"] = (house.kill_beat, house.start_beat)
    name = chance.choice([*victims, "portal"])
    kill, start = victims[name]
    time.sleep(chance.uniform(0, LONGEST_LIFE))
    kill()
    start()
    return name


@pytest.mark.parametrize("stack", [False, True], ids=["sqlite", "stack"])
def test_a_kill_anywhere_is_harmless(new_house: HouseFactory, *, stack: bool) -> None:
    house = new_house(stack=stack, MYDATA_PARCEL_TTL=str(PARCEL_TTL))
    chance = random.Random(SEED + stack)
    crowd = Crowd(house, chance)
    crowd.start()
    try:
        killed = Counter(kill_at_random(house, chance) for _ in range(KILLS))
        time.sleep(QUIET)
    finally:
        crowd.finish()
    assert crowd.faults == []
    assert killed["portal"] >= KILLS // 4, killed
    until(lambda: all_over(house), seconds=PARCEL_TTL + LEFT_OVER_FOR, what="the end of every parcel")
    wait_until_nothing_is_left(house)
    assert_each_ended_once(house, crowd)
    ways = Counter(ended.how for ended in crowd.ended)
    assert ways["taken"], f"nobody got anywhere: {ways}"


def wait_until_nothing_is_left(house: StandingHouse) -> None:
    deadline = time.monotonic() + LEFT_OVER_FOR
    while rest := left_over(house):
        assert time.monotonic() < deadline, rest
        time.sleep(1)


def all_over(house: StandingHouse) -> bool:
    return states(house, "personal_cloud_parcel") <= {"purged"}


def states(house: StandingHouse, table: str) -> set[str]:
    return {state for (state,) in keeping.rows(house, f"SELECT DISTINCT state FROM {table}")}  # noqa: S608 - our own names


def left_over(house: StandingHouse) -> dict[str, object]:
    """Name what should be gone once every parcel has ended."""
    spool = [entry.name for entry in os.scandir(house.data_dir / "spool")]
    keys = [str(path) for kind in ("share", "token", "probe") for path in (house.key_dir / kind).glob("*")]
    found: dict[str, object] = {
        "spool": spool,
        "keys": keys,
        "items": states(house, "personal_cloud_item") - {"erased"},
        "parcels": states(house, "personal_cloud_parcel") - {"purged"},
        "grants": states(house, "consent_grant") & {"given"},
        "notices": states(house, "notices_notice") - {"sent"},
        "tokens": keeping.rows(house, "SELECT item FROM dataproviders_fetchtoken"),
    }
    return {name: rest for name, rest in found.items() if rest}


def events(house: StandingHouse, *actions: str) -> list[tuple[str, dict[str, object]]]:
    """Return action and payload of the log's events of these actions."""
    marks = ",".join("?" * len(actions))
    found = keeping.rows(house, f"SELECT action, payload FROM audit_event WHERE action IN ({marks})", actions)  # noqa: S608 - marks only
    return [(action, json.loads(payload) if isinstance(payload, str) else payload) for action, payload in found]


def assert_each_ended_once(house: StandingHouse, crowd: Crowd) -> None:
    """One receipt, one purge and one ending of the grant a parcel; one notice an event and channel."""
    parcels = keeping.rows(house, "SELECT id, grant_id, deletion_receipt FROM personal_cloud_parcel")
    receipts = {plain(parcel): receipt for parcel, _, receipt in parcels}
    assert len({receipt_id(receipt) for receipt in receipts.values()}) == len(parcels)
    for ended in crowd.ended:
        assert ended.receipt in {"", receipts[plain(ended.parcel)]}, "two receipts for one parcel"
    purged = Counter(plain(payload["parcel"]) for _, payload in events(house, "parcel:purged"))
    assert purged == Counter(receipts.keys())
    endings = ("consent:spent", "consent:withdrawn", "consent:expired")
    ended_grants = Counter(plain(payload["grant"]) for _, payload in events(house, *endings))
    assert ended_grants == Counter(plain(grant) for _, grant, _ in parcels)
    notices = Counter(keeping.rows(house, "SELECT event_id, channel FROM notices_notice"))
    assert notices
    assert set(notices.values()) == {1}


def plain(uuid: object) -> str:
    """Write a UUID as every store does, without hyphens."""
    return str(uuid).replace("-", "")


def receipt_id(receipt: str) -> str:
    body = receipt.split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["jti"])
