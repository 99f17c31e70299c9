"""D1: whoever has every disk, the key store and a backup of the database opens nothing; nor does the cookie without the share."""

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from runner import environment, stores
from tests.house.client import Client
from tests.house.fixtures import HouseFactory
from tests.house.standing import StandingHouse

DATASETS = ["household-individual", "vehicle-registration"]
STOLEN = "stolen"


@dataclass
class Loot:
    """A copy of everything that a house keeps, with the environment in which the house's own code reads it."""

    directory: Path
    environ: dict[str, str]

    def opens(self, **known: str) -> dict[str, list[str]]:
        """Return what opens with all secrets that lie in the loot, and with a holder's `cookie` or a `code`, by parcel."""
        options = [f"--{name}={value}" for name, value in known.items()]
        words = [str(environment.PYTHON), "-m", "tests.secrecy.burgling", str(self.directory), *options]
        done = subprocess.run(
            words, env=self.environ, cwd=environment.ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        assert answer["tried"] > 20, "the thief found nothing to try"
        return dict(answer["opened"])

    def without_share(self, parcel: str) -> "Loot":
        """Return the same after the share was destroyed."""
        (self.directory / "keys" / "share" / parcel).unlink()
        return self


def steal(house: StandingHouse, into: Path) -> Loot:
    """Copy disks and key store, and take a backup of the running database."""
    shutil.copytree(house.secrets_dir, into / "secrets")
    shutil.copytree(house.key_dir, into / "keys")
    shutil.copytree(house.data_dir, into / "data", ignore=shutil.ignore_patterns("portal.sqlite3*"))
    environ = house.environ | {f"MYDATA_{name.upper()}_DIR": str(into / folder) for name, folder in FOLDERS.items()}
    if house.stack:
        environ["DATABASE_URL"] = _dump_postgres(house)
    else:
        _back_sqlite_up(house.data_dir / "portal.sqlite3", into / "data" / "portal.sqlite3")
    return Loot(into, environ)


FOLDERS = {"data": "data", "key": "keys", "secrets": "secrets"}


def _back_sqlite_up(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def _dump_postgres(house: StandingHouse) -> str:
    """Dump the running database into another one of the same server and return its address."""
    programs, live = stores._postgres_programs(), house.environ["DATABASE_URL"]
    assert programs is not None
    copy = f"{live.rpartition('/')[0]}/{STOLEN}"
    with closing(psycopg2.connect(live)) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"DROP DATABASE IF EXISTS {STOLEN}")
        connection.cursor().execute(f"CREATE DATABASE {STOLEN}")
    dump = subprocess.run([programs / "pg_dump", live], capture_output=True, check=True).stdout
    subprocess.run([programs / "psql", "-q", copy], input=dump, stdout=subprocess.DEVNULL, check=True)
    return copy


@pytest.fixture(scope="module", params=[False, True], ids=["sqlite", "stack"])
def lonely_house(request: pytest.FixtureRequest, module_house: HouseFactory) -> StandingHouse:
    """A house in which nobody else lives: every secret in it is tried on every parcel, so few of both are enough."""
    return module_house(stack=request.param)


@pytest.fixture
def holder(lonely_house: StandingHouse) -> Client:
    return Client(lonely_house).sign_in(lonely_house.person("ordinary", 1), level=1)


def cookie_of(client: Client) -> str:
    return next(cookie.value or "" for cookie in client.http.cookies if cookie.name.startswith("mydata_holder_"))


def test_the_thief_opens_nothing(lonely_house: StandingHouse, holder: Client, tmp_path: Path) -> None:
    _, parcel = holder.request(*DATASETS)
    assert holder.wait(parcel)["state"] == "sealed"
    loot = steal(lonely_house, tmp_path / STOLEN)
    assert loot.opens() == {}
    assert loot.opens(cookie=cookie_of(holder)) == {parcel: DATASETS}, (
        "with both halves it opens, or this test says nothing"
    )
    assert loot.without_share(parcel).opens(cookie=cookie_of(holder)) == {}


def test_a_live_code_opens_nothing_to_the_thief_who_has_not_seen_it(
    lonely_house: StandingHouse, holder: Client, tmp_path: Path
) -> None:
    _, parcel = holder.request(*DATASETS)
    holder.wait(parcel)
    code = holder.post(f"/parcels/{parcel}/codes")
    loot = steal(lonely_house, tmp_path / "live")
    assert loot.opens() == {}
    for written in (code["qr"], code["spoken"]):
        assert loot.opens(code=written) == {parcel: DATASETS}, "with the code it opens, or this test says nothing"
    other = Client(lonely_house).sign_in(lonely_house.person("ordinary", 1), level=1)
    assert other.post("/pickups", {"code": code["spoken"]})["parcel"] == parcel
    used = steal(lonely_house, tmp_path / "used")
    for written in (code["qr"], code["spoken"]):
        assert used.opens(code=written) == {}
    assert used.opens(cookie=other.http.cookies[f"mydata_half_{parcel}"]) == {parcel: DATASETS}


def test_a_parcel_whose_share_is_lost_says_so_and_still_ends(lonely_house: StandingHouse, holder: Client) -> None:
    grant, parcel = holder.request(*DATASETS)
    holder.wait(parcel)
    (lonely_house.key_dir / "share" / parcel).unlink()
    assert holder.parcel(parcel)["opens_here"] is False
    assert holder.preview(parcel, DATASETS[0], expect=410)["code"] == "gone"
    assert holder.claim(parcel, expect=410)["code"] == "gone"
    assert holder.withdraw(grant)["state"] == "withdrawn"
    ended = holder.parcel(parcel)
    assert (ended["state"], ended["because"]) == ("purged", "withdrawn")
    assert ended["deletion_receipt"].count(".") == 2
