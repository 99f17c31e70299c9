"""使用紀錄 and 通知: who did what with my data, and what was I told."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dataproviders import catalogue
from identity import gates
from portal.citizen.pages import show
from portal.journeys import download
from portal.notices import reading


@gates.citizen
@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """Show one line a use, the newest first, refused and failed ones too. Raises Malformed for a bad cursor."""
    page = download.usage(request, after=request.GET.get("after"))
    names = dict(catalogue.offered().values_list("id", "name"))
    lines = [(line, [names.get(dataset, dataset) for dataset in line.datasets]) for line in page.items]
    return show(request, "citizen/usage.html", {"lines": lines, "next": page.next})


@gates.citizen
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show what the citizen was told, by which way, and whether it arrived. Raises Malformed for a bad cursor."""
    page = reading.notices_for(gates.sign_in(request).subject, after=request.GET.get("after"))
    return show(request, "citizen/notices.html", {"lines": page.items, "next": page.next})
