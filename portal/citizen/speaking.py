"""中文 or English: a choice of this browser, kept in a cookie of its own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from identity import gates
from portal.citizen.pages import way_back

A_YEAR = 365 * 24 * 3600


@gates.anyone
@require_POST
def speak(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on, and go back to where it was chosen; an unknown one changes nothing."""
    answer = redirect(way_back(request, otherwise=reverse("home")))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=A_YEAR,
            httponly=True,
            secure=settings.HTTPS,
            samesite="Lax",
        )
    return answer
