"""What an agency is about to say, before it is signed in one of the two forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sandbox.agencies.datasets import Data, Dataset
from sandbox.faults import Kind


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One dataset of one person for one transaction."""

    dataset: Dataset
    tx_id: str
    sub: str
    audience: str
    """The portal's issuer."""
    data: Data


class Wire(Protocol):
    """One of the two forms, with the key of one dataset."""

    content_type: str

    def seal(self, answer: Answer, kind: Kind | None = None) -> bytes:
        """Return the signed answer; `kind` may ask for a false one."""
        ...

    def registration(self) -> dict[str, object]:
        """Return what the portal must know to check it: `certificate_pem` or `jwks`."""
        ...
