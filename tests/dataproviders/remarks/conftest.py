"""A key store of the test's own, a clock that can be moved, and an agency with a desk."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mydata.core import clock, keys, outbound, references
from tests.identity.conftest import Clock

if TYPE_CHECKING:
    from dataproviders.models import Dataset
    from tests.dataproviders.remarks.desks import Desk


@pytest.fixture(autouse=True)
def premises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = keys.DirectoryKeyStore(tmp_path / "keys")
    monkeypatch.setattr(keys, "store", lambda: store)


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Clock:
    standing = Clock()
    standing.now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: standing.now)
    return standing


@pytest.fixture(autouse=True)
def at_desk(monkeypatch: pytest.MonkeyPatch) -> "Desk":
    """The desk that every remark of a test comes to."""
    from tests.dataproviders.remarks.desks import Desk  # noqa: PLC0415 - not before Django is set up

    standing = Desk()
    monkeypatch.setattr(outbound, "fetch", standing.fetch)
    return standing


@pytest.fixture
def dataset(db: None) -> "Dataset":  # noqa: ARG001 - asked for by name
    """A dataset whose agency has a desk."""
    from dataproviders.models import Dataset, Provider  # noqa: PLC0415 - not before Django is set up
    from tests.dataproviders.remarks.desks import URL  # noqa: PLC0415 - as above

    digest = references.digest("desk-secret", b"open sesame")
    provider = Provider.objects.create(id="tests", name="測試機關", desk_url=URL, desk_secret_digest=digest)
    return Dataset.objects.create(id="paper", provider=provider, name="測試資料", minimum_level=4)
