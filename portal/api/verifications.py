"""身分驗證: proving who somebody is."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from mydata.core.errors import NotFound
from portal.api import answers, bodies
from portal.api.describing import IDEMPOTENCY_KEY, tells
from portal.api.idempotency import Made
from portal.api.operation import Operation
from portal.journeys import signing_in
from portal.journeys.signing_in import Started

EXAMPLE_ID = "5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10"
EXAMPLE_CLAIM = {
    "method": "two_documents",
    "claim": {
        "national_id": "A123456789",
        "birth_date": "1990-01-31",
        "health_card_no": "000012345678",
        "id_issued_on": "2015-07-01",
    },
}
EXAMPLE_STARTED = {"state": "verified", "level": 4, "next": None, "id": EXAMPLE_ID, "method": "two_documents"}


class Verifications(Operation):
    """`/verifications`."""

    gate = "anyone"

    @tells(
        "startVerification",
        "Begin to prove who you are",
        body=bodies.StartVerification,
        answers={201: answers.StartedVerification},
        refusals={422: "bad_national_id idempotency_mismatch", 429: "limit_reached", 503: "busy"},
        parameters=(IDEMPOTENCY_KEY,),
        asks=EXAMPLE_CLAIM,
        example=EXAMPLE_STARTED,
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """Begin an attempt. A claim that does not hold is no error: `{state: "failed", reason: "not_accepted"}`."""
        asked = self.body(bodies.StartVerification)
        started = self.once(asked, lambda: self._make(asked), lambda made: self._again(asked, made))
        return Response(answers.StartedVerification(started).data, status=201)

    def _make(self, asked: dict[str, Any]) -> Made[Started]:
        started = signing_in.start(self.http, method=asked["method"], claim=asked["claim"])
        return Made(started.id, started)

    def _again(self, asked: dict[str, Any], made: UUID) -> Started:
        """Say where the first attempt stands; a browser that never got its session begins another."""
        try:
            return signing_in.look(self.http, made)
        except NotFound:
            return self._make(asked).answer


class Answer(Operation):
    """`/verifications/{id}/answer`."""

    gate = "anyone"

    @tells(
        "answerVerification",
        "Answer the challenge",
        body=bodies.AnswerVerification,
        answers={200: answers.Verification},
        refusals={404: "not_found", 409: "already_answered", 429: "limit_reached"},
        asks={"cms": "MIIG…"},
        example={"state": "verified", "level": 1, "next": None},
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Answer an attempt that this browser began. A proof that does not hold is no error, see `state` and `reason`."""
        ended = signing_in.answer(self.http, id, self.body(bodies.AnswerVerification))
        return Response(answers.Verification(ended).data)
