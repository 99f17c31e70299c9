"""Journeys of many people at once, each with a client that does not give up, and what came of each."""

import random
import threading
import time
import traceback
from dataclasses import dataclass, field

from tests.faults.persevering import Persevering
from tests.house.client import Json, Refused
from tests.house.standing import StandingHouse

DATASETS = ("household-individual", "personal-income", "labor-pension-contribution", "vehicle-registration")
COLLECTED = 180.0
"""Seconds within which a parcel is closed, if only by its end, although its worker dies again and again."""


@dataclass
class Ended:
    """How one journey ended: `taken`, `withdrawn`, `left`, `failed`, `expired`."""

    parcel: str
    how: str
    receipt: str


@dataclass
class Crowd:
    """People who walk journeys until told to stop. `faults` are journeys that ended as none may."""

    house: StandingHouse
    chance: random.Random
    ended: list[Ended] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Choose who walks; nobody does yet."""
        self._over = threading.Event()
        people = [person for person in self.house.people() if "ordinary" in person["tags"]]
        self._walkers = [
            threading.Thread(target=self._walk, args=(person, random.Random(self.chance.random())))
            for person in people[:5]
        ]

    def start(self) -> None:
        """Let everybody walk."""
        for walker in self._walkers:
            walker.start()

    def finish(self) -> None:
        """Let everybody end the journey they are on."""
        self._over.set()
        for walker in self._walkers:
            walker.join()

    def _walk(self, person: Json, chance: random.Random) -> None:
        while not self._over.is_set():
            client = Persevering(self.house)
            try:
                self.ended.append(journey(client, person, chance))
            except Exception:  # noqa: BLE001 - whatever it was, it is what the test is about
                self.faults.append(traceback.format_exc())
                time.sleep(1)
            self.faults += getattr(client, "broken", [])


def journey(client: Persevering, person: Json, chance: random.Random) -> Ended:
    """Sign in, agree, wait, and end it in one of the ways that there are."""
    client.enter(person)
    grant, parcel = client.agree(*chance.sample(DATASETS, chance.randint(1, 3)))
    if chance.random() < 0.1:
        return withdrawn(client, grant, parcel)
    if client.wait(parcel, seconds=COLLECTED)["state"] == "failed":
        return failed(client, parcel)
    ending = chance.choices([taken, withdrawn, left], weights=[7, 2, 1])[0]
    try:
        return ending(client, grant, parcel)
    except Refused as refused:
        if refused.answer.json()["code"] != "gone":
            raise
        return expired(client, parcel)


def taken(client: Persevering, _: Json, parcel: str) -> Ended:
    """Take the file; only a whole one counts."""
    done = client.acknowledge(parcel, client.fetch(parcel))
    assert done["state"] == "purged", done
    return Ended(parcel, "taken", done["deletion_receipt"])


def withdrawn(client: Persevering, grant: Json, parcel: str) -> Ended:
    """Withdraw; where the first answer was lost, the second says that there is nothing left to withdraw."""
    try:
        client.withdraw(grant)
    except Refused as refused:
        if refused.answer.json()["code"] != "illegal_state":
            raise
    found = client.wait(parcel, "purged", seconds=30)
    assert found["because"] in {"withdrawn", "expired"}, found
    return Ended(parcel, found["because"], found["deletion_receipt"])


def left(client: Persevering, _: Json, parcel: str) -> Ended:
    """Look at it and come back no more; it ends by itself."""
    for item in client.parcel(parcel)["items"]:
        if item["state"] == "landed":
            client.preview(parcel, item["dataset"])
    return Ended(parcel, "left", "")


def expired(client: Persevering, parcel: str) -> Ended:
    """See that what is gone says why: its time was over before the portal had lived long enough."""
    found = client.wait(parcel, "purged")
    assert found["because"] == "expired", found
    return Ended(parcel, "expired", found["deletion_receipt"])


def failed(client: Persevering, parcel: str) -> Ended:
    """See that a failure names its reasons."""
    found = client.parcel(parcel)
    assert found["state"] == "failed", found
    assert all(item["reason"] for item in found["items"]), found
    return Ended(parcel, "failed", "")
