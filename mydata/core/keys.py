"""The key store: shares of live parcels, codes and tokens, and nothing that has to outlive them.

It is memory-backed and never the database, so that a destroyed key is surely gone: a deleted row stays readable in a
write-ahead log. One machine uses a directory in memory; several use a Redis of its own without persistence.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

import redis
from django.conf import settings

from mydata.core import clock

PROBES = "probe"


class KeyGone(Exception):
    """The key is not in the store: it was destroyed, or never there."""


class KeyStore(Protocol):
    """Small values under (kind, name); `kind` and `name` are file-name-safe and hold nothing personal."""

    def put(self, kind: str, name: str, value: bytes) -> None:
        """Keep `value`, replacing what was there."""

    def keep_first(self, kind: str, name: str, value: bytes) -> bytes:
        """Keep `value` unless there is one already, and return what is kept: of many who come at once one is first."""

    def get(self, kind: str, name: str) -> bytes:
        """Return the value. Raises KeyGone."""

    def destroy(self, kind: str, name: str) -> None:
        """Destroy the value beyond recovery; destroying what is gone is no error."""

    def names(self, kind: str, *, older_than: float) -> Iterator[str]:
        """List the names kept under `kind` that nobody has written (or touched) for `older_than` seconds."""

    def check(self) -> None:
        """Raise OSError or redis.RedisError when the store cannot be written."""


class DirectoryKeyStore:
    """One file a key under a memory-backed directory of mode 0700."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, kind: str, name: str, value: bytes) -> None:
        """Write beside and rename, so that a reader sees the old value or the new one, whole."""
        draft = self._draft(kind, name, value)
        draft.replace(draft.with_name(name))

    def keep_first(self, kind: str, name: str, value: bytes) -> bytes:
        """Write beside and link, which fails where the name is taken."""
        draft = self._draft(kind, name, value)
        with contextlib.suppress(FileExistsError):
            os.link(draft, draft.with_name(name))
        draft.unlink()
        return self.get(kind, name)

    def get(self, kind: str, name: str) -> bytes:
        """Read the file. Raises KeyGone."""
        try:
            return (self.root / kind / name).read_bytes()
        except FileNotFoundError as error:
            raise KeyGone(kind) from error

    def destroy(self, kind: str, name: str) -> None:
        """Overwrite, fsync, unlink."""
        path = self.root / kind / name
        try:
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return

    def names(self, kind: str, *, older_than: float) -> Iterator[str]:
        """List the folder of `kind` by age, the drafts of writers that died too."""
        latest = clock.now().timestamp() - older_than
        with contextlib.suppress(FileNotFoundError), os.scandir(self.root / kind) as entries:
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):
                    if entry.stat().st_mtime < latest:
                        yield entry.name

    def check(self) -> None:
        """Write and destroy a probe."""
        probe = secrets.token_hex(8)
        self.put(PROBES, probe, b"probe")
        self.destroy(PROBES, probe)

    def _draft(self, kind: str, name: str, value: bytes) -> Path:
        folder = self.root / kind
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        return draft


class RedisKeyStore:
    """The same in a Redis that keeps nothing on disk, for a portal on several machines."""

    def __init__(self, url: str) -> None:
        self.redis = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=3)

    def put(self, kind: str, name: str, value: bytes) -> None:
        """SET."""
        self.redis.set(f"{kind}/{name}", value)

    def keep_first(self, kind: str, name: str, value: bytes) -> bytes:
        """SET NX, then GET."""
        self.redis.set(f"{kind}/{name}", value, nx=True)
        return self.get(kind, name)

    def get(self, kind: str, name: str) -> bytes:
        """GET. Raises KeyGone."""
        value = self.redis.get(f"{kind}/{name}")
        if not isinstance(value, bytes):
            raise KeyGone(kind)
        return value

    def destroy(self, kind: str, name: str) -> None:
        """Overwrite in place, then DEL."""
        key = f"{kind}/{name}"
        self.redis.setrange(key, 0, b"\0" * int(self.redis.strlen(key)))
        self.redis.delete(key)

    def names(self, kind: str, *, older_than: float) -> Iterator[str]:
        """SCAN for the prefix, and ask how long each has been idle."""
        for key in self.redis.scan_iter(match=f"{kind}/*", count=500):
            if (self.redis.object("idletime", key) or 0) >= older_than:
                yield key.decode().removeprefix(f"{kind}/")

    def check(self) -> None:
        """PING, and refuse a store that would write keys to a disk."""
        self.redis.ping()
        appends = self.redis.config_get("appendonly").get("appendonly") == "yes"
        if appends or self.redis.config_get("save").get("save"):
            message = "the key store's Redis must not write an append-only file or snapshots"
            raise OSError(message)


@cache
def store() -> KeyStore:
    """Return the key store that the settings name."""
    if settings.KEY_URL:
        return RedisKeyStore(settings.KEY_URL)
    return DirectoryKeyStore(settings.KEY_DIR)
