"""Who calls, and whether the call comes from a page of ours. Both are decided before any view runs."""

from django.http import HttpRequest
from django.http.response import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from identity import gates
from identity.gates import SignIn
from portal.api.errors import CsrfFailed


class SessionCookie(BaseAuthentication):
    """The sign-in of the session cookie; unsafe methods also need `X-CSRFToken`, signed in or not.

    Signing somebody in unasked is a forgery too, so the token does not wait for a sign-in.
    """

    def authenticate(self, request: Request) -> tuple[SignIn, None] | None:
        """Return the sign-in, or None for an anonymous caller. Raises CsrfFailed."""
        if _OfThisSite(_no_response).process_view(request._request, _no_response, (), {}) is not None:  # noqa: SLF001 - DRF has no other name for it
            raise CsrfFailed
        found = gates.sign_in_or_none(request._request)  # noqa: SLF001 - as above
        return None if found is None else (found, None)


class Nobody(BasePermission):
    """Lets nobody pass a view that names no gate, and only those whom the gate allows past one that does."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Ask the gate. Raises NotSignedIn."""
        gate = getattr(view, "gate", None)
        if gate == "citizen":
            gates.sign_in(request._request)  # noqa: SLF001 - DRF has no other name for it
        return gate in {"anyone", "citizen"}


class _OfThisSite(CsrfViewMiddleware):
    """Django's own check, answering with its reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002 - Django's hook
        return HttpResponse(reason, status=403)


def _no_response(request: HttpRequest) -> HttpResponse:
    """Stand in for the next middleware: only the check of `process_view` is used."""
    raise NotImplementedError(request.method)
