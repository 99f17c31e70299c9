"""Watching a house: everything that it keeps and sends round is searched for what nobody but the holder may read."""

import re
import socket
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.house import keeping
from tests.house.keeping import Place
from tests.house.standing import StandingHouse
from tests.secrecy.searching import Hit, Search

HEADLESS_UP_TO = 256 * 1024
"""Bytes up to which a file is tried for a compressed stream at every offset, which costs seconds a MiB."""


class Bugged:
    """Hears every command that Redis is given, task payloads included. On a house without Redis there is nothing to hear."""

    def __init__(self, house: StandingHouse) -> None:
        self._heard = bytearray()
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._listener: threading.Thread | None = None
        if house.stack:
            at = urlsplit(house.environ["REDIS_URL"])
            self._line = socket.create_connection((at.hostname or "", at.port or 0))
            self._line.sendall(b"MONITOR\r\n")
            assert self._line.recv(5) == b"+OK\r\n"
            self._listener = threading.Thread(target=self._listen, args=(self._line,))
            self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line is not None and self._listener is not None:
            self._line.shutdown(socket.SHUT_RDWR)
            self._listener.join()
            self._line.close()

    def heard(self) -> bytes:
        """Return what was said so far, one command a line."""
        with self._lock:
            return unescaped(bytes(self._heard))

    def _listen(self, line: socket.socket) -> None:
        while said := line.recv(64 * 1024):
            with self._lock:
                self._heard += said


def unescaped(said: bytes) -> bytes:
    r"""Undo what MONITOR does to bytes: `\xNN`, `\n` and the like, `\\`, `\"`."""
    named = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}

    def plain(match: re.Match[bytes]) -> bytes:
        escape = match[1]
        return bytes.fromhex(escape[1:].decode()) if len(escape) == 3 else named.get(escape, escape)

    return re.sub(rb"\\(x[0-9a-f]{2}|.)", plain, said, flags=re.DOTALL)


def open_places(house: StandingHouse, bugged: Bugged) -> Iterator[Place]:
    """Yield what the portal keeps anywhere but in the key store."""
    yield from keeping.files(house.data_dir, house.secrets_dir, house.notice_dir, house.stores_dir)
    yield from keeping.database_files(house)
    yield from keeping.values(house)
    yield from keeping.queue(house)
    yield from keeping.logs(house)
    yield "redis, heard", bugged.heard()


def key_places(house: StandingHouse) -> Iterator[Place]:
    """Yield what the key store keeps, in memory only."""
    yield from keeping.files(house.key_dir)


class Watch:
    """Looks through a house for `private` (which nobody keeps) and for bearers (which only the key store may keep)."""

    def __init__(self, house: StandingHouse, bugged: Bugged, private: Mapping[str, str | bytes]) -> None:
        self._house, self._bugged = house, bugged
        self._private = Search(private)
        self._bearers: dict[str, str | bytes] = {}

    def keep(self, **private: str | bytes) -> None:
        """Look for these too from now on: nobody may keep them."""
        self._private = Search({**self._private.wanted, **private})

    def know(self, **bearers: str | bytes) -> None:
        """Look for these too from now on."""
        self._bearers |= bearers

    def look(self) -> list[Hit]:
        """Return everything that lies open now."""
        places = list(open_places(self._house, self._bugged))
        found = through(self._private, [*places, *key_places(self._house)])
        return sorted(found | through(Search(self._bearers), places))

    def look_for(self, text: str) -> set[Hit]:
        """Search for something else, in the same places and the same manner."""
        return through(Search({"planted": text}), [*open_places(self._house, self._bugged), *key_places(self._house)])


def through(search: Search, places: list[Place]) -> set[Hit]:
    """Search all places; what is a file of some size is tried for streams only where one shows a head."""
    return {
        hit
        for place, content in places
        for hit in search.through(place, content, headless=len(content) <= HEADLESS_UP_TO and _is_ours(place))
    }


def _is_ours(place: str) -> bool:
    """Say whether the house itself wrote this, and not PostgreSQL."""
    return Path(place).parts[:1] != ("/",) or not {"base", "global", "pg_wal"} & set(Path(place).parts)
