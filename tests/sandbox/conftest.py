"""One sandbox and one stub portal for the whole session; tests that need their own start their own."""

from collections.abc import Iterator

import pytest

from tests.sandbox.playing import Sandbox, StubPortal


@pytest.fixture(scope="session")
def portal() -> Iterator[StubPortal]:
    with StubPortal() as running:
        yield running


@pytest.fixture(scope="session")
def sandbox(portal: StubPortal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), portal.url) as running:
        yield running
