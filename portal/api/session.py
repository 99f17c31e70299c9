"""The session: who is signed in, and signing out."""

from django.middleware.csrf import get_token
from rest_framework.request import Request
from rest_framework.response import Response

from identity import gates
from portal.api import answers
from portal.api.bodies import Empty
from portal.api.describing import tells
from portal.api.operation import Operation
from portal.journeys import signing_in


class Session(Operation):
    """`/session`."""

    gate = "anyone"

    @tells("getSession", "Who is signed in, and the token for unsafe calls", answers={200: answers.Session})
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """Return the token, and the sign-in where there is one. Keep every cookie that comes with it."""
        found = gates.sign_in_or_none(self.http)
        told = {"csrf": get_token(self.http)} | ({} if found is None else _of(found))
        return Response(answers.Session(told).data)

    @tells("endSession", "Sign out", answers={204: None})
    def delete(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """End the session; signing out twice is no error."""
        self.body(Empty)
        signing_in.sign_out(self.http)
        return Response(status=204)


def _of(found: gates.SignIn) -> dict[str, object]:
    return {
        "subject": found.subject,
        "level": found.level.value,
        "method": found.method,
        "verified_at": found.verified_at,
        "expires_at": found.expires_at,
        "role": "citizen",
    }
