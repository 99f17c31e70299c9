"""The surroundings of every test: directories of its own, no traffic but the loopback's, nothing skipped in silence."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from runner.premises import without_settings

pytest_plugins = ["tests.house.fixtures"]

# Read by mydata.settings when Django is first touched, hence before anything else. What the developer's shell has set is
# not what is tested.
SURROUNDINGS = Path(tempfile.mkdtemp(prefix="mydata-tests-"))
for name in os.environ.keys() - without_settings(os.environ).keys():
    del os.environ[name]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "mydata.settings",
    "MYDATA_DATA_DIR": str(SURROUNDINGS / "data"),
    "MYDATA_KEY_DIR": str(SURROUNDINGS / "keys"),
    "MYDATA_SECRETS_DIR": str(SURROUNDINGS / "secrets"),
    "MYDATA_NOTICE_DIR": str(SURROUNDINGS / "notices"),
}


def pytest_configure() -> None:
    """Read the settings in these surroundings, before Django is set up.

    The test database is a file: several threads meet there as they do in the portal, each on its own connection.
    """
    settings.DATABASES["default"]["TEST"] = {"NAME": str(SURROUNDINGS / "test.sqlite3")}


def pytest_unconfigure() -> None:
    """Leave nothing in the temporary directory."""
    shutil.rmtree(SURROUNDINGS, ignore_errors=True)


def not_run(reporter: pytest.TerminalReporter) -> list[str]:
    """Name each test that could not run here, with what it lacks."""
    return [f"{report.nodeid}: {_reason(report)}" for report in reporter.stats.get("skipped", [])]


def _reason(report: pytest.TestReport) -> str:
    return (
        str(report.longrepr[2]).removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "no reason given"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was not run, by name and count, just above the last line."""
    names = not_run(terminalreporter)
    if names:
        terminalreporter.section(f"{len(names)} not run", yellow=True)
        for name in names:
            terminalreporter.write_line(name)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI a test that could not run is a failure: there, everything it needs must be there."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and os.environ.get("CI") == "true" and reporter and not_run(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
