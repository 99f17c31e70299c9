"""Who stands before the portal in these tests."""

from collections.abc import Iterator

import pytest

from tests.house.client import Client
from tests.house.standing import StandingHouse
from tests.refusals.agency import Agency, right_json, right_zip, seed_file

PAPER, LETTER, STRICT, PLANNED = "tests-paper", "tests-letter", "tests-strict", "tests-planned"
PARAMETERS = {
    "type": "object",
    "properties": {"year": {"type": "integer", "minimum": 100}, "kind": {"enum": ["a", "b"], "default": "a"}},
    "required": ["year", "kind"],
    "additionalProperties": False,
}


@pytest.fixture(scope="session")
def agency(house: StandingHouse) -> Iterator[Agency]:
    """An agency of the tests' own, registered while the portal runs: a zip, a letter, one for level 1, one not yet open."""
    with Agency(house.base) as running:
        running.shelf = {PAPER: right_zip, LETTER: right_json, STRICT: right_zip}
        done = house.seed(
            seed_file(
                running.entry(PAPER),
                running.entry(LETTER, "signed_json", parameters=PARAMETERS),
                running.entry(STRICT, minimum_level=1),
                running.entry(PLANNED, endpoints={"testing": {"url": f"http://127.0.0.1:{running.server_port}/"}}),
            )
        )
        assert done.returncode == 0, done.stderr
        yield running


@pytest.fixture
def client(house: StandingHouse, agency: Agency) -> Client:  # noqa: ARG001 - its datasets are asked for
    """A citizen signed in by two documents."""
    return Client(house).sign_in(house.person("ordinary", 2))


@pytest.fixture
def sealed(client: Client) -> tuple[dict[str, object], str]:
    """A grant of that citizen and its parcel, sealed."""
    grant, parcel = client.request(PAPER)
    assert client.wait(parcel)["state"] == "sealed"
    return grant, parcel
