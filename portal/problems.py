"""What people and programs get when something does not work: never a bare status, never anything personal.

A page says what happened, whether anything was lost, what to do, and the trace by which an operator finds it.
"""

import logging
import sys
from collections.abc import Callable
from typing import ClassVar
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse

from identity import gates
from identity.errors import NotSignedIn, StepUp
from mydata.core import problems
from mydata.core.errors import Malformed, MyDataError, NotFound, TooLarge
from portal.design.context import nobody
from portal.design.language import spoken

PROGRAMS = ("/api/", "/connect/", "/oauth/", "/log/", "/.well-known/")
"""Below these paths the answer is a problem document (RFC 9457); everywhere else it is a page."""

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponseBase]


class Broken(MyDataError):
    """A fault of ours, which nobody foresaw."""

    code = "broken"
    status = 500
    sentences: ClassVar = {
        "zh": "平臺在處理時出了錯。已經封存的資料不受影響，也沒有交給任何人。請稍後再試；若再發生，請提供下面的追蹤碼。",
        "en": "The portal made a mistake. Sealed data are safe and were given to nobody. Try again later and, if it happens "
        "again, tell us the trace below.",
    }


class StalePage(MyDataError):
    """A form without this browser's token, or from another site."""

    code = "csrf_failed"
    status = 403
    sentences: ClassVar = {
        "zh": "這一頁放得太久，或不是從本站送出，因此沒有照做，什麼都沒有改變。請回到上一頁重新整理後再做一次。",
        "en": "This page is too old, or was not sent from this site, so nothing was done. Go back, reload and try again.",
    }


class NotByLink(NotFound):
    """An address that acts, opened like a page."""

    status = 405
    sentences: ClassVar = {
        "zh": "這個網址要從頁面上的按鈕送出，直接打開不會做任何事。請回到那一頁再按一次。",
        "en": "This address takes what a button on a page sends; opened like this it does nothing. Go back and press the button.",
    }


class TraceMiddleware:
    """Gives every request an id, `request.trace`, that stands in the log and on the page and says nothing else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request pass."""
        request.trace = problems.new_trace()  # type: ignore[attr-defined]  # read by every answer that says no
        return self.get_response(request)


class ProblemMiddleware:
    """Turns what a view raises into an answer that explains itself."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request pass; an address that only acts explains itself to whoever opens it."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not request.path.startswith(PROGRAMS):
            refused = answer(request, NotByLink())
            refused["Allow"] = response["Allow"]
            return refused
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer a refusal by its own words and a fault of ours by a trace; Django answers what it raises itself."""
        if isinstance(exception, MyDataError):
            return answer(request, exception)
        if isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation):
            return None
        return broken(request)


def answer(request: HttpRequest, error: MyDataError) -> HttpResponseBase:
    """Refuse: a problem document to programs, a page to people, the way on to who has to prove who they are."""
    if request.path.startswith(PROGRAMS):
        return _document(request, error)
    if isinstance(error, NotSignedIn | StepUp):
        return _to_verification(request, error)
    return _page(request, error)


@gates.anyone
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:  # noqa: ARG001 - Django's shape; the reason helps attackers only
    """Refuse a form without this browser's token."""
    return answer(request, StalePage())


@gates.anyone
def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """Refuse what Django could not read."""
    return answer(request, TooLarge() if isinstance(exception, RequestDataTooBig) else Malformed())


@gates.anyone
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:  # noqa: ARG001 - Django's shape
    """Say that there is nothing at this address."""
    return answer(request, NotFound())


@gates.anyone
def broken(request: HttpRequest) -> HttpResponseBase:
    """Say that the fault is ours; the log gets the kind of error and the trace, never its text, which may name a person."""
    kind = type(sys.exception()).__name__
    log.error("unforeseen %s at %s, trace %s", kind, _place(sys.exception()), _trace(request))
    return answer(request, Broken())


def _document(request: HttpRequest, error: MyDataError) -> HttpResponse:
    body = problems.document(error, trace=_trace(request), language=spoken())
    return _unkept(JsonResponse(body, status=error.status, content_type=problems.MEDIA_TYPE), error)


def _page(request: HttpRequest, error: MyDataError) -> HttpResponse:
    facts = {
        "problem": error,
        "sentence": error.explain(spoken()),
        "trace": _trace(request),
        "again": _way_on(request, error),
    }
    try:
        page = render_to_string("problem.html", facts, request)
    except DatabaseError:
        page = render_to_string("problem.html", facts | {"page": nobody(request)})
    return _unkept(HttpResponse(page, status=error.status), error)


def _way_on(request: HttpRequest, error: MyDataError) -> str:
    """Return the page to try again, or the one whose form was sent; nothing where neither would help."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path() if error.status >= 500 or error.status == 429 else ""
    before = _page_before(request)
    return "" if before == "/" else before


def _unkept(response: HttpResponse, error: MyDataError) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    if "retry_after" in error.facts:
        response["Retry-After"] = str(error.facts["retry_after"])
    return response


def _to_verification(request: HttpRequest, error: MyDataError) -> HttpResponse:
    asked = {"next": request.get_full_path() if request.method == "GET" else _page_before(request)}
    if isinstance(error, StepUp):
        asked["level"] = str(error.facts["required_level"])
    return HttpResponseRedirect(f"{reverse('verify')}?{urlencode(asked)}")


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page whose form was sent, where the browser names it and it is ours."""
    before = urlsplit(request.headers.get("Referer", ""))
    return before.path if before.netloc == request.get_host() else "/"


def _trace(request: HttpRequest) -> str:
    return str(getattr(request, "trace", "")) or problems.new_trace()


def _place(error: BaseException | None) -> str:
    """Return `file:line` of the innermost frame, which is ours to name; its values are not."""
    last = error.__traceback__ if error is not None else None
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename.rpartition('/')[2]}:{last.tb_lineno}" if last is not None else "nowhere"
