"""Makes the environment `.venv` from the hashed locks, once for each pair of locks."""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runner.errors import CannotRun

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PROGRAMS = HOME / "bin"
PYTHON = PROGRAMS / "python"
LOCK = ROOT / "requirements.lock"
INSTALLER_LOCK = ROOT / "requirements-uv.lock"
STAMP = HOME / ".made-from"


def make() -> None:
    """Make the environment where it is missing or older than the locks; a second call costs one hash.

    Two runners started at once make it once. Raises CannotRun.
    """
    if _is_current():
        return
    with _alone():
        if not _is_current():
            _make()


def program(name: str) -> str:
    """Return the path of a program that the environment brings."""
    return str(PROGRAMS / name)


def _is_current() -> bool:
    return STAMP.exists() and STAMP.read_text() == _fingerprint() and _starts()


def _fingerprint() -> str:
    return hashlib.sha256(LOCK.read_bytes() + INSTALLER_LOCK.read_bytes()).hexdigest()


def _starts() -> bool:
    """Say whether the environment's Python starts: it does not once its base was removed or the folder moved."""
    try:
        return subprocess.run([PYTHON, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def _alone() -> Iterator[None]:
    with (ROOT / ".setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another ./run is making the environment; waiting for it.", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        message = "Python's venv is incomplete here. On Debian and Ubuntu: apt-get install python3-venv"
        raise CannotRun(message)
    print("Making the environment in .venv from the hashed locks ...", flush=True)
    clear = [] if _starts() else ["--clear"]
    _do([sys.executable, "-m", "venv", *clear, str(HOME)], "The environment cannot be made")
    if not _install_with_uv():
        print("uv cannot be had here; pip does the same, slower.", flush=True)
        _do([PYTHON, *_PIP, "-r", LOCK], "The libraries cannot be installed")
    STAMP.write_text(_fingerprint())


_PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")


def _install_with_uv() -> bool:
    """Install the lock with uv; say no where uv itself cannot be installed. Raises CannotRun where the lock cannot."""
    installer = subprocess.run([PYTHON, *_PIP, "-r", INSTALLER_LOCK], capture_output=True, check=False)
    if installer.returncode:
        return False
    _do(
        [PROGRAMS / "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", LOCK],
        "The libraries cannot be installed",
    )
    return True


def _do(command: Sequence[str | Path], what_failed: str) -> None:
    # A shell's own active environment must not draw the installation away from this one.
    environ = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONHOME"}}
    if subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode:
        message = f"{what_failed}; the lines above say why."
        raise CannotRun(message)
