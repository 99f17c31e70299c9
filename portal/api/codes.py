"""在另一個裝置打開: a code shown here, brought there."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from personal_cloud.errors import NotAllowedForService
from portal.api import answers, bodies
from portal.api.describing import IDEMPOTENCY_KEY, tells
from portal.api.idempotency import Made
from portal.api.operation import Operation
from portal.journeys import pickup
from portal.journeys.pickup import ParcelView, Shown

EXAMPLE_SHOWN = {
    "id": "5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10",
    "qr": "MYD1:0123456789ABCDEFGHJKMNPQRSTVWXYZ",
    "spoken": "0123-4567-89AG",
    "expires_at": "2026-11-23T08:20:00Z",
}


class Codes(Operation):
    """`/parcels/{id}/codes`."""

    gate = "citizen"

    @tells(
        "createCode",
        "Have a code shown that opens a sealed parcel on another device of yours",
        body=bodies.CreateCode,
        answers={201: answers.ShownCode},
        refusals={
            403: "step_up",
            404: "not_found",
            409: "illegal_state other_browser",
            410: "gone",
            422: "not_allowed_for_service idempotency_mismatch",
            503: "busy",
        },
        parameters=(IDEMPOTENCY_KEY,),
        asks={},
        example=EXAMPLE_SHOWN,
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Make a code in a browser that opens the parcel; the one before is revoked. Bring it to `pickUp`."""
        asked = self.body(bodies.CreateCode)
        shown = self.once(asked, lambda: self._make(id, asked), lambda made: pickup.shown(self.http, made))
        return Response(answers.ShownCode(_as_shown(shown)).data, status=201)

    def _make(self, parcel_id: UUID, asked: dict[str, Any]) -> Made[Shown]:
        if asked:
            raise NotAllowedForService
        shown = pickup.show(self.http, parcel_id)
        return Made(shown.id, shown)


class Code(Operation):
    """`/codes/{id}`."""

    gate = "citizen"

    @tells(
        "revokeCode",
        "Take a code back",
        answers={204: None},
        refusals={404: "not_found", 409: "code_used", 410: "code_expired"},
    )
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Revoke a code that was not used yet, in any browser; doing it twice is no error."""
        self.body(bodies.Empty)
        pickup.revoke(self.http, id)
        return Response(status=204)


class PickUps(Operation):
    """`/pickups`."""

    gate = "citizen"

    @tells(
        "pickUp",
        "Bring a code of your own: from now on this browser opens its parcel too",
        body=bodies.PickUp,
        answers={201: answers.PickedUp},
        refusals={
            403: "step_up",
            404: "not_found",
            409: "code_used code_revoked",
            410: "code_expired gone",
            422: "code_mistyped idempotency_mismatch",
            429: "limit_reached",
            503: "busy",
        },
        parameters=(IDEMPOTENCY_KEY,),
        asks={"code": EXAMPLE_SHOWN["spoken"]},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """Open a code, once, and get the HttpOnly cookie by which this browser opens the parcel.

        An unknown code, somebody else's too, is 404 and counts: five in 15 minutes, for you and for your network address.
        """
        written = self.body(bodies.PickUp)["code"]
        # The code is no part of the kept digest of the body, from which it could be guessed: it is compared with the one used.
        opened = self.once({}, lambda: self._make(written), lambda made: pickup.picked_up(self.http, made, written))
        return Response(answers.PickedUp(_as_picked_up(opened)).data, status=201)

    def _make(self, written: str) -> Made[ParcelView]:
        code_id, opened = pickup.pick_up(self.http, written)
        return Made(code_id, opened)


def _as_shown(shown: Shown) -> dict[str, Any]:
    return {"id": shown.id, "qr": shown.qr.text, "spoken": shown.spoken.text, "expires_at": shown.expires_at}


def _as_picked_up(opened: ParcelView) -> dict[str, Any]:
    return {"parcel": opened.id, "expires_at": opened.expires_at}
