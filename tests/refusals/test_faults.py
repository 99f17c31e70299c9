"""Every way in which an agency goes wrong ends in the reason that the contract gives, and harms nobody else.

On SQLite only: the path from the socket to the item's row is the same code on both stacks.
"""

import requests

from tests.house.client import Client, Json
from tests.house.standing import StandingHouse, until

ZIP, JSON, HEALTHY = "household-individual", "labor-pension-contribution", "vehicle-registration"
# The longest waits first, so that the others run meanwhile; who comes back must not meet the next fault.
ENDS: dict[str, tuple[str, str | None]] = {
    "silent": ("failed", "provider_down"),
    "slow": ("landed", None),
    "down": ("failed", "provider_down"),
    "error": ("failed", "provider_down"),
    "truncated": ("failed", "provider_down"),
    "garbage": ("failed", "bad_answer"),
    "unsigned": ("failed", "bad_answer"),
    "bad_signature": ("failed", "bad_answer"),
    "bad_digest": ("failed", "bad_answer"),
    "wrong_person": ("failed", "wrong_person"),
    "no_record": ("none_held", "no_record"),
    "come_back": ("landed", None),
}
BY_TAG = {
    "agency_down": ("failed", "failed", "provider_down"),
    "agency_garbage": ("failed", "failed", "bad_answer"),
    "agency_wrong_person": ("failed", "failed", "wrong_person"),
    "no_records": ("sealed", "none_held", "no_record"),
    "agency_slow": ("sealed", "landed", None),
}


def nothing_ordered(house: StandingHouse) -> bool:
    items: list[Json] = requests.get(f"{house.sandbox}/faults", timeout=10).json()["items"]
    return items == []


def outcomes(parcel: Json) -> dict[str, tuple[str, str | None]]:
    return {item["dataset"]: (item["state"], item.get("reason")) for item in parcel["items"]}


def asked_for(client: Client, house: StandingHouse, kind: str) -> str:
    """Order the fault for one answer of each wire, ask for a parcel, and return it once both have gone wrong."""
    for dataset in (ZIP, JSON):
        house.fault(f"dataset:{dataset}", kind)
    _, parcel = client.request(ZIP, JSON, HEALTHY)
    until(lambda: nothing_ordered(house), what=f"the agencies being asked ({kind})")
    return parcel


def test_every_fault_on_both_wires_ends_in_its_own_reason_and_spares_the_others(house: StandingHouse) -> None:
    client = Client(house).sign_in(house.person("ordinary", 1), level=1)
    parcels = {kind: asked_for(client, house, kind) for kind in ENDS}
    for kind, end in ENDS.items():
        ended = client.wait(parcels[kind], seconds=40)
        assert ended["state"] == "sealed", kind
        assert outcomes(ended) == {ZIP: end, JSON: end, HEALTHY: ("landed", None)}, kind
        for dataset in (ZIP, JSON, HEALTHY):
            landed = outcomes(ended)[dataset][0] == "landed"
            answer = client.preview(parcels[kind], dataset, expect=200 if landed else 404)
            assert answer["data"] if landed else answer["code"] == "not_found", kind
    content, gone = client.take(parcels["bad_digest"])
    assert content.startswith(b"PK")
    assert gone["state"] == "purged"
    after = client.parcel(parcels["bad_digest"])
    assert {item["dataset"]: (item["state"], item["outcome"], item.get("reason")) for item in after["items"]} == {
        ZIP: ("erased", "failed", "bad_answer"),
        JSON: ("erased", "failed", "bad_answer"),
        HEALTHY: ("erased", "landed", None),
    }
    for kind in ENDS.keys() - {"bad_digest"}:
        client.withdraw({"id": client.parcel(parcels[kind])["grant"]})


def test_people_whose_agencies_always_go_wrong(house: StandingHouse) -> None:
    for tag, (state, item, reason) in BY_TAG.items():
        client = Client(house).sign_in(house.person(tag), level=4)
        _, parcel = client.request(HEALTHY)
        ended = client.wait(parcel)
        assert ended["state"] == state, tag
        assert outcomes(ended) == {HEALTHY: (item, reason)}, tag
        if state == "failed":
            assert client.claim(parcel, expect=409)["code"] == "illegal_state", tag
