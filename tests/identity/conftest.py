"""A clock that a test can move, and browsers that keep their cookies."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from identity import gates
from mydata.core import clock


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)

    def move(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    monkeypatch.setattr(clock, "now", lambda: standing.now)
    return standing


class Browser:
    """Keeps the session's name and the holder cookies between requests, as the middleware and a browser do."""

    def __init__(self) -> None:
        self.session: str | None = None
        self.cookies: dict[str, str] = {}
        self.lives: dict[str, int] = {}

    def visit(self, act: Callable[[HttpRequest], object] = lambda _: None) -> HttpRequest:
        request = RequestFactory().get("/")
        request.session = SessionStore(self.session)
        request.COOKIES.update(self.cookies)

        def view(inner: HttpRequest) -> HttpResponse:
            act(inner)
            return HttpResponse()

        response = gates.SessionGate(view)(request)
        request.session.save()
        self.session = request.session.session_key
        for name, morsel in response.cookies.items():
            self.cookies[name] = morsel.value
            self.lives[name] = int(morsel["max-age"])
        return request


@pytest.fixture
def browser() -> Browser:
    return Browser()
