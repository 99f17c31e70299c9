"""Waiting for what was started: ports that must be free, addresses that must answer."""

import http.client
import socket
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from runner.errors import CannotRun

HOST = "127.0.0.1"


def refuse_taken(port: int, *, variable: str) -> None:
    """Raise CannotRun where another program already listens on `port`; `variable` is what chooses another."""
    with socket.socket() as probe:
        # As servers bind: what only lingers after a close is no obstacle, who listens is.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            message = (
                f"Port {port} is held by another program ({error.strerror}). Stop it, or choose another: {variable}=…"
            )
            raise CannotRun(message) from error


def free_port() -> int:
    """Return a TCP port of the loopback that nobody held a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def until_answers(url: str, *, seconds: float, alive: Callable[[], None]) -> None:
    """Return once `GET url` answers 200. `alive` raises where waiting has become pointless.

    Raises CannotRun after `seconds`, with the last answer.
    """
    deadline = time.monotonic() + seconds
    while True:
        status, body = get(url)
        if status == http.client.OK:
            return
        alive()
        if time.monotonic() > deadline:
            message = f"{url} was not ready after {seconds:.0f} s: {status or 'no answer'} {body.decode(errors='replace')[:500]}"
            raise CannotRun(message)
        time.sleep(0.05)


def get(url: str) -> tuple[int, bytes]:
    """Return status and body of one GET on the loopback; status 0 where nobody answers. No proxy is asked."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or HOST, parts.port, timeout=10)
    try:
        connection.request("GET", parts.path or "/")
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def listens(port: int) -> bool:
    """Say whether anybody accepts connections at `port` of the loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


if __name__ == "__main__":
    # A container's health check: is this address ready right now?
    sys.exit(get(sys.argv[1])[0] != http.client.OK)
