"""Everything that a standing house keeps, as bytes: what a thief, an operator or a backup would get hold of."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg2
import redis

from tests.house.standing import StandingHouse

Place = tuple[str, bytes]


def rows(house: StandingHouse, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Read the house's database beside the running house; `?` marks a parameter."""
    if not house.stack:
        connection = sqlite3.connect(f"file:{house.data_dir / 'portal.sqlite3'}?mode=ro", uri=True, timeout=20)
        try:
            return list(connection.execute(statement, parameters).fetchall())
        finally:
            connection.close()
    postgres = psycopg2.connect(house.environ["DATABASE_URL"])
    postgres.autocommit = True
    try:
        with postgres.cursor() as cursor:
            cursor.execute(statement.replace("?", "%s"), tuple(parameters) or None)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        postgres.close()


def store(house: StandingHouse) -> "redis.Redis":
    """Return a connection to the stack's Redis."""
    return redis.Redis.from_url(house.environ["REDIS_URL"])


def files(*folders: Path) -> Iterator[Place]:
    """Yield every file below `folders`; one that is gone when its turn comes is gone."""
    for folder in folders:
        for at, _, names in os.walk(folder):
            for name in names:
                try:
                    content = (Path(at) / name).read_bytes()
                except (FileNotFoundError, OSError):
                    continue
                yield str(Path(at) / name), content


def database_files(house: StandingHouse) -> Iterator[Place]:
    """Yield the files of the database, write-ahead log included, with all that was written on the disk."""
    if not house.stack:
        yield from ((place, content) for place, content in files(house.data_dir) if "portal.sqlite3" in place)
        return
    rows(house, "CHECKPOINT")
    yield from files(Path(rows(house, "SHOW data_directory")[0][0]))


def tables(house: StandingHouse) -> list[str]:
    """Name the tables."""
    if house.stack:
        found = rows(house, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    else:
        found = rows(house, "SELECT name FROM sqlite_master WHERE type = 'table'")
    return sorted(name for (name,) in found)


def values(house: StandingHouse) -> Iterator[Place]:
    """Yield every table's values as they read, whatever the store did to put them away."""
    for table in tables(house):
        lines = rows(house, f'SELECT * FROM "{table}"')  # noqa: S608 - the name came from the database itself
        yield f"table {table}", b"\n".join(_plain(value) for line in lines for value in line)


def queue(house: StandingHouse) -> Iterator[Place]:
    """Yield every key and value of Redis."""
    if not house.stack:
        return
    found = store(house)
    for key in found.scan_iter():
        name = key.encode() if isinstance(key, str) else bytes(key)
        yield f"redis {name!r}", name + b"\n" + b"\n".join(_redis_value(found, name))


def logs(house: StandingHouse) -> Iterator[Place]:
    """Yield what the processes printed, but for the sandbox's: it plays the agencies, which know their data."""
    yield from ((place, content) for place, content in files(house.log_dir) if not place.endswith("sandbox.log"))


def _redis_value(found: "redis.Redis", key: bytes) -> list[bytes]:
    read: dict[str, Any] = {
        "string": lambda: [found.get(key)],
        "list": lambda: found.lrange(key, 0, -1),
        "hash": lambda: [part for pair in found.hgetall(key).items() for part in pair],
        "set": lambda: found.smembers(key),
        "zset": lambda: found.zrange(key, 0, -1),
    }
    kind = _ascii(found.type(key))
    # A key may be gone before its turn comes; Redis calls that a type too.
    return [value for value in read[kind]() if value is not None] if kind != "none" else []


def _plain(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return str(value).encode(errors="surrogatepass")


def _ascii(word: str | bytes) -> str:
    return word if isinstance(word, str) else word.decode("ascii", "backslashreplace")
