"""The language of a page: Traditional Chinese first, English for who chooses it; programs say what they want by header."""

from collections.abc import Callable, Mapping
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

Language = Literal["zh", "en"]
PROGRAMS = "/api/"


class SpokenLanguage:
    """Speaks the language that this browser chose; what a browser was delivered with is no choice of its owner.

    To programs it speaks the language of `Accept-Language` (RFC 9110, section 12.5.4).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request pass in its language."""
        language = translation.get_language_from_request(request) if _is_free(request) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response


def spoken() -> Language:
    """Return the language in which the present page speaks, as texts in two languages are keyed."""
    return "en" if (translation.get_language() or "").startswith("en") else "zh"


def in_words(texts: Mapping[Language, str] | dict[str, str]) -> str:
    """Return the one of `{zh, en}` that the present page speaks."""
    return texts[spoken()]


def _is_free(request: HttpRequest) -> bool:
    """Say whether the request may say its language: a program, or a browser whose owner chose one."""
    return request.path.startswith(PROGRAMS) or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
