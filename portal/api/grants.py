"""線上同意: what is asked, and yes or no."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import answers, bodies
from portal.api.describing import IDEMPOTENCY_KEY, tells
from portal.api.idempotency import Made
from portal.api.operation import Operation
from portal.journeys import download
from portal.journeys.download import Choice, Given, Grant

EXAMPLE_CHOICE = {"id": "personal-income", "parameters": {}}
EXAMPLE_HASH = "9b74c9897bac770ffc029102a200c5de52a0f9d0d8f3c7d0c6d1d2f3a4b5c6d7"


class Grants(Operation):
    """`/grants`."""

    gate = "citizen"

    @tells(
        "draftGrant",
        "Choose one to five datasets and be shown what you would agree to",
        body=bodies.DraftGrant,
        answers={201: answers.DraftedGrant},
        refusals={422: "unknown_dataset too_many_datasets bad_parameters idempotency_mismatch", 503: "busy"},
        parameters=(IDEMPOTENCY_KEY,),
        asks={"datasets": [EXAMPLE_CHOICE]},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """Draft a grant. Nothing is fetched before it is given."""
        asked = self.body(bodies.DraftGrant)
        drafted = self.once(asked, lambda: self._make(asked), lambda made: download.grant(self.http, made))
        return Response(answers.DraftedGrant(_as_drafted(drafted)).data, status=201)

    def _make(self, asked: dict[str, Any]) -> Made[Grant]:
        choices = [Choice(chosen["id"], chosen["parameters"]) for chosen in asked["datasets"]]
        drafted = download.draft(self.http, choices)
        return Made(drafted.pk, drafted)


class Give(Operation):
    """`/grants/{id}/give`."""

    gate = "citizen"

    @tells(
        "giveGrant",
        "Agree, and have the data collected",
        body=bodies.GiveGrant,
        answers={201: answers.GivenGrant},
        refusals={
            403: "step_up",
            404: "not_found",
            409: "wording_changed illegal_state other_browser",
            422: "idempotency_mismatch",
            503: "busy",
        },
        parameters=(IDEMPOTENCY_KEY,),
        asks={"wording_hash": EXAMPLE_HASH},
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Agree to the very wording that was shown. `step_up` names the `required_level`."""
        asked = self.body(bodies.GiveGrant)
        given = self.once(asked, lambda: self._make(id, asked), self._again, known=id)
        return Response(answers.GivenGrant(_as_given(given)).data, status=201)

    def _make(self, grant_id: UUID, asked: dict[str, Any]) -> Made[Given]:
        given = download.give(self.http, grant_id, wording_hash=asked["wording_hash"])
        return Made(grant_id, given)

    def _again(self, grant_id: UUID) -> Given:
        return download.given(self.http, grant_id)


class Refuse(Operation):
    """`/grants/{id}/refuse`."""

    gate = "citizen"

    @tells(
        "refuseGrant",
        "Do not agree",
        body=bodies.Empty,
        answers={200: answers.GrantState},
        refusals={404: "not_found", 409: "illegal_state"},
        example={"state": "refused"},
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Refuse a draft; nothing is fetched."""
        self.body(bodies.Empty)
        return Response(answers.GrantState(download.refuse(self.http, id)).data)


class Withdraw(Operation):
    """`/grants/{id}/withdraw`."""

    gate = "citizen"

    @tells(
        "withdrawGrant",
        "Take the consent back",
        body=bodies.Empty,
        answers={200: answers.GrantState},
        refusals={404: "not_found", 409: "illegal_state"},
        example={"state": "withdrawn"},
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Withdraw a given grant before its file is claimed, in any browser; everything collected is destroyed at once."""
        self.body(bodies.Empty)
        return Response(answers.GrantState(download.withdraw(self.http, id)).data)


class Receipt(Operation):
    """`/grants/{id}/receipt`."""

    gate = "citizen"

    @tells(
        "getReceipt",
        "The signed consent record",
        answers={(200, "application/jose"): OpenApiTypes.STR},
        refusals={404: "not_found"},
    )
    def get(self, request: Request, id: UUID) -> HttpResponse:  # noqa: A002, ARG002 - the contract's name; DRF's hook
        """Return the compact JWS (`typ` `mydata-consent+jws`); its keys are at `/.well-known/jwks.json`."""
        return HttpResponse(download.receipt(self.http, id), content_type="application/jose")


def _as_drafted(grant: Grant) -> dict[str, Any]:
    """Answer as when it was drafted, whatever has become of it since: a repeated call is answered the same."""
    return {
        "id": grant.pk,
        "state": Grant.State.DRAFTED,
        "required_level": grant.required_level,
        "wording": grant.wording,
        "wording_hash": grant.wording_hash,
        "datasets": grant.datasets,
        "expires_at": grant.drafted_at + dt.timedelta(seconds=settings.DRAFT_TTL),
    }


def _as_given(given: Given) -> dict[str, Any]:
    return {
        "state": Grant.State.GIVEN,
        "parcel": given.parcel.id,
        "receipt": given.receipt,
        "expires_at": given.parcel.expires_at,
    }
