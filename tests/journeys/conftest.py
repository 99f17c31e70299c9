"""Browsers for journeys, and assertions in the shared steps that say what they found."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, sync_playwright

from tests.house.standing import StandingHouse
from tests.journeys import home as homes
from tests.journeys.desk import Desk
from tests.journeys.forging import Authority
from tests.journeys.home import Home
from tests.journeys.walking import Walker

pytest.register_assert_rewrite("tests.journeys.taken", "tests.journeys.told")

Arrive = Callable[..., Walker]
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A running Chromium; not for the whole session, for its event loop keeps Django's database out of this thread."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def arrive(browser: Browser, house: StandingHouse) -> Iterator[Arrive]:
    """Let people arrive, a browser each: `arrive(script=False)`, or at a house of the test's own: `arrive(house)`.

    In the end none of them may have met an error, nor may a page have asked anybody else for anything.
    """
    walkers: list[Walker] = []

    def arriving(at: StandingHouse = house, **how: Any) -> Walker:  # noqa: ANN401 - handed on to `Walker`
        walkers.append(Walker(browser, at, **how))
        return walkers[-1]

    with ExitStack() as ending:
        yield arriving
        for walker in walkers:
            ending.callback(walker.close)
        complaints = [complaint for walker in walkers for complaint in walker.complaints]
        assert complaints == []


@pytest.fixture(scope="session")
def home(house: StandingHouse) -> Home:
    """What one person took home."""
    return homes.bring(house)


@pytest.fixture(scope="session")
def portal(house: StandingHouse) -> Authority:
    """The house's own CA, once its keys are made: they are at the first use."""
    requests.get(f"{house.base}/.well-known/portal-ca.pem", timeout=10).raise_for_status()
    return Authority.of(house.secrets_dir)


@pytest.fixture
def desk(arrive: Arrive) -> Iterator[Desk]:
    """A reader who is nobody in particular; in the end nothing of any file may have left the browser."""
    found = Desk(arrive())
    yield found
    assert found.sent() == []
