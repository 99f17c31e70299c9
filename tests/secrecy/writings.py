"""How a text may have been written down: in which characters, and in which wrapping around them."""

import base64
import json
from collections.abc import Iterator
from urllib.parse import quote

Writings = dict[str, bytes]


def of(text: str) -> Writings:
    """Return every way to write `text`, by name; ways that give the same bytes stand once."""
    distinct = {written: name for name, written in reversed(list(_all(text)))}
    return {name: written for written, name in distinct.items()}


def of_bytes(secret: bytes) -> Writings:
    """Return every way to write bytes, such as a key."""
    return dict(_wrapped("raw", secret))


def characters(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield `text` in each character encoding and escape."""
    yield "utf-8", text.encode()
    yield "utf-16-le", text.encode("utf-16-le")
    yield "utf-16-be", text.encode("utf-16-be")
    yield "big5", text.encode("big5", errors="ignore") or text.encode()
    escaped = json.dumps(text)[1:-1]
    yield "json", escaped.encode()
    yield "json in upper case", "\\u".join(part[:4].upper() + part[4:] for part in escaped.split("\\u")).encode()
    yield "json in json", json.dumps(escaped)[1:-1].encode()
    yield "percent", quote(text, safe="").encode()
    yield "percent in lower case", quote(text, safe="").lower().encode() if not text.isascii() else text.encode()


def base64_phases(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what base64 makes of `content` wherever it stands in a longer text: it has three forms."""
    for before, skipped in enumerate((0, 2, 3)):
        whole = base64.b64encode(bytes(before) + content + bytes(3))
        yield before, whole[skipped : (before + len(content)) * 8 // 6]


def _all(text: str) -> Iterator[tuple[str, bytes]]:
    for name, content in characters(text):
        yield from _wrapped(name, content)


def _wrapped(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    for phase, written in base64_phases(content):
        yield f"{name}, base64 phase {phase}", written
        yield f"{name}, base64url phase {phase}", written.translate(bytes.maketrans(b"+/", b"-_"))
    yield f"{name}, hex", content.hex().encode()
    yield f"{name}, HEX", content.hex().upper().encode()


def from_base64url(text: str) -> bytes:
    """Return the bytes of unpadded base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
