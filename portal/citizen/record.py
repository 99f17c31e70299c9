"""使用紀錄 and 通知: who did what with my data, and what was I told."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit import reading
from identity import gates
from mydata.core import clock
from portal.citizen import trail_paper, trail_sheet
from portal.citizen.pages import show
from portal.citizen.trail import TrailForm, catalogue_names
from portal.journeys import download
from portal.notices import reading as notice_reading

Attachment = TypeVar("Attachment", HttpResponse, StreamingHttpResponse)


@gates.citizen
@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """Show one line a use, the newest first, refused and failed ones too. Raises Malformed for a bad cursor."""
    form = _form(request)
    if not form.is_valid():
        return show(request, "citizen/usage.html", {"form": form}, status=422)
    page = download.usage(request, asked=form.asked, after=request.GET.get("after"))
    names = catalogue_names()
    lines = [(line, [names.get(dataset, dataset) for dataset in line.datasets]) for line in page.items]
    return show(request, "citizen/usage.html", {"form": form, "lines": lines, "next": page.next})


@gates.citizen
@require_safe
def sheet(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Hand out the record asked for as a sheet (CSV), line by line as it is read."""
    form = _form(request)
    if not form.is_valid():
        return show(request, "citizen/usage.html", {"form": form}, status=422)
    lines = reading.whole_trail(gates.sign_in(request).subject, asked=form.asked, most=trail_sheet.MOST_LINES)
    rows = trail_sheet.rows(lines, catalogue_names())
    return _attached(StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8"), "csv")


@gates.citizen
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Hand out the record asked for as a PDF; the oldest lines of a very long one are left to the sheet."""
    form = _form(request)
    if not form.is_valid():
        return show(request, "citizen/usage.html", {"form": form}, status=422)
    most = trail_paper.MOST_LINES
    lines = list(reading.whole_trail(gates.sign_in(request).subject, asked=form.asked, most=most + 1))
    content = trail_paper.render(lines[:most], catalogue_names(), filtered=form.is_narrow, is_whole=len(lines) <= most)
    return _attached(HttpResponse(content, content_type="application/pdf"), "pdf")


@gates.citizen
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Show what the citizen was told, by which way, and whether it arrived. Raises Malformed for a bad cursor."""
    page = notice_reading.notices_for(gates.sign_in(request).subject, after=request.GET.get("after"))
    return show(request, "citizen/notices.html", {"lines": page.items, "next": page.next})


def _form(request: HttpRequest) -> TrailForm:
    return TrailForm(request.GET, datasets=reading.datasets_of(gates.sign_in(request).subject))


def _attached(response: Attachment, ending: str) -> Attachment:
    title = _("使用紀錄").replace(" ", "-")
    name = f"MyData-{title}-{clock.today().isoformat()}.{ending}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store, no-transform"
    return response
