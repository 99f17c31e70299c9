"""What every method of proving an identity is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol
from uuid import UUID

from identity.levels import AssuranceLevel


class NotAccepted(Exception):
    """The proof is well-formed and does not hold."""


class AuthorityDown(Exception):
    """An authority that has to be asked does not answer, or not in a way that can be believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """What authorities vouched for; what none did is None. `birth_date` is ISO 8601."""

    name: str | None
    birth_date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt as a method sees it: the claim with its national ID normalised, and the challenge's 32 random bytes."""

    id: UUID
    claim: Mapping[str, str]
    nonce: bytes


class Method(Protocol):
    """One way of proving who somebody is."""

    name: str
    level: AssuranceLevel
    wire_code: str
    """How `/connect/introspect` names it: CER, MOE, NHI or PII."""
    title: ClassVar[Mapping[str, str]]
    needs: ClassVar[Mapping[str, str]]
    claim_schema: ClassVar[Mapping[str, Any]]
    answer_schema: ClassVar[Mapping[str, Any] | None]
    """None where the claim is decided at once."""

    def challenge(self, attempt: Attempt) -> dict[str, str] | None:
        """Return what the person has to answer, or None where the claim is decided at once."""

    def decide(self, attempt: Attempt, answer: Mapping[str, Any]) -> Proven:
        """Check the proof. Raises NotAccepted, AuthorityDown, Malformed."""
