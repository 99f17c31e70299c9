"""A spool and a key store of the test's own, a clock that can be moved, and agencies that answer in the test."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings

from mydata.core import clock, keys, outbound
from tests.identity.conftest import Clock

if TYPE_CHECKING:
    from tests.personal_cloud.errands import Agencies


@pytest.fixture(autouse=True)
def premises(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    store = keys.DirectoryKeyStore(tmp_path / "keys")
    settings.SPOOL_DIR = tmp_path / "spool"
    monkeypatch.setattr(keys, "store", lambda: store)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stands at the present, for files carry the machine's own time, until it is moved."""
    standing = Clock()
    standing.now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: standing.now)
    return standing


@pytest.fixture
def agencies(monkeypatch: pytest.MonkeyPatch) -> "Agencies":
    from tests.personal_cloud.errands import Agencies  # noqa: PLC0415 - not before Django is set up

    answering = Agencies()
    monkeypatch.setattr(outbound, "send", answering.send)
    return answering
