"""The client that journeys are told with can do each act once, on both stacks."""

import io
import zipfile

import pytest

from tests.house.client import Client
from tests.house.standing import StandingHouse, until

DATASET = "household-individual"


def test_it_walks_from_signing_in_to_the_end_of_the_data(any_house: StandingHouse) -> None:
    person = any_house.person("ordinary", 1)
    client = Client(any_house).sign_in(person, level=1)
    assert client.session()["level"] == 1
    grant, parcel = client.request(DATASET)
    assert client.wait(parcel)["state"] == "sealed"
    assert client.preview(parcel, DATASET)["data"]["name"] == person["name"]
    assert client.receipt(grant).count(".") == 2
    claimed = client.claim(parcel)
    assert len(client.download(parcel, headers={"Range": "bytes=0-9"})) == 10
    content = client.download(parcel)
    assert len(content) == claimed["size"]
    assert any(name.startswith(DATASET) for name in zipfile.ZipFile(io.BytesIO(content)).namelist())
    assert client.acknowledge(parcel, content)["state"] == "purged"
    assert client.parcel(parcel)["state"] == "purged"
    assert {line["action"] for line in client.usage()} >= {"consent:given", "parcel:released", "parcel:purged"}
    until(lambda: any(notice["state"] == "sent" for notice in client.notices()), what="a notice")
    assert any_house.post(person["email"]) or any_house.post(person["mobile"])


@pytest.mark.parametrize("by", ["household_no", "id_issued_on"])
def test_it_signs_in_with_two_documents(house: StandingHouse, by: str) -> None:
    client = Client(house)
    assert client.verify_two_documents(house.person("ordinary", 2), by=by)["state"] == "verified"


def test_it_refuses_and_withdraws(house: StandingHouse) -> None:
    client = Client(house).sign_in(house.person("ordinary", 3), level=1)
    assert client.refuse(client.draft(DATASET))["state"] == "refused"
    grant, parcel = client.request(DATASET)
    client.wait(parcel)
    assert client.withdraw(grant)["state"] == "withdrawn"
    assert client.parcel(parcel)["state"] == "purged"


def test_an_agency_can_be_made_to_fail(house: StandingHouse) -> None:
    client = Client(house).sign_in(house.person("ordinary", 4), level=1)
    house.fault(f"dataset:{DATASET}", "down")
    _, parcel = client.request(DATASET)
    assert client.wait(parcel)["items"][0]["reason"] == "provider_down"
