"""首頁: what can I get, who asks for it, what happened with mine."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from audit.reading import Line
from identity import gates
from portal.citizen.pages import show
from portal.citizen.situations import SITUATIONS
from portal.journeys import download

LOOK_BACK = 10
"""Lines of the record among which the last one that says something new is looked for."""

ASIDE = ("notice:", "consent:spent")
"""What only follows from another line."""


@gates.anyone
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the search, six situations, the three modes and, signed in, what happened last."""
    facts: dict[str, Any] = {"situations": SITUATIONS, "parcels": [], "last": None}
    if gates.sign_in_or_none(request) is not None:
        facts["parcels"] = [
            parcel for parcel in download.parcel_list(request) if parcel.state not in {"failed", "purged"}
        ]
        facts["last"] = _last(request)
    return show(request, "citizen/home.html", facts)


def _last(request: HttpRequest) -> Line | None:
    """Return what happened last, the telling of it and the end of the consent with it aside."""
    lines = download.usage(request, limit=LOOK_BACK).items
    return next((line for line in lines if not line.action.startswith(ASIDE)), None)
