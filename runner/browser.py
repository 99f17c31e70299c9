"""Chromium for the tests that walk the pages: found, or on Debian as root installed."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def provide() -> None:
    """Install Chromium where it is missing and may be installed; say either way. Tests that need it name its absence."""
    if find():
        return
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or shutil.which("apt-get") is None:
        print(
            "Chromium is missing, and only root on Debian may install it here: browser tests will not run.", flush=True
        )
        return
    print("Chromium is missing; installing it with apt-get ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
    if find() is None:
        print("Chromium could not be installed: browser tests will not run.", flush=True)
