"""Gates: every URL names who may pass. Whoever is signed in is found here, and nowhere else."""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from identity import holder, sessions
from identity.errors import NotSignedIn
from identity.levels import AssuranceLevel

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
__all__ = ["SessionGate", "SignIn", "anyone", "citizen", "machine", "sign_in", "sign_in_or_none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Who is acting and how strongly that is known."""

    subject: str
    level: AssuranceLevel
    method: str
    verified_at: dt.datetime
    expires_at: dt.datetime


class SessionGate:
    """Ends sessions that are over, notes activity at most once a minute, and keeps the holder's cookie in step."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request pass."""
        sessions.ignore_strange(request)
        sessions.end_if_over(request)
        response = self.get_response(request)
        holder.set_cookie(request, response)
        return response


def sign_in_or_none(request: HttpRequest) -> SignIn | None:
    """Return who is signed in, or None."""
    facts = sessions.read(request)
    if facts is None:
        return None
    return SignIn(
        subject=facts.subject,
        level=AssuranceLevel(facts.level),
        method=facts.method,
        verified_at=facts.verified_at,
        expires_at=facts.expires_at,
    )


def sign_in(request: HttpRequest) -> SignIn:
    """Return who is signed in. Raises NotSignedIn."""
    found = sign_in_or_none(request)
    if found is None:
        raise NotSignedIn
    return found


def anyone(view: View) -> View:
    """Open the view to everybody, signed in or not."""
    return _named(view, "anyone")


def machine(view: View) -> View:
    """Open the view to machines that bring their own proof, which the view itself checks."""
    return _named(view, "machine")


def citizen(view: View) -> View:
    """Open the view to signed-in citizens only. The view raises NotSignedIn for anybody else."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        sign_in(request)
        return view(request, *args, **kwargs)

    return _named(cast("View", guarded), "citizen")


def _named(view: View, gate: str) -> View:
    view.gate = gate  # type: ignore[attr-defined]  # a function carries its gate as an attribute
    return view
