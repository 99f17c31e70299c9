"""驗證身分: which way suits me now. Methods in order of strength; what is known is never asked again."""

import base64
from typing import Any
from uuid import UUID

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dataproviders import catalogue
from identity import gates
from identity.levels import AssuranceLevel
from identity.methods import registry
from mydata.core.errors import MyDataError
from portal.citizen import choosing, once
from portal.citizen.basket import Basket
from portal.citizen.claims import CertificateClaim, TwoDocumentsClaim
from portal.citizen.pages import show, way_back
from portal.journeys import signing_in
from portal.journeys.signing_in import Started

REASONS = {
    "not_accepted": _("沒有通過：您提供的與機關的紀錄不符。為了保護您，不會指出是哪一項。請對照證件再試一次。"),
    "limit_reached": _("嘗試次數已達上限。請稍後再試，或改用更強的驗證方式，不受這個限制。"),
    "authority_down": _("查驗證件的機關目前沒有回應，您的資料沒有被取用。請稍後再試，或改用其他方式。"),
}


@gates.anyone
@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """Show the methods as cards, the strongest first, each with what it does not open."""
    required = _required_level(request)
    cards = [
        {
            "method": method,
            "suits": required is None or required.satisfied_by(method.level),
            "address": f"{reverse(method.name)}?{_carried(request)}",
            "closed": [one for one in catalogue.offered() if one.is_available and method.name not in one.methods],
        }
        for method in registry.offered()
    ]
    facts = {"cards": cards, "required": required, "chosen": Basket(request).datasets}
    return show(request, "citizen/verify.html", facts)


@gates.anyone
@require_http_methods(["GET", "HEAD", "POST"])
def two_documents(request: HttpRequest) -> HttpResponse:
    """Ask for two documents; they are decided at once."""
    form = TwoDocumentsClaim(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _form_page(request, "citizen/two_documents.html", form)
    mark = request.POST.get("mark", "")
    before = once.answered(request, mark)
    if before is not None:
        return _form_page(request, "citizen/two_documents.html", form, reason=before)
    outcome = signing_in.start(request, method="two_documents", claim=form.claim)
    if outcome.state == "failed":
        reason = outcome.reason or "not_accepted"
        once.keep(request, mark, reason)
        return _form_page(request, "citizen/two_documents.html", form, reason=reason)
    return _onward(request, outcome)


@gates.anyone
@require_http_methods(["GET", "HEAD", "POST"])
def citizen_certificate(request: HttpRequest) -> HttpResponse:
    """Ask whose certificate it is, and go on to the challenge."""
    form = CertificateClaim(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _form_page(request, "citizen/citizen_certificate.html", form)
    outcome = signing_in.start(request, method="citizen_certificate", claim=form.claim)
    return redirect(f"{reverse('challenge', args=[outcome.id])}?{_carried(request)}")


@gates.anyone
@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"connect-src": [settings.CARD_COMPONENT]})  # type: ignore[arg-type]  # it passes the address's arguments on
def challenge(request: HttpRequest, verification_id: UUID) -> HttpResponseBase:
    """Show what is to be signed; sent, check the signature. Raises NotFound, AlreadyAnswered, Malformed."""
    if request.method == "POST":
        signature = "".join(request.POST.get("cms", "").split())
        return _onward(request, signing_in.answer(request, verification_id, {"cms": signature}))
    outcome = signing_in.look(request, verification_id)
    if outcome.state != "pending":
        return _onward(request, outcome)
    data = (outcome.challenge or {}).get("data", "")
    facts = {
        "data": data,
        "text": base64.b64decode(data).decode(),
        "component": settings.CARD_COMPONENT,
        "carried": _carried(request),
    }
    return show(request, "citizen/challenge.html", facts)


@gates.anyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go home."""
    signing_in.sign_out(request)
    return redirect("home")


def _onward(request: HttpRequest, outcome: Started) -> HttpResponse:
    """Lead on from a decided attempt: to where the citizen was, or to what is still missing."""
    if outcome.state == "failed":
        return redirect(f"{reverse(outcome.method)}?{_carried(request, reason=outcome.reason or 'not_accepted')}")
    if outcome.next is not None:
        return show(request, "citizen/first_use.html", {"outcome": outcome})
    if choosing.is_waiting(request):
        try:
            return redirect("consent", grant_id=choosing.draft(request, Basket(request)).pk)
        except MyDataError:
            return redirect("choose")
    return redirect(way_back(request, otherwise=reverse("home")))


def _form_page(request: HttpRequest, template: str, form: Any, *, reason: str = "") -> HttpResponse:  # noqa: ANN401 - either claim's form
    told = reason or ("" if form.is_bound else request.GET.get("reason", ""))
    facts = {"form": form, "reason": REASONS.get(told), "mark": once.fresh(), "next": way_back(request, otherwise="")}
    return show(request, template, facts, status=422 if form.is_bound else 200)


def _required_level(request: HttpRequest) -> AssuranceLevel | None:
    asked = request.GET.get("level", "")
    return AssuranceLevel(int(asked)) if asked in {str(level.value) for level in AssuranceLevel} else None


def _carried(request: HttpRequest, **more: str) -> str:
    """Return the query that carries the way back from page to page."""
    back = way_back(request, otherwise="")
    return urlencode(({"next": back} if back else {}) | more)
