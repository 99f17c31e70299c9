"""個人雲: what was collected, to look at, to take and to see destroyed."""

import dataclasses
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from personal_cloud.parcels import FileView, ParcelView
from portal import sending_files
from portal.api import answers, bodies, cursors, errors, idempotency
from portal.api.describing import AFTER, IDEMPOTENCY_KEY, tells
from portal.api.operation import Operation
from portal.journeys import download

EXAMPLE_DIGEST = "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c"
OPENING = {403: "step_up", 404: "not_found", 409: "illegal_state other_browser", 410: "gone"}
HEADERS = tuple(
    OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=meaning)
    for name, meaning in (
        ("If-Match", "`etag` of the claim, for clients without its cookie"),
        ("Range", "one range of bytes"),
        ("If-Range", "`etag` of the claim: the range only if the file is still the same"),
    )
)


class Parcels(Operation):
    """`/parcels`."""

    gate = "citizen"

    @tells(
        "listParcels",
        "Your parcels, the newest first",
        answers={200: answers.page_of(answers.Parcel)},
        parameters=(AFTER,),
        refusals={400: "malformed"},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """List the parcels, those that were destroyed too; works in any browser."""
        after = cursors.after(self.http)
        rows, cursor = cursors.page(download.parcel_list(self.http), after=after, name=lambda row: str(row.id))
        written = answers.Parcel([_written(row) for row in rows], many=True).data
        return Response(cursors.listing(written, cursor))


class Parcel(Operation):
    """`/parcels/{id}`."""

    gate = "citizen"

    @tells("getParcel", "How far one parcel is", answers={200: answers.Parcel}, refusals={404: "not_found"})
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Return one parcel with the state of each dataset; after the purge too."""
        return Response(answers.Parcel(_written(download.parcel(self.http, id))).data)


class Item(Operation):
    """`/parcels/{id}/items/{dataset}`."""

    gate = "citizen"

    @tells("previewItem", "Look at the values", answers={200: answers.Preview}, refusals=OPENING)
    def get(self, request: Request, id: UUID, dataset: str) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Open one dataset in the browser that agreed; nothing but a line in the record of use changes by it."""
        return Response(answers.Preview(download.preview(self.http, id, dataset)).data)


class Claim(Operation):
    """`/parcels/{id}/claim`."""

    gate = "citizen"

    @tells(
        "claimParcel",
        "Claim the file, once",
        body=bodies.ClaimParcel,
        answers={201: answers.ClaimedFile},
        refusals={
            403: "step_up",
            404: "not_found",
            409: "already_claimed illegal_state other_browser",
            410: "gone",
            422: "idempotency_mismatch",
            503: "busy",
        },
        parameters=(IDEMPOTENCY_KEY,),
        asks={"passphrase": "a sentence that only you know"},
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Have the file made, with a passphrase as an encrypted zip, and get the HttpOnly cookie `claim_{id}` for it."""
        asked = self.body(bodies.ClaimParcel)
        claimed = download.claim(self.http, id, passphrase=asked.get("passphrase"), key=idempotency.key_of(self.http))
        response = Response(answers.ClaimedFile(_file(id, claimed.file)).data, status=201)
        response.set_cookie(
            claim_cookie(id),
            claimed.cookie,
            max_age=settings.PARCEL_TTL,
            httponly=True,
            secure=settings.HTTPS,
            samesite="Lax",
        )
        return response


class File(Operation):
    """`/parcels/{id}/file`."""

    gate = "citizen"

    @tells(
        "downloadParcel",
        "The claimed file, whole or by range",
        answers={(200, "application/zip"): OpenApiTypes.BINARY, (206, "application/zip"): OpenApiTypes.BINARY},
        refusals={
            403: "step_up",
            404: "not_found",
            409: "claim_first other_browser",
            410: "gone",
            412: "claim_first",
            416: "malformed",
        },
        parameters=HEADERS,
    )
    def get(self, request: Request, id: UUID) -> HttpResponseBase:  # noqa: A002 - the contract's name
        """Send the same bytes every time, to the claim's cookie or `If-Match`. Nothing changes by it until it is received."""
        opened = download.file(
            self.http, id, claim=request.COOKIES.get(claim_cookie(id)), etag=sending_files.asked_etag(self.http)
        )
        answer = sending_files.send(self.http, opened)
        return _explained(answer, request) if answer.status_code == 416 else answer

    head = get


class Received(Operation):
    """`/parcels/{id}/received`."""

    gate = "citizen"

    @tells(
        "acknowledgeParcel",
        "Say that the file arrived",
        body=bodies.AcknowledgeParcel,
        answers={200: answers.PurgedParcel},
        refusals={404: "not_found", 409: "claim_first digest_mismatch", 410: "gone"},
        asks={"sha256": EXAMPLE_DIGEST},
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Have everything destroyed at once. Repeating it answers the same; a wrong digest destroys nothing."""
        asked = self.body(bodies.AcknowledgeParcel)
        return Response(answers.PurgedParcel(download.acknowledge(self.http, id, sha256=asked["sha256"])).data)


def claim_cookie(parcel_id: UUID) -> str:
    """Name the cookie that fetches a claimed file."""
    return f"claim_{parcel_id}"


def _written(parcel: ParcelView) -> dict[str, Any]:
    members = {field.name: getattr(parcel, field.name) for field in dataclasses.fields(parcel)}
    return members | {"file": _file(parcel.id, parcel.file) if parcel.file else None}


def _file(parcel_id: UUID, file: FileView) -> dict[str, Any]:
    return {
        "etag": f'"{file.etag}"',
        "sha256": file.sha256,
        "size": file.size,
        "name": file.name,
        "href": reverse("api:downloadParcel", kwargs={"id": parcel_id}),
    }


def _explained(refused: HttpResponseBase, request: Request) -> Response:
    """Put a problem document into the bare refusal of a range, keeping its headers."""
    explained = errors.document(errors.RangeRefused(), request)
    for name in ("Accept-Ranges", "Content-Range", "ETag", "Cache-Control"):
        explained[name] = refused[name]
    return explained
