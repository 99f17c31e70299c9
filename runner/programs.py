"""Programs of others that the tests ask for their opinion: found, or on Debian as root installed."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Program:
    """A program by its names, the Debian package that brings it, and what cannot run without it."""

    title: str
    names: tuple[str, ...]
    package: str
    lacking: str

    def find(self) -> str | None:
        """Return the path of the program where it is installed, or None."""
        return next((path for name in self.names if (path := shutil.which(name))), None)


CHROMIUM = Program(
    "Chromium",
    ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "chromium",
    "browser tests",
)
PDFSIG = Program("pdfsig", ("pdfsig",), "poppler-utils", "tests that have PDFs checked by Poppler")
PDFTOTEXT = Program("pdftotext", ("pdftotext",), "poppler-utils", "tests that have PDFs read by Poppler")
CERTUTIL = Program("certutil", ("certutil",), "libnss3-tools", "tests that have PDFs checked under the portal's CA")
ALL = (CHROMIUM, PDFSIG, PDFTOTEXT, CERTUTIL)


def provide(programs: Sequence[Program] = ALL) -> None:
    """Install what is missing where that may be done; say either way. Tests that need a program name its absence."""
    missing = _missing(programs)
    if not missing:
        return
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or shutil.which("apt-get") is None:
        for one in missing:
            print(
                f"{one.title} is missing, and only root on Debian may install it here: {one.lacking} will not run.",
                flush=True,
            )
        return
    print(f"Installing with apt-get: {', '.join(one.title for one in missing)} ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = sorted({one.package for one in missing})
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
    for one in _missing(missing):
        print(f"{one.title} could not be installed: {one.lacking} will not run.", flush=True)


def _missing(programs: Sequence[Program]) -> list[Program]:
    return [one for one in programs if one.find() is None]
