"""服務模式 1 through the API of a house that stands: real agencies, a real file, over real lines."""

import hashlib
import io
import socket
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
import requests

from tests.house.client import Client, Json
from tests.house.standing import StandingHouse
from tests.portal.api.contract import fits

DATASET = "vehicle-registration"


@pytest.fixture
def person(house: StandingHouse) -> Client:
    """Somebody ordinary, signed in by two documents."""
    return Client(house).sign_in(house.person("ordinary"))


@pytest.fixture
def sealed(person: Client) -> str:
    """A parcel of theirs that is ready."""
    _, parcel = person.request(DATASET)
    assert person.wait(parcel)["state"] == "sealed"
    return parcel


@pytest.fixture
def claimed(person: Client, sealed: str) -> Json:
    """The claim of that parcel's file, with the parcel's id as `parcel`."""
    return person.claim(sealed) | {"parcel": sealed}


def test_two_documents_are_decided_at_once_and_the_same_key_gets_the_same_answer(house: StandingHouse) -> None:
    client, someone = Client(house), house.person("ordinary")
    first = client.verify_two_documents(someone, key="the-key")
    again = client.verify_two_documents(someone, key="the-key")

    fits("startVerification", 201, first)
    assert (first["state"], first["level"], first["next"]) == ("verified", 4, None)
    assert again == first
    assert client.session()["level"] == 4


def test_documents_that_do_not_hold_are_no_error(house: StandingHouse) -> None:
    someone = house.person("ordinary") | {"health_card_no": "000000000000"}
    answer = Client(house).verify_two_documents(someone)

    fits("startVerification", 201, answer)
    assert (answer["state"], answer["reason"]) == ("failed", "not_accepted")


def test_a_card_signs_the_challenge_once(house: StandingHouse) -> None:
    client, someone = Client(house), house.person("ordinary")
    card = next(card for card in someone["cards"] if card["kind"] == "citizen_certificate")
    claim = {"method": "citizen_certificate", "claim": {"national_id": someone["national_id"]}}
    started = client.post("/verifications", claim)
    cms = client.sign(card, started["challenge"]["data"])
    answer = client.post(f"/verifications/{started['id']}/answer", {"cms": cms})

    fits("answerVerification", 200, answer)
    assert (answer["state"], answer["level"]) == ("verified", 1)
    second = client.post(f"/verifications/{started['id']}/answer", {"cms": cms}, expect=409)
    assert second["code"] == "already_answered"


def test_the_values_come_with_their_schema_and_where_they_came_from(person: Client, sealed: str) -> None:
    answer = person.preview(sealed, DATASET)

    fits("previewItem", 200, answer)
    assert answer["dataset"] == DATASET
    assert answer["data"]
    assert answer["schema"]["type"] == "object"
    assert answer["provenance"]["signature"] in {"signed_zip", "signed_json"}
    assert person.preview(sealed, "personal-income", expect=404)["code"] == "not_found"


def test_the_file_is_claimed_taken_and_acknowledged(person: Client, claimed: Json) -> None:
    fits("claimParcel", 201, {name: value for name, value in claimed.items() if name != "parcel"})
    answer = person.http.get(f"{person.house.base}{claimed['href']}", timeout=10)

    assert answer.headers["ETag"] == claimed["etag"]
    assert answer.headers["Cache-Control"] == "no-store, no-transform"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "application/zip"
    assert "Content-Encoding" not in answer.headers
    assert "filename*=utf-8''MyData-" in answer.headers["Content-Disposition"]
    assert (len(answer.content), hashlib.sha256(answer.content).hexdigest()) == (claimed["size"], claimed["sha256"])
    assert f"{DATASET}/{DATASET}.json" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    wrong = person.post(f"/parcels/{claimed['parcel']}/received", {"sha256": "0" * 64}, expect=409)
    assert wrong["code"] == "digest_mismatch"
    purged = person.acknowledge(claimed["parcel"], answer.content)
    fits("acknowledgeParcel", 200, purged)
    assert purged["state"] == "purged"
    assert person.acknowledge(claimed["parcel"], answer.content) == purged
    assert person.call("GET", f"/parcels/{claimed['parcel']}/file", expect=410).json()["code"] == "gone"
    parcel = person.parcel(claimed["parcel"])
    fits("getParcel", 200, parcel)
    assert parcel["items"][0] | {"state": "erased", "outcome": "landed"} == parcel["items"][0]


def test_a_file_comes_by_range_as_often_as_asked(person: Client, claimed: Json) -> None:
    whole, size = person.download(claimed["parcel"]), claimed["size"]
    wanted = {
        "bytes=0-0": (0, 1),
        "bytes=10-19": (10, 20),
        f"bytes={size - 5}-": (size - 5, size),
        "bytes=-7": (size - 7, size),
        f"bytes=5-{size * 9}": (5, size),
        f"bytes=-{size * 9}": (0, size),
    }
    for asked, (start, end) in wanted.items():
        answer = person.call("GET", f"/parcels/{claimed['parcel']}/file", headers={"Range": asked}, expect=206)
        assert answer.content == whole[start:end]
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
    assert person.parcel(claimed["parcel"])["state"] == "released"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=0-1,3-4", "bytes=x", "pages=1-2", "bytes=-", "bytes=" + "9" * 5000 + "-"]
)
def test_a_range_that_is_none_gets_the_whole_file(person: Client, claimed: Json, asked: str) -> None:
    assert len(person.download(claimed["parcel"], headers={"Range": asked}, expect=200)) == claimed["size"]


