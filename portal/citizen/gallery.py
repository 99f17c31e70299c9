"""版面元件: every part of the pages in every state it knows, with invented content, for who builds or judges them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from identity import gates
from mydata.core import clock
from mydata.core.errors import Busy, Gone
from portal.citizen import specimens, verifying
from portal.citizen.pages import show
from portal.design import colours
from portal.design.language import spoken


@gates.anyone
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Show the parts of the design, made of the very templates of which the pages are made."""
    facts: dict[str, Any] = {
        "schemes": [(scheme, colours.shown(scheme)) for scheme in colours.SCHEMES],
        "fresh": specimens.form(wrong=False),
        "wrong": specimens.form(wrong=True),
        "parcels": specimens.parcels(),
        "places": specimens.places(),
        "outcomes": specimens.outcomes(),
        "paper": specimens.paper(),
        "problems": [(problem, problem.explain(spoken())) for problem in (Busy(retry_after=300), Gone())],
        "reason": verifying.REASONS["not_accepted"],
        "now": clock.now(),
    }
    return show(request, "citizen/design.html", facts)
