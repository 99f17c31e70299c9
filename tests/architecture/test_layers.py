"""A layer imports only from below, and the house, the sandbox and the runner share no code (pyproject, importlinter)."""

import subprocess
from pathlib import Path

from runner import environment
from tests.architecture.source import ROOT

UPSIDE_DOWN = """
[importlinter]
root_packages =
    mydata
    audit
    identity

[importlinter:contract:reversed]
name = The house upside down
type = layers
layers =
    audit
    identity
"""


def lint(config: Path) -> subprocess.CompletedProcess[str]:
    command = [environment.program("lint-imports"), "--no-logo", "--no-cache", "--config", str(config)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_layer_imports_only_from_below() -> None:
    done = lint(ROOT / "pyproject.toml")
    assert done.returncode == 0, done.stdout


def test_an_import_from_above_is_caught(tmp_path: Path) -> None:
    config = tmp_path / "importlinter.ini"
    config.write_text(UPSIDE_DOWN)
    done = lint(config)
    assert done.returncode == 1
    assert "identity is not allowed to import audit" in done.stdout
