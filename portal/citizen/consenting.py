"""同意: to what do I agree. Who, what, why, how long; then the very words; yes and no of equal weight."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from consent.models import Grant
from dataproviders import catalogue
from identity import gates
from identity.errors import StepUp
from mydata.core.errors import IllegalMove
from portal.citizen import whereabouts
from portal.citizen.pages import show
from portal.journeys import download


@gates.citizen
@require_safe
def consent(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Ask the question; one that is answered leads to what came of it. Raises NotFound."""
    grant = download.grant(request, grant_id)
    if grant.state != Grant.State.DRAFTED:
        return _answered(request, grant)
    if not grant.required_level.satisfied_by(gates.sign_in(request).level):
        raise StepUp(required_level=grant.required_level.value)
    facts = {
        "grant": grant,
        "datasets": [catalogue.find(name) for name in grant.dataset_ids],
        "lifetime": settings.PARCEL_TTL,
        "whereabouts": whereabouts.untouched(),
    }
    return show(request, "citizen/consent.html", facts)


@gates.citizen
@require_POST
def give(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Agree. Sent twice, it leads to the same parcel. Raises StepUp, WordingChanged, OtherBrowser, NotFound."""
    try:
        given = download.give(request, grant_id, wording_hash=request.POST.get("wording_hash", ""))
    except IllegalMove:
        return _answered(request, download.grant(request, grant_id))
    except StepUp as error:
        asked = {"next": reverse("consent", args=[grant_id]), "level": str(error.facts["required_level"])}
        return redirect(f"{reverse('verify')}?{urlencode(asked)}")
    return redirect("parcel", parcel_id=given.parcel.id)


@gates.citizen
@require_POST
def refuse(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Do not agree. Raises IllegalMove, NotFound."""
    download.refuse(request, grant_id)
    return redirect("consent", grant_id=grant_id)


@gates.citizen
@require_POST
def withdraw(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """Take the consent back; everything is destroyed at once. Raises IllegalMove, NotFound."""
    download.withdraw(request, grant_id)
    return redirect("parcel", parcel_id=download.given(request, grant_id).parcel.id)


def _answered(request: HttpRequest, grant: Grant) -> HttpResponse:
    if grant.given_at is not None:
        return redirect("parcel", parcel_id=download.given(request, grant.pk).parcel.id)
    return show(request, "citizen/not_given.html", {"grant": grant, "whereabouts": whereabouts.untouched()})