def test_a_range_outside_the_file_is_416_and_says_how_long_it_is(person: Client, claimed: Json) -> None:
    for asked in (f"bytes={claimed['size']}-", "bytes=-0"):
        answer = person.call("GET", f"/parcels/{claimed['parcel']}/file", headers={"Range": asked}, expect=416)

        assert answer.headers["Content-Range"] == f"bytes */{claimed['size']}"
        assert (answer.headers["Content-Type"], answer.json()["code"]) == ("application/problem+json", "malformed")


def test_if_range_of_another_file_gets_the_whole_one(person: Client, claimed: Json) -> None:
    def status(condition: str) -> int:
        sent = {"Range": "bytes=0-0", "If-Range": condition}
        return person.call("GET", f"/parcels/{claimed['parcel']}/file", headers=sent).status_code

    assert [status(claimed["etag"]), status('"other"'), status(f"W/{claimed['etag']}")] == [206, 200, 200]


def test_head_tells_the_size_and_sends_nothing(person: Client, claimed: Json) -> None:
    answer = person.call("HEAD", f"/parcels/{claimed['parcel']}/file", headers={"Range": "bytes=0-0"}, expect=200)

    assert (answer.headers["Content-Length"], answer.headers["ETag"]) == (str(claimed["size"]), claimed["etag"])
    assert answer.content == b""


def test_the_file_needs_the_claim_or_its_etag(person: Client, claimed: Json) -> None:
    del person.http.cookies[f"claim_{claimed['parcel']}"]
    path = f"/parcels/{claimed['parcel']}/file"

    assert person.call("GET", path, expect=409).json()["code"] == "claim_first"
    assert person.call("GET", path, headers={"If-Match": "*"}, expect=409).json()["code"] == "claim_first"
    assert person.call("GET", path, headers={"If-Match": '"other"'}, expect=412).json()["code"] == "claim_first"
    assert person.call("GET", path, headers={"If-Match": claimed["etag"]}, expect=200).content
    assert person.call("GET", path, headers={"If-Match": claimed["etag"].strip('"')}, expect=200).content


def test_the_claims_cookie_is_out_of_reach_of_scripts(person: Client, sealed: str) -> None:
    answer = person.call("POST", f"/parcels/{sealed}/claim", {})
    cookies = answer.raw.headers.getlist("Set-Cookie")
    cookie = next(cookie for cookie in cookies if cookie.startswith(f"claim_{sealed}="))

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_file_is_claimed_once_and_the_same_key_gets_the_same_answer(person: Client, sealed: str) -> None:
    first = person.claim(sealed, passphrase="correct horse", key="the-key")

    assert person.claim(sealed, passphrase="correct horse", key="the-key") == first
    assert person.claim(sealed, key="another-key", expect=409)["code"] == "already_claimed"
    assert person.claim(sealed, passphrase="other", key="the-key", expect=422)["code"] == "idempotency_mismatch"
    assert hashlib.sha256(person.download(sealed)).hexdigest() == first["sha256"]


def test_of_many_claims_at_once_one_wins(person: Client, sealed: str) -> None:
    csrf, ready = person.csrf(), threading.Barrier(6)

    def claim(number: int) -> int:
        ready.wait()
        answer = requests.post(
            f"{person.house.base}/api/v1/parcels/{sealed}/claim",
            headers={"X-CSRFToken": csrf, "Idempotency-Key": f"key-{number}"},
            cookies=person.http.cookies.get_dict(),
            timeout=30,
        )
        return answer.status_code

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(claim, range(6))) == [201, 409, 409, 409, 409, 409]


def test_of_many_claims_under_one_key_all_get_the_one_answer(person: Client, sealed: str) -> None:
    csrf, ready = person.csrf(), threading.Barrier(4)

    def claim(_: int) -> requests.Response:
        ready.wait()
        return requests.post(
            f"{person.house.base}/api/v1/parcels/{sealed}/claim",
            headers={"X-CSRFToken": csrf, "Idempotency-Key": "the-key"},
            cookies=person.http.cookies.get_dict(),
            timeout=30,
        )

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(claim, range(4)))

    won = [answer.json() for answer in answers if answer.status_code == 201]
    assert won, [answer.text for answer in answers]
    assert all(answer == won[0] for answer in won)
    assert all(answer.headers["Retry-After"] == "1" for answer in answers if answer.status_code != 201)
    assert {answer.status_code for answer in answers} <= {201, 503}


def test_a_line_that_breaks_harms_nothing(person: Client, claimed: Json) -> None:
    house = urlsplit(person.house.base)
    cookies = "; ".join(f"{name}={value}" for name, value in person.http.cookies.get_dict().items())
    for _ in range(3):
        with socket.create_connection((house.hostname, house.port), timeout=5) as line:
            line.sendall(
                f"GET {claimed['href']} HTTP/1.1\r\nHost: {house.netloc}\r\nCookie: {cookies}\r\n\r\n".encode()
            )
            assert line.recv(20).startswith(b"HTTP/1.1 200")

    assert hashlib.sha256(person.download(claimed["parcel"])).hexdigest() == claimed["sha256"]
    assert "Traceback" not in person.house.log()


def test_the_record_and_the_notices_tell_it_all(person: Client, claimed: Json) -> None:
    person.acknowledge(claimed["parcel"], person.download(claimed["parcel"]))
    actions = [line["action"] for line in person.usage() if line.get("parcel") == claimed["parcel"]]

    fits("listUsage", 200, person.get("/usage"))
    fits("listNotices", 200, person.get("/notices"))
    assert actions[0] == "parcel:purged"
    assert {"parcel:released", "parcel:sealed", "data:landed", "data:requested"} <= set(actions)
    events = {line["event"] for line in person.usage()}
    assert {notice["event"] for notice in person.notices()} <= events
    assert all("@" not in notice["to"] or "***@" in notice["to"] for notice in person.notices())
