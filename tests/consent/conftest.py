"""A clock that a test can move."""

import datetime as dt

import pytest

from mydata.core import clock
from tests.identity.conftest import Clock


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    standing.now = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(clock, "now", lambda: standing.now)
    return standing
