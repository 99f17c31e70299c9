"""The one door out: the only module of the house that opens a connection to an address somebody registered.

That address only, on a public IP that is checked when it is resolved and then kept (loopback in the sandbox profile), no
redirects, deadlines, a cap on bytes, a bulkhead for each host and a breaker for each endpoint. What comes back is hostile
until the caller has checked it.
"""

import asyncio
import ipaddress
import os
import socket
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings

from mydata.core import clock

T = TypeVar("T")
MIB = 1024 * 1024
CONNECTIONS_PER_HOST = 64
BREAKER_FAILURES = 10
BREAKER_SECONDS = 10.0


class OutboundError(Exception):
    """The call brought no answer that may be used."""


class Unreachable(OutboundError):
    """Refused, reset, cut off, past a deadline, an address that is not allowed, or a breaker that is open."""


class NoRoom(OutboundError):
    """The answer came and could not be put anywhere: the fault is on this side."""


class AnswerTooLarge(OutboundError):
    """The answer has more bytes than the caller allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Deadlines in seconds and the cap in bytes; with `minimum_rate` (bytes a second) a rate replaces the total."""

    connect: float = 3.0
    first_byte: float = 10.0
    total: float = 30.0
    max_bytes: int = 20 * MIB
    minimum_rate: int | None = None

    def total_for(self, received: int) -> float:
        """Return how many seconds the call may have taken once `received` bytes are here."""
        if self.minimum_rate is None:
            return self.total
        return max(self.total, received / self.minimum_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to a registered address, with a body as JSON or as it is, or none."""

    method: str
    url: str
    headers: Mapping[str, str]
    query: Mapping[str, str] | None = None
    json: object | None = None
    body: bytes | None = None
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and headers (names in lower case) of an answer whose body went into the caller's sink."""

    status: int
    headers: Mapping[str, str]


class Sink(Protocol):
    """Where a body goes while it arrives."""

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes."""


class Memory:
    """A sink that keeps a small body in memory."""

    def __init__(self) -> None:
        self._held = bytearray()

    async def write(self, chunk: bytes) -> None:
        """Append the bytes."""
        self._held += chunk

    def content(self) -> bytes:
        """Return what has arrived."""
        return bytes(self._held)


class _PinnedResolver(AbstractResolver):
    """Resolves a name and gives only addresses that the house may talk to."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        results = [
            ResolveResult(hostname=host, host=str(address[0]), port=port, family=kind, proto=0, flags=0)
            for kind, _, _, _, address in found
            if is_allowed(str(address[0]))
        ]
        if not results:
            message = "no allowed address"
            raise OSError(message)
        return results

    async def close(self) -> None:
        """Hold nothing."""


def is_allowed(address: str) -> bool:
    """Say whether the house may connect to this IP address: public, or loopback in the sandbox profile."""
    ip = ipaddress.ip_address(address)
    return ip.is_global or (ip.is_loopback and settings.SANDBOX)


class _Breaker:
    """Stops calling an endpoint for a while after many failures in a row, and tries one call when it is over."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._closed_until: dict[str, float] = {}

    def check(self, peer: str) -> None:
        if clock.monotonic() < self._closed_until.get(peer, 0.0):
            raise Unreachable

    def succeeded(self, peer: str) -> None:
        self._failures.pop(peer, None)
        self._closed_until.pop(peer, None)

    def failed(self, peer: str) -> None:
        self._failures[peer] = self._failures.get(peer, 0) + 1
        if self._failures[peer] >= BREAKER_FAILURES:
            self._closed_until[peer] = clock.monotonic() + BREAKER_SECONDS


class _Door:
    """One event loop in a thread of its own, and one pool of connections: one a process."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self.breaker = _Breaker()
        self._session: aiohttp.ClientSession | None = None
        threading.Thread(target=self.loop.run_forever, name="outbound", daemon=True).start()

    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A connection for each call: one kept open may have been closed by the other side in the meantime, and then
            # nobody could tell a call that failed from one that was never heard.
            connector = aiohttp.TCPConnector(
                limit=0,
                limit_per_host=CONNECTIONS_PER_HOST,
                resolver=_PinnedResolver(),
                ttl_dns_cache=60,
                force_close=True,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                timeout=aiohttp.ClientTimeout(total=30, sock_connect=3, sock_read=10),
            )
            # The library would ask a second time where the answer breaks off, unseen: a call is made once.
            self._session._retry_connection = False  # noqa: SLF001 - there is no public switch
        return self._session


_door: _Door | None = None
_lock = threading.Lock()


def _open() -> _Door:
    global _door  # noqa: PLW0603 - one loop and one pool a process is what this module is for
    with _lock:
        if _door is None or _door.pid != os.getpid():
            _door = _Door()
        return _door


def submit(work: Coroutine[Any, Any, T]) -> "Future[T]":
    """Run `work` on the process's one event loop; it does sockets only, never the database."""
    return asyncio.run_coroutine_threadsafe(work, _open().loop)


def fetch(call: Call) -> tuple[Reply, bytes]:
    """Make one small call and wait for it. Raises OutboundError."""
    sink = Memory()
    reply = submit(send(call, sink)).result()
    return reply, sink.content()


async def send(call: Call, sink: Sink) -> Reply:
    """Make one call on the house's event loop, its body into `sink`. Raises OutboundError."""
    door = _open()
    try:
        peer = _peer(call.url)
    except ValueError as error:
        raise Unreachable from error
    door.breaker.check(peer)
    try:
        reply = await _exchange(door.session(), call, sink)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        door.breaker.failed(peer)
        raise Unreachable from error
    door.breaker.succeeded(peer)
    return reply


async def _exchange(session: aiohttp.ClientSession, call: Call, sink: Sink) -> Reply:
    _refuse_literal_addresses(call.url)
    limits = call.limits
    started = clock.monotonic()
    timeout = aiohttp.ClientTimeout(
        total=limits.total if limits.minimum_rate is None else None,
        sock_connect=limits.connect,
        sock_read=limits.first_byte,
    )
    async with session.request(
        call.method,
        call.url,
        headers={**call.headers, "Accept-Encoding": "identity"},
        params=call.query,
        json=call.json,
        data=call.body,
        allow_redirects=False,
        timeout=timeout,
    ) as response:
        received = 0
        async for chunk in response.content.iter_chunked(64 * 1024):
            received += len(chunk)
            if received > limits.max_bytes:
                raise AnswerTooLarge
            if clock.monotonic() - started > limits.total_for(received):
                raise TimeoutError
            await _put(sink, chunk)
        return Reply(response.status, {name.lower(): value for name, value in response.headers.items()})


async def _put(sink: Sink, chunk: bytes) -> None:
    try:
        await sink.write(chunk)
    except OSError as error:
        raise NoRoom from error


def _refuse_literal_addresses(url: str) -> None:
    """Check an address written as numbers, which never meets the resolver; the library refuses `127.1`. Raises OSError."""
    host = urlsplit(url).hostname or ""
    try:
        allowed = is_allowed(host)
    except ValueError:
        return
    if not allowed:
        message = "address not allowed"
        raise OSError(message)


def _peer(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
