"""The identity envelope: what was proven about a person, readable only while their browser and their session are here."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`uid` is the checked national ID; `birth_date` (ISO) and `name` are what an authority vouched for, else None."""

    uid: str
    birth_date: str | None
    name: str | None

    def encode(self) -> bytes:
        """Return the envelope as bytes to be sealed."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @staticmethod
    def decode(content: bytes) -> "Envelope":
        """Read what `encode` wrote."""
        return Envelope(**json.loads(content))
