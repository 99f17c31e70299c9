"""Every dataset that the sandbox provides by default is taken once, by somebody who has it: fetched, checked, printed, destroyed."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house.client import Client
from tests.house.standing import StandingHouse
from tests.journeys import taken
from tests.sandbox.shelf import EVERYBODY, asked_alike, holders

MOST_AT_ONCE = 5


def errands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield persons with a good card and up to five datasets that they have, until every dataset had its turn."""
    able = [person.id for person in EVERYBODY if any(card.status == "good" for card in person.cards[:1])]
    behaved = [person.id for person in EVERYBODY if not any(tag.startswith("agency_") for tag in person.tags)]
    whose = defaultdict(list)
    for dataset in asked_alike():
        having = holders(dataset)
        whose[next(name for name in able if name in behaved and name in having)].append(dataset)
    for person, wanted in whose.items():
        for start in range(0, len(wanted), MOST_AT_ONCE):
            yield person, tuple(wanted[start : start + MOST_AT_ONCE])


def test_every_dataset_lands_and_is_taken_home_as_json_table_and_paper(house: StandingHouse, tmp_path: Path) -> None:
    people = {person["id"]: person for person in house.people()}
    for place, (name, wanted) in enumerate(errands()):
        client = Client(house).sign_in(people[name], level=1)
        _, parcel = client.request(*wanted)
        items = client.wait(parcel)["items"]
        assert {item["dataset"]: item["state"] for item in items} == dict.fromkeys(wanted, "landed")
        content, _ = client.take(parcel)
        taken.check_file(house, taken.unpack(content, tmp_path / str(place)), datasets=wanted)
