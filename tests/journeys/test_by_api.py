"""服務模式 1 by a program, on both stacks: choose, agree, collect, look, take, destroyed; every paper checked."""

import hashlib
import time
from pathlib import Path

import pytest

from tests.house.client import Client
from tests.house.standing import StandingHouse
from tests.journeys import taken
from tests.journeys.told import TOLD_OF, Letters, Trail

FOUR = ("household-individual", "personal-income", "labor-pension-contribution", "vehicle-registration")
YEAR = 112
"""One of the last five filed years, and not the latest, which would be there without having been chosen."""


def test_the_whole_journey_by_a_program(any_house: StandingHouse, tmp_path: Path) -> None:
    person = any_house.person("ordinary", 0)
    client = Client(any_house).sign_in(person)
    trail, letters = Trail(lambda: client), Letters(any_house, person)
    grant = client.draft(*FOUR, parameters={"personal-income": {"year": YEAR}})
    refused = client.give(grant, expect=403)
    assert (refused["code"], refused["required_level"], grant["required_level"]) == ("step_up", 2, 2)
    client.sign_in(person, level=1)

    parcel = str(client.give(grant)["parcel"])
    sealed = client.wait(parcel, "sealed")
    assert {item["dataset"]: item["state"] for item in sealed["items"]} == dict.fromkeys(FOUR, "landed")
    seen = {dataset: client.preview(parcel, dataset)["data"] for dataset in FOUR}
    assert seen["personal-income"]["year"] == YEAR

    content, purged = client.take(parcel)
    consent = taken.check_file(any_house, taken.unpack(content, tmp_path), datasets=FOUR)
    assert (consent["wording"], consent["wording_hash"]) == (grant["wording"], grant["wording_hash"])
    assert consent["parameters"]["personal-income"] == {"year": YEAR}
    taken.check_deletion(any_house, purged["deletion_receipt"], because="received", datasets=FOUR)
    assert client.call("GET", f"/parcels/{parcel}/file", expect=410).json()["code"] == "gone"
    assert client.preview(parcel, FOUR[0], expect=410)["code"] == "gone"
    assert client.acknowledge(parcel, content) == purged, "asked again, it answers the same"
    letters.check(*TOLD_OF)
    trail.wait_for(
        datasets=FOUR,
        identity_verified=1,
        consent_given=1,
        data_requested=1,
        data_landed=4,
        parcel_sealed=1,
        parcel_viewed=4,
        parcel_released=1,
        parcel_purged=1,
        consent_spent=1,
        notice_sent=2 * len(TOLD_OF),
    )


@pytest.mark.parametrize("passphrase", ["correct horse battery staple", "只有我知道的一句話"])
def test_a_file_under_a_passphrase_opens_with_it_alone(
    any_house: StandingHouse, tmp_path: Path, passphrase: str
) -> None:
    client = Client(any_house).sign_in(any_house.person("ordinary", 1), level=1)
    _, parcel = client.request("vehicle-registration")
    client.wait(parcel, "sealed")
    content, _ = client.take(parcel, passphrase=passphrase)
    with pytest.raises(RuntimeError, match=r"[Pp]assword"):
        taken.unpack(content, tmp_path / "without")
    with pytest.raises(RuntimeError, match=r"[Pp]assword"):
        taken.unpack(content, tmp_path / "wrong", passphrase="another sentence")
    folder = taken.unpack(content, tmp_path / "right", passphrase=passphrase)
    taken.check_file(any_house, folder, datasets=("vehicle-registration",))


def test_a_broken_line_loses_nothing(any_house: StandingHouse, tmp_path: Path) -> None:
    client = Client(any_house).sign_in(any_house.person("ordinary", 2), level=1)
    _, parcel = client.request("vehicle-registration", "household-individual")
    client.wait(parcel, "sealed")
    claimed = client.claim(parcel)
    size, half = claimed["size"], claimed["size"] // 2
    first = client.download(parcel, headers={"Range": f"bytes=0-{half - 1}"}, expect=206)
    rest = client.call(
        "GET", f"/parcels/{parcel}/file", headers={"Range": f"bytes={half}-", "If-Range": claimed["etag"]}, expect=206
    )
    assert rest.headers["Content-Range"] == f"bytes {half}-{size - 1}/{size}"
    assert client.download(parcel, headers={"Range": "bytes=-10"}, expect=206) == rest.content[-10:]
    refused = client.call("GET", f"/parcels/{parcel}/file", headers={"Range": f"bytes={size}-"}, expect=416)
    assert refused.headers["Content-Range"] == f"bytes */{size}"

    content = first + rest.content
    assert hashlib.sha256(content).hexdigest() == claimed["sha256"]
    assert client.download(parcel) == content, "the same bytes every time"
    assert client.post(f"/parcels/{parcel}/received", {"sha256": "0" * 64}, expect=409)["code"] == "digest_mismatch"
    assert client.parcel(parcel)["state"] == "released"
    assert client.acknowledge(parcel, content)["state"] == "purged"
    taken.check_file(
        any_house, taken.unpack(content, tmp_path), datasets=("vehicle-registration", "household-individual")
    )


def test_the_answer_of_every_agency_stands_in_the_file_also_where_there_was_none(
    any_house: StandingHouse, tmp_path: Path
) -> None:
    person = any_house.person("no_records")
    client = Client(any_house).sign_in(person, level=1)
    _, parcel = client.request(*FOUR)
    sealed = client.wait(parcel, "sealed")
    assert {item["state"] for item in sealed["items"]} == {"none_held"}
    content, _ = client.take(parcel)
    folder = taken.unpack(content, tmp_path)
    taken.check_file(any_house, folder, datasets=())
    assert {item["state"] for item in taken.compare_digests(folder)["items"]} == {"none_held"}
    assert (folder / "README.txt").read_text().count("機關沒有您的紀錄") == len(FOUR)


@pytest.mark.parametrize(
    ("tag", "reason"),
    [("agency_down", "provider_down"), ("agency_garbage", "bad_answer"), ("agency_wrong_person", "wrong_person")],
)
def test_a_journey_that_brings_nothing_says_why_and_keeps_nothing(
    any_house: StandingHouse, tag: str, reason: str
) -> None:
    person = any_house.person(tag)
    client = Client(any_house).sign_in(person, level=1)
    trail, letters = Trail(lambda: client), Letters(any_house, person)
    started = time.monotonic()
    _, parcel = client.request("vehicle-registration", "personal-income")
    failed = client.wait(parcel, "failed", "purged")
    assert time.monotonic() - started < 30
    assert {item["reason"] for item in failed["items"]} == {reason}
    assert client.claim(parcel, expect=(409, 410))["code"] in {"illegal_state", "gone"}
    letters.check("consent_given", "parcel_failed")
    trail.wait_for(
        datasets=(),
        consent_given=1,
        data_requested=1,
        data_failed=2,
        parcel_failed=1,
        notice_sent=4,
    )
