"""Receipts: what was agreed to, what was destroyed. A document to read, and the signed text to keep."""

import base64
import datetime as dt
import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from dataproviders import catalogue
from identity import gates
from mydata.core.errors import NotFound
from portal.citizen.pages import show
from portal.journeys import download


@gates.citizen
@require_safe
def consent(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Show what was agreed to. Raises NotFound."""
    receipt = download.receipt(request, grant_id)
    facts = {"grant": download.grant(request, grant_id), "claims": _claims(receipt), "receipt": receipt}
    return show(request, "citizen/consent_receipt.html", facts | {"names": _names(_claims(receipt)["datasets"])})


@gates.citizen
@require_safe
def consent_signed(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Hand out the signed consent record. Raises NotFound."""
    return _signed(download.receipt(request, grant_id), f"MyData-consent-{grant_id}.jws")


@gates.citizen
@require_safe
def deletion(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Show what was destroyed. Raises NotFound while nothing was."""
    receipt = _deletion(request, parcel_id)
    claims = _claims(receipt)
    names = _names([one["item"] for one in claims["destroyed"]])
    facts = {
        "parcel_id": parcel_id,
        "claims": claims,
        "receipt": receipt,
        "finished_at": dt.datetime.fromisoformat(claims["finished_at"]),
        "destroyed": [(name, one["commitment"]) for name, one in zip(names, claims["destroyed"], strict=True)],
    }
    return show(request, "citizen/deletion_receipt.html", facts)


@gates.citizen
@require_safe
def deletion_signed(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Hand out the signed deletion receipt. Raises NotFound while nothing was destroyed."""
    return _signed(_deletion(request, parcel_id), f"MyData-deletion-{parcel_id}.jws")


def _deletion(request: HttpRequest, parcel_id: UUID) -> str:
    receipt = download.parcel(request, parcel_id).deletion_receipt
    if receipt is None:
        raise NotFound
    return receipt


def _claims(receipt: str) -> dict[str, Any]:
    """Read the claims of our own compact JWS (RFC 7515, section 3.1)."""
    payload = receipt.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _names(datasets: list[str]) -> list[str]:
    known = dict(catalogue.offered().values_list("id", "name"))
    return [known.get(name, name) for name in datasets]


def _signed(receipt: str, name: str) -> HttpResponse:
    response = HttpResponse(receipt, content_type="application/jose")
    response["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=name))
    response["Cache-Control"] = "no-store"
    return response
