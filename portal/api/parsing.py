"""Bodies are I-JSON objects (RFC 7493): what two readers could understand differently is refused, not guessed."""

import json
from collections.abc import Iterator
from typing import Any, Never

from django.http import HttpRequest

from mydata.core.errors import Malformed

MEDIA_TYPE = "application/json"
DEEPEST = 32
LARGEST = 2**53 - 1
"""RFC 7493 section 2.2: whole numbers beyond this are not the same number everywhere."""


def of(request: HttpRequest) -> dict[str, Any]:
    """Return the object that came with a request, an empty one where nothing came.

    Raises Malformed for anything else, RequestDataTooBig above the site's limit.
    """
    if (request.META.get("CONTENT_LENGTH") or "0") == "0":
        return {}
    if request.content_type != MEDIA_TYPE:
        raise Malformed
    return read(request.body)


def read(body: bytes) -> dict[str, Any]:
    """Return the object that `body` is.

    1. It is UTF-8 (RFC 7493 section 2.1). 2. It is JSON without NaN or Infinity. 3. No name stands twice (section 2.3).
    4. Its numbers are the same everywhere (section 2.2). 5. Its texts are Unicode without NUL and it is at most `DEEPEST`
    deep: what databases and the readers below can hold. Raises Malformed.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_without_repetition,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_refuse,
        )
        for text in _texts(value):
            text.encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(value, dict):
        raise Malformed
    return value


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed
    return members


def _whole(digits: str) -> int:
    number = int(digits)
    if abs(number) > LARGEST:
        raise Malformed
    return number


def _finite(digits: str) -> float:
    number = float(digits)
    if abs(number) == float("inf"):
        raise Malformed
    return number


def _refuse(_constant: str) -> Never:
    raise Malformed


def _texts(value: object) -> Iterator[str]:
    """Walk all texts, names included, without recursion. Raises Malformed for a NUL or too deep a nesting."""
    waiting = [(value, 0)]
    while waiting:
        here, depth = waiting.pop()
        if depth > DEEPEST:
            raise Malformed
        if isinstance(here, str):
            if "\0" in here:
                raise Malformed
            yield here
        elif isinstance(here, dict):
            waiting += [(part, depth + 1) for member in here.items() for part in member]
        elif isinstance(here, list):
            waiting += [(part, depth + 1) for part in here]
