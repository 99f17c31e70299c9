"""A page of the citizen's, and the way back to where they were."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from personal_cloud.pictures import Picture


def show(request: HttpRequest, template: str, facts: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page that no cache keeps: its head names who is signed in."""
    response = render(request, template, dict(facts), status=status)
    response["Cache-Control"] = "no-store"
    return response


def picture_alone(picture: Picture) -> HttpResponse:
    """Hand a picture to the page that shows it, as what it is and nothing else; no cache keeps it."""
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline"}
    return HttpResponse(picture.content, content_type=picture.media_type, headers=headers)


def way_back(request: HttpRequest, *, otherwise: str) -> str:
    """Return the local path in `next`, sent or asked, or `otherwise` where there is none or it leads off this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_local = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_local else otherwise
