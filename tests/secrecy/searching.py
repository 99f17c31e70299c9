"""Searching bytes for texts that must not be there, in every writing, inside compressed streams too."""

import hashlib
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.secrecy import writings

WINDOW = 64 * 1024
OVERLAP = 2 * 1024
INFLATED = 4 * 1024 * 1024
DEPTH = 3
SHORTEST_RAW = 16
"""Bytes that a stream without any head must give before it is taken for one."""

# zlib (RFC 1950), gzip (RFC 1952), and the local head of a zip's entry.
STREAM = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08|PK\x03\x04", re.DOTALL)


@dataclass(frozen=True, order=True)
class Hit:
    """One find: what it was, how it was written, and where."""

    what: str
    writing: str
    place: str


@dataclass
class Search:
    """A search for `wanted`, which remembers the content it has been through, so that the next one is quick.

    `wanted` names texts or bytes. Content with a hit is searched again every time.
    """

    wanted: Mapping[str, str | bytes]
    _needles: list[tuple[str, str, bytes]] = field(init=False)
    _clean: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Write everything down in every way."""
        self._needles = [
            (what, writing, written)
            for what, text in self.wanted.items()
            for writing, written in (writings.of(text) if isinstance(text, str) else writings.of_bytes(text)).items()
        ]

    def through(self, place: str, content: bytes, *, headless: bool = False) -> set[Hit]:
        """Return what is found in `content`; with `headless` also in raw deflate streams that begin at any byte."""
        mark = _digest(content) + bytes([headless])
        if mark in self._clean:
            return set()
        found = self._plain(place, content)
        for name, inflated in _inflated(content, DEPTH):
            found |= self._plain(f"{place}: {name}", inflated)
        if headless:
            for at, inflated in _headless(content):
                found |= self._plain(f"{place}: deflate at {at}", inflated)
        if not found:
            self._clean.add(mark)
        return found

    def _plain(self, place: str, content: bytes) -> set[Hit]:
        found = set()
        for start in range(0, max(1, len(content)), WINDOW):
            piece = content[start : start + WINDOW + OVERLAP]
            mark = _digest(piece)
            if mark in self._clean:
                continue
            hits = {Hit(what, writing, place) for what, writing, written in self._needles if written in piece}
            found |= hits
            if not hits:
                self._clean.add(mark)
        return found


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=16).digest()


def _inflated(content: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """Yield what comes out of every compressed stream in `content`, and out of those inside it."""
    for match in STREAM.finditer(content) if depth else ():
        inflated = _inflate(content, match.start())
        if inflated:
            yield f"stream at {match.start()}", inflated
            for name, inner in _inflated(inflated, depth - 1):
                yield f"stream at {match.start()}, {name}", inner


def _inflate(content: bytes, at: int) -> bytes:
    """Return what the stream at `at` holds, as far as it can be read."""
    if content.startswith(b"PK\x03\x04", at):
        lengths = content[at + 26 : at + 30]
        at += 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
        return _read(zlib.decompressobj(-15), content, at)
    return _read(zlib.decompressobj(47), content, at)


def _headless(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what comes out where a deflate stream (RFC 1951) may begin: block type 1 or 2; type 0 is plain text."""
    for at, first in enumerate(content):
        if first & 0b110 in {0b010, 0b100}:
            inflated = _read(zlib.decompressobj(-15), content, at)
            if len(inflated) >= SHORTEST_RAW:
                yield at, inflated


def _read(stream: "zlib._Decompress", content: bytes, at: int) -> bytes:
    """Inflate piece by piece: what came out before an error counts too."""
    held = b""
    step = 256
    while at < len(content) and not stream.eof and len(held) < INFLATED:
        try:
            held += stream.decompress(content[at : at + step])
        except zlib.error:
            break
        at, step = at + step, WINDOW
    return held
