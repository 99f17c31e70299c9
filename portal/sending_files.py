"""A claimed file over HTTP: whole or one range (RFC 9110, section 14), the same bytes every time, never kept by a cache."""

import base64
import re
from collections.abc import Iterator
from typing import Protocol

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


class Sendable(Protocol):
    """An open file: `size` in bytes, `etag` without quotes, `sha256` in lower-case hex."""

    size: int
    etag: str
    name: str
    sha256: str

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes [start, end)."""

    def close(self) -> None:
        """Let go of it."""


class Passage:
    """The bytes [start, end) of an open file on their way; Django closes it when the answer ends, however it ends."""

    def __init__(self, file: Sendable, start: int, end: int) -> None:
        self._file, self._bytes = file, file.read(start, end)

    def __iter__(self) -> Iterator[bytes]:
        return self._bytes

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def asked_etag(request: HttpRequest) -> str | None:
    """Return the entity tag of `If-Match` without its quotes, or None where there is none."""
    written = request.headers.get("If-Match")
    return written.strip().strip('"') if written is not None else None


def send(request: HttpRequest, file: Sendable) -> HttpResponseBase:
    """Answer GET or HEAD: 200 whole, 206 for one range, 416 for one that holds no byte.

    Several ranges at once are answered whole, as section 14.2 allows; so is a range whose `If-Range` names another file.
    """
    wanted = _wanted(request, file)
    if wanted is None:
        return _described(_answer(request, file, 0, file.size, status=200), file)
    start, end = wanted
    if start >= end:
        file.close()
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{file.size}"
        return _described(refused, file)
    answer = _answer(request, file, start, end, status=206)
    answer["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return _described(answer, file)


def _wanted(request: HttpRequest, file: Sendable) -> tuple[int, int] | None:
    """Return the asked range as [start, end), empty where it holds no byte, or None for the whole file."""
    asked = _ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    unchanged = request.headers.get("If-Range", f'"{file.etag}"') == f'"{file.etag}"'
    if request.method != "GET" or asked is None or asked.groups() == ("", "") or not unchanged:
        return None
    first, last = asked.groups()
    if not first:
        return max(0, file.size - int(last)), file.size
    end = min(int(last) + 1, file.size) if last else file.size
    return (int(first), end) if not last or int(last) >= int(first) else None


def _answer(request: HttpRequest, file: Sendable, start: int, end: int, *, status: int) -> HttpResponseBase:
    answer: HttpResponseBase
    if request.method == "HEAD":
        file.close()
        answer = HttpResponse(status=status, content_type="application/zip")
    else:
        answer = StreamingHttpResponse(Passage(file, start, end), status=status, content_type="application/zip")
    answer["Content-Length"] = str(end - start)
    return answer


def _described(answer: HttpResponseBase, file: Sendable) -> HttpResponseBase:
    answer["ETag"] = f'"{file.etag}"'
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "no-store, no-transform"
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=file.name))
    answer["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:"
    return answer
