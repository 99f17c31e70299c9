"""How the API says no: every refusal is an RFC 9457 problem document."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from mydata.core import problems
from mydata.core.errors import Malformed, MyDataError, NotFound, TooLarge
from portal.design.language import spoken


class CsrfFailed(MyDataError):
    """An unsafe call without the token of `GET /session`, or from another site."""

    code = "csrf_failed"
    status = 403
    sentences: ClassVar = {
        "zh": "這個請求沒有附上本站的權杖，沒有任何改變。請重新取得 /session 的 csrf 後再送一次。",
        "en": "The request did not carry this site's token; nothing was changed. Take csrf from /session and send it again.",
    }


class MethodRefused(Malformed):
    """The address is right, the method is not (RFC 9110, section 15.5.6)."""

    status = 405


class RangeRefused(Malformed):
    """No byte of the asked range is in the file (RFC 9110, section 15.5.17)."""

    status = 416


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem document of a refusal; None, so that it is raised again, for what nobody foresaw."""
    refusal = _refusal(error)
    if refusal is None:
        return None
    return document(refusal, context["request"])


def document(refusal: MyDataError, request: Request) -> Response:
    """Return the answer that refuses, with `Retry-After` where waiting helps."""
    retry_after = refusal.facts.get("retry_after")
    return Response(
        problems.document(refusal, trace=getattr(request, "trace", "") or problems.new_trace(), language=spoken()),
        status=refusal.status,
        headers={"Retry-After": str(retry_after)} if retry_after is not None else None,
        content_type=problems.MEDIA_TYPE,
    )


def _refusal(error: Exception) -> MyDataError | None:
    """Say what an exception means to the caller; None for a fault of ours."""
    if isinstance(error, MyDataError):
        return error
    if isinstance(error, exceptions.ValidationError):
        return Malformed(path="/".join(_first_path(error.detail)))
    return next((ours() for theirs, ours in MEANINGS if isinstance(error, theirs)), None)


MEANINGS: tuple[tuple[type[Exception] | tuple[type[Exception], ...], type[MyDataError]], ...] = (
    (RequestDataTooBig, TooLarge),
    ((SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError), Malformed),
    (exceptions.MethodNotAllowed, MethodRefused),
    ((Http404, exceptions.NotFound), NotFound),
    # A view without a gate is as good as none.
    ((exceptions.PermissionDenied, exceptions.NotAuthenticated), NotFound),
)


def _first_path(detail: Any) -> Iterator[str]:  # noqa: ANN401 - lists and mappings of any depth, as DRF gives them
    """Name the first member at fault; only names of our own shapes appear in it, never what was sent."""
    if isinstance(detail, Mapping) and detail:
        name, inner = next(iter(detail.items()))
        if name != "non_field_errors":
            yield str(name)
        yield from _first_path(inner)
    elif isinstance(detail, list) and detail and not isinstance(detail[0], str):
        place = next(index for index, inner in enumerate(detail) if inner)
        yield str(place)
        yield from _first_path(detail[place])
