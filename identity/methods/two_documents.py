"""雙證件驗證: 健保卡卡號 with 身分證領換補日期, or 健保卡卡號 with 戶口名簿戶號. Level 4, the weakest.

1. The health-insurance authority says whether the card number belongs to this person. 2. The household authority says the
same of the date of issue or the household number. Both are asked in every case, so that a wrong first document and a wrong
second one look alike. 3. Both must agree.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from identity import authorities
from identity.levels import AssuranceLevel
from identity.methods.base import Attempt, NotAccepted, Proven

DATE = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


class TwoDocuments:
    """Decided at once against two authorities."""

    name = "two_documents"
    level = AssuranceLevel.TWO_DOCUMENTS
    wire_code = "PII"
    title: ClassVar[Mapping[str, str]] = {"zh": "雙證件", "en": "Two documents"}
    needs: ClassVar[Mapping[str, str]] = {
        "zh": "健保卡，以及身分證（領補換日期）或戶口名簿（戶號）",
        "en": "Your health card, and your ID card (date of issue) or household certificate (household number)",
    }
    claim_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {
            "national_id": {"type": "string", "maxLength": 40},
            "birth_date": DATE,
            "health_card_no": {"type": "string", "pattern": "^[0-9]{12}$"},
            "id_issued_on": DATE,
            "household_no": {"type": "string", "pattern": "^[A-Z0-9]{8}$"},
        },
        "required": ["national_id", "birth_date", "health_card_no"],
        "oneOf": [{"required": ["id_issued_on"]}, {"required": ["household_no"]}],
        "additionalProperties": False,
    }
    answer_schema: ClassVar[Mapping[str, Any] | None] = None

    def challenge(self, attempt: Attempt) -> None:
        """Return None: there is nothing to answer."""

    def decide(self, attempt: Attempt, answer: Mapping[str, Any]) -> Proven:  # noqa: ARG002 - the shape of every method
        """Ask both authorities. Raises NotAccepted, AuthorityDown."""
        person = {key: attempt.claim[key] for key in ("national_id", "birth_date")}
        second = {key: attempt.claim[key] for key in ("id_issued_on", "household_no") if key in attempt.claim}
        card = authorities.ask(
            "health_insurance", "check", {**person, "health_card_no": attempt.claim["health_card_no"]}
        )
        household = authorities.ask("household", "check", {**person, **second})
        if not (card["match"] and household["match"]):
            raise NotAccepted
        return Proven(name=household.get("name"), birth_date=household.get("birth_date"))
