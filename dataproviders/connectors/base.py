"""What every wire format knows how to do."""

import datetime as dt
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from dataproviders.integrity import Checked, Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of an agency's answer, under a plain ASCII name."""

    name: str
    media_type: str
    content: bytes


class Connector(Protocol):
    """A wire format: checks an answer once when it comes, and reads its parts again whenever they are shown."""

    wire: str
    media_type: str
    original_name: str
    """The name under which the agency's own bytes are handed to the citizen."""

    def check(self, body: BinaryIO, expected: Expected, *, now: dt.datetime) -> Checked:
        """Check signature, digests, errand, subject and schema, in that order. Raises BadAnswer, WrongPerson."""

    def parts(self, original: bytes, dataset: str) -> list[Part]:
        """Return the data files of a checked answer, `{dataset}.json` first. Raises BadAnswer."""
