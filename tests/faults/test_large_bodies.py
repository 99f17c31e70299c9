"""D3: a body above 1 MiB stands on no disk in the clear and in no memory as a whole; a broken line costs nothing."""

import hashlib
import http.client
import io
import secrets
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.agency import KINDS, MIB, Agency
from tests.house import keeping
from tests.house.client import Client, Json
from tests.house.fixtures import HouseFactory
from tests.house.standing import StandingHouse

MARK = f"Papier{secrets.token_hex(8)}鯨"
WINDOW = 3
GROWTH = 6 * MIB
"""What the portal may grow by while a body of 12 MiB arrives and is sealed: half of it, and it would grow by all of it if
the body stood in memory once."""


@pytest.fixture(scope="module")
def standing(module_house: HouseFactory) -> Iterator[StandingHouse]:
    house = module_house(MYDATA_RESUME_WINDOW=str(WINDOW))
    with Agency(house.base, MARK) as agency:
        seeded = house.seed(agency.seed())
        assert seeded.returncode == 0, seeded.stderr
        yield house


@pytest.fixture
def client(standing: StandingHouse) -> Client:
    return Client(standing).sign_in(standing.person("ordinary", 2), level=1)


class Eye(threading.Thread):
    """Looks at the portal's disk, open files and memory, over and over, until it is closed."""

    def __init__(self, house: StandingHouse) -> None:
        super().__init__()
        self._house, self._over = house, threading.Event()
        self._pids = family(house.pids()["portal"])
        self.before = self.most = self._resident()
        self.plain: set[str] = set()
        self.incoming = 0

    def run(self) -> None:
        while not self._over.wait(0.05):
            self.most = max(self.most, self._resident())
            for place, content in [*keeping.files(self._house.data_dir), *self._unlinked()]:
                if MARK.encode() in content:
                    self.plain.add(place)

    def close(self) -> "Eye":
        self._over.set()
        self.join()
        return self

    def _unlinked(self) -> Iterator[keeping.Place]:
        """Yield what the portal holds open of its data directory after the name is gone."""
        for link in (link for pid in self._pids for link in Path(f"/proc/{pid}/fd").iterdir()):
            try:
                target = str(link.readlink())
                if target.startswith(str(self._house.data_dir)) and target.endswith("(deleted)"):
                    self.incoming = max(self.incoming, link.stat().st_size)
                    yield target, link.read_bytes()
            except FileNotFoundError:
                continue

    def _resident(self) -> int:
        lines = [line for pid in self._pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(grown for child in children for grown in family(int(child)))]


def collected(client: Client, dataset: str) -> tuple[str, Json]:
    _, parcel = client.request(dataset)
    return parcel, client.wait(parcel, "sealed", "failed", seconds=60)


def test_no_plain_byte_on_disk_and_no_body_in_memory_while_it_arrives(standing: StandingHouse, client: Client) -> None:
    collected(client, "whole")  # what is loaded and pooled once is not growth
    eye = Eye(standing)
    eye.start()
    try:
        _, parcel = collected(client, "slow")
    finally:
        eye.close()
    assert parcel["state"] == "sealed", parcel
    assert eye.plain == set()
    assert eye.incoming > KINDS["slow"] // 2, "the body never went through the spool, so nothing was seen"
    assert eye.most - eye.before < GROWTH, f"{(eye.most - eye.before) / MIB:.1f} MiB"


def test_the_eye_sees_a_plain_file(standing: StandingHouse) -> None:
    eye = Eye(standing)
    eye.start()
    planted = standing.data_dir / "spool" / "planted"
    planted.write_bytes(MARK.encode())
    time.sleep(0.5)
    planted.unlink()
    assert eye.close().plain == {str(planted)}


@pytest.mark.parametrize(
    ("dataset", "reason"),
    [
        ("cut-short", "provider_down"),
        ("cut-chunk", "provider_down"),
        ("no-number", "provider_down"),
        ("too-large", "bad_answer"),
    ],
)
def test_what_does_not_come_whole_fails_with_its_reason(client: Client, dataset: str, reason: str) -> None:
    _, parcel = collected(client, dataset)
    assert parcel["state"] == "failed"
    assert [(item["state"], item["reason"]) for item in parcel["items"]] == [("failed", reason)]


def test_a_large_file_comes_in_pieces_as_it_comes_whole(client: Client) -> None:
    parcel, _ = collected(client, "whole")
    claimed = client.claim(parcel)
    whole = client.download(parcel)
    assert hashlib.sha256(whole).hexdigest() == claimed["sha256"]
    papers = zipfile.ZipFile(io.BytesIO(whole))
    assert papers.testzip() is None
    assert len(papers.read("whole/whole.pdf")) == KINDS["whole"]
    for first, last in [(0, 0), (65_535, 65_536), (1, 200_000), (len(whole) - 10, len(whole) + 50)]:
        piece = client.download(parcel, headers={"Range": f"bytes={first}-{last}"}, expect=206)
        assert piece == whole[first : last + 1]
    client.acknowledge(parcel, whole)


def test_a_broken_download_goes_on_where_it_broke(standing: StandingHouse, client: Client) -> None:
    parcel, _ = collected(client, "whole")
    claimed = client.claim(parcel)
    had = break_off(standing, client, parcel, after=3 * MIB)
    again = {"Range": f"bytes={len(had)}-", "If-Range": claimed["etag"]}
    whole = had + client.download(parcel, headers=again, expect=206)
    assert hashlib.sha256(whole).hexdigest() == claimed["sha256"]
    assert client.acknowledge(parcel, whole)["state"] == "purged"


def test_looking_and_loading_again_move_nothing_and_the_window_ends_it(standing: StandingHouse, client: Client) -> None:
    parcel, _ = collected(client, "small")
    claimed = client.claim(parcel)
    for _ in range(3):
        assert client.call("HEAD", f"/parcels/{parcel}/file").headers["ETag"] == claimed["etag"]
        client.download(parcel)
        assert client.parcel(parcel)["state"] == "released"
    ended = client.wait(parcel, "purged", seconds=WINDOW + 10)
    assert ended["because"] == "window_over"
    assert client.call("GET", f"/parcels/{parcel}/file", expect=410).json()["code"] == "gone"
    assert not list((standing.data_dir / "spool").glob(f"*{parcel}*"))


def test_a_slow_line_keeps_the_window_open_while_bytes_are_sent(standing: StandingHouse, client: Client) -> None:
    parcel, _ = collected(client, "whole")
    client.claim(parcel)
    with opened(standing, client, parcel) as answer:
        for _ in range(2 * (WINDOW + 2)):
            assert answer.read(MIB // 2)
            time.sleep(0.5)
        assert client.parcel(parcel)["state"] == "released", "it was destroyed while it was being sent"
        answer.read()
    client.wait(parcel, "purged", seconds=WINDOW + 10)


def break_off(house: StandingHouse, client: Client, parcel: str, *, after: int) -> bytes:
    """Return the first `after` bytes of the file and hang up."""
    with opened(house, client, parcel) as answer:
        return answer.read(after)


def opened(house: StandingHouse, client: Client, parcel: str) -> http.client.HTTPResponse:
    """Return the running answer of a download; reading it as slowly as one likes is the caller's affair."""
    line = http.client.HTTPConnection(house.base.removeprefix("http://"), timeout=30)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.http.cookies)
    line.request("GET", f"/api/v1/parcels/{parcel}/file", headers={"Cookie": cookies, "Connection": "close"})
    return line.getresponse()
