"""What the sandbox is told when it starts: command line first, then environment, then defaults."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The port to listen on, the portal to ask, the directory for keys, and the canary (see `canary`)."""

    port: int
    portal: str
    """The portal's base URL without a trailing slash; it is the issuer and the audience of signed answers."""
    directory: Path
    bind: str = "127.0.0.1"
    """The address to listen on; inside a container it is every one, and the container decides who reaches it."""
    canary: str = ""
    """A text that every agency writes into a free-text field, so that tests can look for it where it must not be."""

    @property
    def base_url(self) -> str:
        """The address at which this sandbox is reached."""
        return f"http://127.0.0.1:{self.port}"


def port(value: str) -> int:
    """Read a TCP port. Raises `argparse.ArgumentTypeError` naming the value."""
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        message = f"{value!r} is not a port between 1 and 65535"
        raise argparse.ArgumentTypeError(message)
    return int(value)


def base_url(value: str) -> str:
    """Read an http(s) address without path. Raises `argparse.ArgumentTypeError` naming the value."""
    if re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?", value) is None:
        message = f"{value!r} is not an address such as http://127.0.0.1:8000"
        raise argparse.ArgumentTypeError(message)
    return value.rstrip("/")


def read(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; leaves with a message and status 2 when one of them is not usable."""
    portal_port = environment.get("MYDATA_PORT", "8000")
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=port, default=environment.get("MYDATA_SANDBOX_PORT", "9000"))
    parser.add_argument("--portal", type=base_url, default=f"http://127.0.0.1:{portal_port}")
    parser.add_argument("--dir", type=Path, default=environment.get("MYDATA_SANDBOX_DIR", "var-sandbox"))
    chosen = parser.parse_args(arguments)
    return Settings(
        port=chosen.port,
        portal=chosen.portal,
        directory=chosen.dir,
        bind=environment.get("MYDATA_BIND") or "127.0.0.1",
        canary=environment.get("MYDATA_SANDBOX_CANARY", ""),
    )
