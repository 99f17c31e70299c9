"""查驗檔案: is this file the portal's, and unchanged. Anybody may ask; the file stays in the reader's browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dataproviders import catalogue
from identity import gates
from personal_cloud import readme
from portal.citizen.pages import show


@gates.anyone
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Show the page that checks a file with what the portal publishes, and the lines that do so by hand."""
    facts = {
        "issuer": settings.ISSUER,
        "names": catalogue.offered().values_list("id", "name"),
        "by_hand": readme.CHECK,
    }
    return show(request, "citizen/check.html", facts)
