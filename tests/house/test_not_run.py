"""What cannot be run is named and counted, and in CI it is a failure (CONTRACT section 1)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

LACKING = """
import pytest

def test_that_runs(): pass

def test_that_lacks_something(): pytest.skip("a card reader is not attached")
"""


def summary(tmp_path: Path, text: str, **environ: str) -> tuple[int, list[str]]:
    """Run a file of tests under the project's own conftest; returns the exit code and the lines."""
    file = tmp_path / "test_given.py"
    file.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-c", ROOT / "pyproject.toml", "-q", file],
        env={**os.environ, "CI": "", "PYTHONPATH": str(ROOT), **environ},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.strip().splitlines()


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_what_could_not_run_is_named_above_the_last_line(tmp_path: Path, ci: str, code: int) -> None:
    returned, lines = summary(tmp_path, LACKING, CI=ci)
    assert returned == code
    assert "1 not run" in lines[-3]
    assert lines[-2].endswith("test_that_lacks_something: a card reader is not attached")
    assert lines[-1].startswith("1 passed, 1 skipped")


def test_where_all_of_it_ran_ci_is_content(tmp_path: Path) -> None:
    returned, lines = summary(tmp_path, "def test_that_runs(): pass", CI="true")
    assert returned == 0
    assert "not run" not in "".join(lines)


@pytest.mark.parametrize(
    "line",
    ["import warnings; warnings.warn('old')", "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"],
    ids=["a warning", "a connection to somewhere else"],
)
def test_a_test_that_warns_or_calls_outside_fails(tmp_path: Path, line: str) -> None:
    returned, lines = summary(tmp_path, f"def test_bad():\n    {line}")
    assert returned == 1
    assert lines[-1].startswith("1 failed")
