"""Deny by default: every URL names who may pass (DESIGN D10)."""

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from identity import gates

GATES = {"anyone", "citizen", "machine", "clerk", "agency_admin", "reviewer", "operator", "auditor", "staff"}
# Files of the design, the same for everybody, handed out below Django's views.
NOT_GATED = ("static/",)


def leaves(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every URL with its view."""
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern.url_patterns, route)
        else:
            yield route, pattern.callback


def ungated(patterns: Sequence[URLPattern | URLResolver]) -> list[str]:
    """Name the URLs whose view, or whose view's class, carries no known gate."""
    return [route for route, view in leaves(patterns) if not route.startswith(NOT_GATED) and _gate(view) not in GATES]


def _gate(view: object) -> object:
    holder = getattr(view, "cls", None) or getattr(view, "view_class", None) or view
    return getattr(view, "gate", None) or getattr(holder, "gate", None)


def test_every_url_names_its_gate() -> None:
    patterns = get_resolver().url_patterns
    assert len(list(leaves(patterns))) > 5, "the URLs were not found"
    assert ungated(patterns) == []


def test_a_view_without_a_gate_is_caught() -> None:
    def open_door(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @gates.citizen
    def front_door(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert ungated([path("open", open_door), path("front", front_door)]) == ["open"]
