"""預覽: is it right. A document, with its issuer, time and the checked signature."""

import datetime as dt
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dataproviders.remarks import desk
from identity import gates
from personal_cloud.presentation import present
from portal.citizen.pages import picture_alone, show
from portal.citizen.paging import turned
from portal.design.language import spoken
from portal.journeys import download


@gates.citizen
@require_safe
def preview(request: HttpRequest, parcel_id: UUID, dataset_id: str) -> HttpResponse:
    """Show one item of a sealed parcel. Raises NotFound, Gone, OtherBrowser, IllegalMove."""
    seen = download.preview(request, parcel_id, dataset_id)
    facts = {
        "parcel_id": parcel_id,
        "seen": seen,
        "pictures_at": reverse("picture", args=[parcel_id, dataset_id]),
        "document": turned(present(seen.schema, seen.data, language=spoken()), request.GET.getlist("page")),
        "issued_at": dt.datetime.fromisoformat(seen.provenance.issued_at),
        "takes_remarks": desk.is_open_for(dataset_id),
        "received_at": dt.datetime.fromisoformat(seen.provenance.received_at),
    }
    return show(request, "citizen/preview.html", facts)


@gates.citizen
@require_safe
def picture(request: HttpRequest, parcel_id: UUID, dataset_id: str) -> HttpResponse:
    """Hand one picture of an item to the page that shows it. Raises NotFound, Gone, OtherBrowser, IllegalMove."""
    found = download.picture(request, parcel_id, dataset_id, path=request.GET.get("path", ""))
    return picture_alone(found)
