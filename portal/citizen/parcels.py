"""取得中, 封存, 領取: one page whose content follows the parcel's state. It may be left; nothing moves that was not asked to."""

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from identity import contact, gates
from mydata.core import clock
from personal_cloud.parcels import ParcelView
from portal import sending_files
from portal.citizen import whereabouts
from portal.citizen.outcomes import outcome
from portal.citizen.pages import show
from portal.journeys import download

LONGEST_PASSPHRASE = 128


@gates.citizen
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the citizen's parcels, the live ones first."""
    parcels = download.parcel_list(request)
    facts = {
        "live": [parcel for parcel in parcels if parcel.state not in {"failed", "purged"}],
        "failed": [parcel for parcel in parcels if parcel.state == "failed"],
        "gone": [parcel for parcel in parcels if parcel.state == "purged"],
    }
    return show(request, "citizen/parcels.html", facts)


@gates.citizen
@require_safe
def parcel(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Show a parcel as it is now. Raises NotFound."""
    return show(request, "citizen/parcel.html", _facts(request, download.parcel(request, parcel_id)))


@gates.citizen
@require_safe
def progress(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Show the part of the page that changes, for the script that asks again. Raises NotFound."""
    return show(request, "citizen/parcel_body.html", _facts(request, download.parcel(request, parcel_id)))


@gates.citizen
@require_POST
def claim(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Claim the file; the browser keeps the claim in a cookie. Raises AlreadyClaimed, OtherBrowser, Gone, NotFound."""
    passphrase = request.POST.get("passphrase", "")[:LONGEST_PASSPHRASE] or None
    claimed = download.claim(request, parcel_id, passphrase=passphrase, key=request.POST.get("key") or None)
    response = redirect(f"{reverse('parcel', args=[parcel_id])}#take")
    left = download.parcel(request, parcel_id).expires_at - clock.now()
    response.set_cookie(
        _claim_cookie(parcel_id),
        claimed.cookie,
        max_age=max(1, int(left.total_seconds())),
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )
    return response


@gates.citizen
@require_http_methods(["GET", "HEAD"])
def file(request: HttpRequest, parcel_id: UUID) -> HttpResponseBase:
    """Send the claimed file, whole or by range, as often as needed. Raises ClaimFirst, OtherEtag, Gone, OtherBrowser."""
    cookie = request.COOKIES.get(_claim_cookie(parcel_id))
    opened = download.file(request, parcel_id, claim=cookie, etag=sending_files.asked_etag(request))
    return sending_files.send(request, opened)


@gates.citizen
@require_POST
def received(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Take the citizen's word that the file is stored, and have everything destroyed. Raises DigestMismatch, Gone."""
    download.acknowledge(request, parcel_id, sha256=request.POST.get("sha256", ""))
    return redirect("parcel", parcel_id=parcel_id)


def _facts(request: HttpRequest, seen: ParcelView) -> dict[str, Any]:
    masked = contact.masked(gates.sign_in(request).subject)
    return {
        "parcel": seen,
        "whereabouts": whereabouts.of(seen),
        "outcomes": [outcome(item) for item in seen.items],
        "has_data": any(item.state == "landed" for item in seen.items),
        "told_at": masked["email"] or masked["mobile"],
        "key": secrets.token_hex(16),
        "is_claimed_here": _claim_cookie(seen.id) in request.COOKIES,
    }


def _claim_cookie(parcel_id: UUID) -> str:
    return f"claim_{parcel_id}"
