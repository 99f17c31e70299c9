"""Other people's programs: installed on Debian by root, otherwise named as what the tests will lack."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from runner import programs
from runner.programs import Program

ABSENT = Program("Nothing", ("no-such-program-anywhere",), "nothing", "tests of nothing")
PRESENT = Program("A shell", ("no-such-program-anywhere", "sh"), "dash", "everything")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Root's commands, noted and not run."""
    noted: list[list[str]] = []

    def note(command: list[str], **_: Any) -> None:  # noqa: ANN401 - as `subprocess.run` takes them
        noted.append(command)

    monkeypatch.setattr(subprocess, "run", note)
    monkeypatch.setattr(shutil, "which", lambda name: name if name in {"sh", "apt-get"} else None)
    monkeypatch.setattr(Path, "exists", lambda _: True)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    return noted


def test_what_is_there_is_left_alone(commands: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    programs.provide([PRESENT])
    assert (commands, capsys.readouterr().out) == ([], "")


def test_what_is_missing_is_installed_in_one_go_and_named_where_that_failed(
    commands: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    programs.provide([PRESENT, ABSENT, ABSENT])
    assert [command[:2] for command in commands] == [["apt-get", "update"], ["apt-get", "install"]]
    assert commands[1][-1] == "nothing"
    assert "Nothing could not be installed: tests of nothing will not run." in capsys.readouterr().out


def test_who_may_not_install_is_told_what_will_not_run(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    programs.provide([ABSENT])
    assert commands == []
    assert capsys.readouterr().out.startswith("Nothing is missing, and only root on Debian may install it here")
