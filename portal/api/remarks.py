"""資料有誤: what a citizen says is wrong, and what became of it."""

from typing import Any
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import answers, bodies, cursors
from portal.api.describing import AFTER, IDEMPOTENCY_KEY, tells
from portal.api.idempotency import Made
from portal.api.operation import Operation
from portal.journeys import remarks
from portal.journeys.remarks import RemarkView

EXAMPLE_REMARK = {"path": "/records/0/paid", "remark": "The wage of January is counted twice.", "proposed": "540000"}
EXAMPLE_MADE = {"id": "5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10", "state": "queued"}


class OfItem(Operation):
    """`/parcels/{id}/items/{dataset}/remarks`."""

    gate = "citizen"

    @tells(
        "makeRemark",
        "Tell the agency that something in its data is wrong",
        body=bodies.MakeRemark,
        answers={201: answers.MadeRemark},
        refusals={
            403: "step_up",
            404: "not_found",
            409: "already_remarked no_desk illegal_state other_browser",
            410: "gone",
            422: "unknown_field idempotency_mismatch",
            429: "limit_reached",
            503: "busy",
        },
        parameters=(IDEMPOTENCY_KEY,),
        asks=EXAMPLE_REMARK,
        example=EXAMPLE_MADE,
    )
    def post(self, request: Request, id: UUID, dataset: str) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Send a remark about one place of an item that can be previewed. Its text goes to the agency and is kept by nobody.

        One open remark a place, 20 a day.
        """
        asked = self.body(bodies.MakeRemark)
        made = self.once(asked, lambda: self._make(id, dataset, asked), lambda made: remarks.of(self.http, made))
        return Response(answers.MadeRemark(made).data, status=201)

    def _make(self, parcel_id: UUID, dataset: str, asked: dict[str, Any]) -> Made[RemarkView]:
        made = remarks.make(
            self.http,
            parcel_id,
            dataset,
            path=asked["path"],
            remark=asked["remark"],
            proposed=asked.get("proposed"),
        )
        return Made(made.id, made)


class Remarks(Operation):
    """`/remarks`."""

    gate = "citizen"

    @tells(
        "listRemarks",
        "What became of your remarks, the newest first",
        answers={200: answers.page_of(answers.Remark)},
        parameters=(AFTER,),
        refusals={400: "malformed"},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """List the remarks with what the agencies answered; works in any browser."""
        page = remarks.listed(self.http, after=cursors.after(self.http))
        return Response(cursors.listing(answers.Remark(page.items, many=True).data, page.next))
