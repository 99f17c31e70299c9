"""`/connect/introspect` (RFC 7662) and `/connect/userinfo`: machines only, each with its own proof."""

import base64
import binascii

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from dataproviders import tokens
from identity import gates

MOST_TOKEN_CHARACTERS = 256


@csrf_exempt
@gates.machine
@require_POST
def introspect(request: HttpRequest) -> JsonResponse:
    """Say what a token stands for, to the dataset it was made for, which proves itself by HTTP Basic."""
    name, secret = _basic(request)
    dataset = tokens.dataset_of(name, secret)
    if dataset is None:
        refusal = _answer({"error": "invalid_client"}, status=401)
        refusal["WWW-Authenticate"] = 'Basic realm="connect"'
        return refusal
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


def _basic(request: HttpRequest) -> tuple[str, str]:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, secret


def _answer(document: dict[str, object], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(document, status=status)
    response["Cache-Control"] = "no-store"
    return response
