"""D1: what an agency sends, and who the citizen is, stands nowhere in the clear: not before, not during, not afterwards."""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from tests.house import keeping
from tests.house.client import Client, Json
from tests.house.fixtures import HouseFactory
from tests.house.standing import StandingHouse, until
from tests.secrecy import writings
from tests.secrecy.watching import Bugged, Watch

DATASETS = ("household-individual", "personal-income", "labor-pension-contribution", "vehicle-registration")
PASSPHRASE = "楓橋夜泊 boat 1749"
HAN = "鸞鵬麒麟龜鼇鯤鶴"


@pytest.fixture(params=[False, True], ids=["sqlite", "stack"])
def watched(request: pytest.FixtureRequest, new_house: HouseFactory) -> Iterator[tuple[StandingHouse, Bugged, Json]]:
    """A house whose agencies write two canaries into every paper, one in Latin letters and one in Chinese."""
    marks = {"latin": f"Kanari{secrets.token_hex(6)}", "chinese": "".join(secrets.SystemRandom().sample(HAN, 6))}
    settings = {"MYDATA_SANDBOX_CANARY": f"{marks['latin']} {marks['chinese']}"}
    house = new_house(stack=request.param, **settings)
    with Bugged(house) as bugged:
        yield house, bugged, marks


def test_nothing_of_a_journey_lies_open_at_any_moment(watched: tuple[StandingHouse, Bugged, Json]) -> None:
    house, bugged, marks = watched
    person = house.person("ordinary")
    watch = Watch(house, bugged, private(person, marks))
    client = sign_in(house, person, watch)

    parcel = collect(house, client, watch)
    assert watch.look() == [], "collecting"
    assert client.wait(parcel)["state"] == "sealed"
    assert watch.look() == [], "sealed"
    shown = [json.dumps(client.preview(parcel, name), ensure_ascii=False) for name in DATASETS]
    assert all(mark in page for page in shown for mark in marks.values()), "the canaries are not in the papers"
    watch.keep(address=address(client, parcel))
    assert watch.look() == [], "previewed"
    claimed = client.claim(parcel, passphrase=PASSPHRASE)
    watch.know(claim=client.http.cookies[f"claim_{parcel}"])
    client.download(parcel, headers={"Range": "bytes=0-70000"})
    assert watch.look() == [], "claimed and half sent"
    assert client.acknowledge(parcel, client.download(parcel))["state"] == "purged", claimed
    assert watch.look() == [], "purged"
    leave_in_other_ways(house, client)
    assert watch.look() == [], "window over, withdrawn, expired"
    assert_its_silence_means_something(house, watch)


def private(person: Json, marks: Json) -> dict[str, str | bytes]:
    """Return what nobody but the holder may read."""
    facts = {name: person[name] for name in ("national_id", "name", "birth_date", "health_card_no", "household_no")}
    return {**marks, **facts, "passphrase": PASSPHRASE}


def sign_in(house: StandingHouse, person: Json, watch: Watch) -> Client:
    """Sign in twice, weakly and strongly; the holder's secret and the session are bearers from now on."""
    client = Client(house)
    client.sign_in(person).sign_in(person, level=1)
    cookies = {cookie.name: cookie.value or "" for cookie in client.http.cookies}
    holder = next(value for name, value in cookies.items() if name.startswith("mydata_holder_"))
    watch.know(holder=holder, holder_bytes=writings.from_base64url(holder))
    return client


def collect(house: StandingHouse, client: Client, watch: Watch) -> str:
    """Let one agency say "come back", so that a token lives meanwhile; tokens and shares are bearers."""
    house.fault("dataset:vehicle-registration", "come_back", 20)
    _, parcel = client.request(*DATASETS)
    tokens = house.key_dir / "token"
    until(lambda: any(tokens.iterdir()) and has_waited(client, parcel), what="a token that waits")
    token = next(tokens.iterdir()).read_bytes()
    assert token.startswith(b"mydata::")
    watch.know(token=token.decode(), share=(house.key_dir / "share" / parcel).read_bytes())
    house.fault("dataset:vehicle-registration", "come_back", 0)
    return parcel


def has_waited(client: Client, parcel: str) -> bool:
    items = {item["dataset"]: item["state"] for item in client.parcel(parcel)["items"]}
    return items.pop("vehicle-registration") == "waiting" and set(items.values()) == {"landed"}


def address(client: Client, parcel: str) -> str:
    """Return where the person lives, as their own paper says."""
    data = client.preview(parcel, "household-individual")["data"]
    return str(data["registered_address"])


def leave_in_other_ways(house: StandingHouse, client: Client) -> None:
    """End one parcel by its window, one by withdrawal, one by expiry."""
    house.restart(MYDATA_RESUME_WINDOW="3", MYDATA_PARCEL_TTL="25")
    _, parcel = client.request(*DATASETS)
    client.wait(parcel)
    client.claim(parcel)
    client.download(parcel)
    assert client.wait(parcel, "purged")["because"] == "window_over"
    grant, parcel = client.request(*DATASETS)
    client.wait(parcel)
    client.withdraw(grant)
    _, parcel = client.request(*DATASETS)
    assert client.wait(parcel, "purged")["because"] == "expired"


def assert_its_silence_means_something(house: StandingHouse, watch: Watch) -> None:
    """Plant another text in every writing in a file, in a table and in Redis, and have the same search find each."""
    text = f"Planted{secrets.token_hex(4)}{''.join(secrets.SystemRandom().sample(HAN, 5))}"
    plant(house, text)
    found = watch.look_for(text)
    wanted = set(writings.of(text))
    for place in planted_places(house):
        missed = wanted - {hit.writing for hit in found if place in hit.place}
        assert not missed, (place, missed)


def planted_places(house: StandingHouse) -> list[str]:
    """Name where the planted text has to be found."""
    ours = ["/spool/planted", "/secrets/planted", "/keys/planted", "/logs/planted", "/notices/planted", "table planted"]
    return [*ours, "redis b'planted'", "redis, heard", "pg_wal"] if house.stack else [*ours, "portal.sqlite3"]


def plant(house: StandingHouse, text: str) -> None:
    # Thrice into tables: one may be cut in two by the head of a page, above all in PostgreSQL's write-ahead log.
    rows = [(each,) for each in writings.of(text).values()] * 3
    written = b"\n".join(writings.of(text).values())
    for folder in (house.data_dir / "spool", house.secrets_dir, house.key_dir, house.log_dir, house.notice_dir):
        (folder / "planted").write_bytes(written)
    if house.stack:
        keeping.store(house).set("planted", written)
        with closing(psycopg2.connect(house.environ["DATABASE_URL"])) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE planted (content bytea)")
            cursor.executemany("INSERT INTO planted VALUES (%s)", rows)
            connection.commit()
        return
    with closing(sqlite3.connect(house.data_dir / "portal.sqlite3", timeout=20)) as file:
        file.execute("CREATE TABLE planted (content BLOB)")
        file.executemany("INSERT INTO planted VALUES (?)", rows)
        file.commit()
