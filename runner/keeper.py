"""A small program that outlives its runner by a moment: whatever the runner left running, it ends.

It reads `+GROUP SIGNAL` and `-GROUP` lines. When its input closes, for the runner has ended by whatever means, kill -9
included, each process group still on the list gets its signal, and after a grace SIGKILL.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

GRACE = 3.0


def read(lines: Iterable[str]) -> dict[int, int]:
    """Return the groups, with the signal for each, that were put on the list and not taken off."""
    groups: dict[int, int] = {}
    for line in lines:
        words = line[1:].split()
        if line.startswith("+"):
            groups[int(words[0])] = int(words[1])
        else:
            groups.pop(int(words[0]), None)
    return groups


def send(group: int, number: int) -> bool:
    """Send a signal to a whole process group; say whether anybody is in it."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def end(groups: dict[int, int], *, grace: float = GRACE) -> None:
    """Send each group its signal, latest first, and SIGKILL to those that are there after `grace` seconds."""
    remaining = [group for group, number in reversed(groups.items()) if send(group, number)]
    deadline = time.monotonic() + grace
    while remaining and time.monotonic() < deadline:
        time.sleep(0.05)
        remaining = [group for group in remaining if send(group, 0)]
    for group in remaining:
        send(group, signal.SIGKILL)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end(read(sys.stdin))
