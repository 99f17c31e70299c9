"""Draws that look like chance and come out the same in every run, on every machine, in every release.

Not `random.Random`: what its methods make of a seed may change with Python; what SHA-256 makes of one does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def number(low: int, high: int, *about: object) -> int:
    """Draw an integer from `low` to `high`, both included; `about` says what is drawn, for whom."""
    name = "/".join(map(str, about)).encode()
    return low + int.from_bytes(hashlib.sha256(name).digest(), "big") % (high - low + 1)


def pick(choices: Sequence[T], *about: object) -> T:
    """Draw one of `choices`."""
    return choices[number(0, len(choices) - 1, *about)]


def digits(count: int, *about: object) -> str:
    """Draw a text of `count` decimal digits."""
    return f"{number(0, 10**count - 1, *about):0{count}d}"
