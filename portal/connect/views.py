"""`/connect/introspect` (RFC 7662), `/connect/userinfo` and `/connect/remarks`: machines only, each with its own proof."""

import base64
import binascii
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from dataproviders import tokens
from dataproviders.remarks import answering, desk
from identity import gates
from mydata.core import clock

MOST_TOKEN_CHARACTERS = 256


@csrf_exempt
@gates.machine
@require_POST
def introspect(request: HttpRequest) -> JsonResponse:
    """Say what a token stands for, to the dataset it was made for, which proves itself by HTTP Basic."""
    name, secret = _basic(request)
    dataset = tokens.dataset_of(name, secret)
    if dataset is None:
        return _unknown_client()
    token = request.POST.get("token", "")
    if not token or len(token) > MOST_TOKEN_CHARACTERS:
        return _answer({"active": False})
    return _answer(tokens.introspect(dataset, token))


@gates.machine
@require_GET
def userinfo(request: HttpRequest) -> JsonResponse:
    """Say for whom the call is, to whoever brings the live token of one item."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    found = (
        tokens.userinfo(token.strip()) if scheme.lower() == "bearer" and len(token) < MOST_TOKEN_CHARACTERS else None
    )
    if found is None:
        refusal = _answer({"error": "invalid_token"}, status=401)
        refusal["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return refusal
    return _answer(found)


@csrf_exempt
@gates.machine
@require_POST
def remark(request: HttpRequest, remark_id: UUID) -> JsonResponse:
    """Take an agency's answer to a remark, from the desk it was sent to. Raises Malformed, NotFound, IllegalMove."""
    name, secret = _basic(request)
    provider = desk.provider_of(name, secret)
    if provider is None:
        return _unknown_client()
    given = answering.read(request.body, today=clock.today())
    answered = answering.answer(provider, remark_id, given, now=clock.now())
    return _answer({"id": str(answered.pk), "state": answered.state, "outcome": answered.outcome})


def _unknown_client() -> JsonResponse:
    refusal = _answer({"error": "invalid_client"}, status=401)
    refusal["WWW-Authenticate"] = 'Basic realm="connect"'
    return refusal


def _basic(request: HttpRequest) -> tuple[str, str]:
    """Read HTTP Basic; what is none, or names somebody whom no database could hold, is nobody's."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return ("", "") if "\0" in name else (name, secret)


def _answer(document: dict[str, object], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(document, status=status)
    response["Cache-Control"] = "no-store"
    return response
