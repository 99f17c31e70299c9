"""The spool: ciphertext on disk, and nothing else. A body on its way in stands under a key that only memory knows.

File names carry the lease token of whoever wrote them, so that a file no live row names can be told and unlinked.
"""

import asyncio
import contextlib
import io
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from mydata.core.sealing import CHUNK, TAG

IN_MEMORY = 1024 * 1024


def path(name: str) -> Path:
    """Return where the spool file `name` stands."""
    folder: Path = settings.SPOOL_DIR
    return folder / name


def create(name: str) -> BinaryIO:
    """Open a new spool file for writing."""
    settings.SPOOL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path(name), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def unlink(name: str) -> None:
    """Remove a spool file; removing what is gone is no error."""
    if name:
        path(name).unlink(missing_ok=True)


def names() -> Iterator[os.DirEntry[str]]:
    """List the spool."""
    with contextlib.suppress(FileNotFoundError), os.scandir(settings.SPOOL_DIR) as entries:
        yield from entries


def check() -> None:
    """Raise OSError when the spool cannot be written."""
    probe = f"probe.{os.getpid()}.{os.urandom(8).hex()}"
    with create(probe) as file:
        file.write(b"\0")
    unlink(probe)


class Incoming:
    """A body on its way in: in memory up to 1 MiB, beyond that on disk in chunks under a throwaway key.

    The file is unlinked as soon as it is open, so that a death leaves neither name nor key.
    """

    def __init__(self, name: str) -> None:
        self._name = f"incoming.{name}"
        self._held = bytearray()
        self._cipher: AESGCM | None = None
        self._file: BinaryIO | None = None
        self._count = 0
        self.size = 0

    async def write(self, chunk: bytes) -> None:
        """Take the next bytes as they come from the wire."""
        self.size += len(chunk)
        self._held += chunk
        if self.size > IN_MEMORY:
            await asyncio.to_thread(self._spill)

    def reader(self) -> BinaryIO:
        """Return the whole body as a file that can be read from any place."""
        if self._file is None or self._cipher is None:
            return io.BytesIO(self._held)
        self._spill()
        if self._held:
            # Once only: a reader before this one has left the file somewhere in the middle.
            self._write_chunk(bytes(self._held))
            self._held.clear()
        return cast("BinaryIO", io.BufferedReader(_Spilled(self._file, self._cipher, self.size), CHUNK))

    def close(self) -> None:
        """Let the body and its key go."""
        self._held.clear()
        self._cipher = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _spill(self) -> None:
        if self._file is None:
            self._cipher = AESGCM(AESGCM.generate_key(256))
            self._file = create(self._name)
            unlink(self._name)
        while len(self._held) >= CHUNK:
            self._write_chunk(bytes(self._held[:CHUNK]))
            del self._held[:CHUNK]

    def _write_chunk(self, chunk: bytes) -> None:
        if self._file is not None and self._cipher is not None:
            self._file.write(self._cipher.encrypt(_nonce(self._count), chunk, None))
            self._count += 1


class _Spilled(io.RawIOBase):
    """Reads a spilled body from any place."""

    def __init__(self, file: BinaryIO, cipher: AESGCM, size: int) -> None:
        self._file, self._cipher, self._size = file, cipher, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # the io protocol's writable buffer
        if self._at >= self._size:
            return 0
        number, offset = divmod(self._at, CHUNK)
        self._file.seek(number * (CHUNK + TAG))
        chunk = self._cipher.decrypt(_nonce(number), self._file.read(CHUNK + TAG), None)
        piece = chunk[offset : offset + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def _nonce(number: int) -> bytes:
    return struct.pack(">IQ", 0, number)
