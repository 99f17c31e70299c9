"""Child processes that do not outlive the runner: each in a group of its own, ended as a whole."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, NoReturn, Self

from runner import environment, keeper
from runner.errors import CannotRun

GRACE = 8.0
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
# Who ran this long before dying starts afresh, without the pause that earlier deaths had earned.
SOUND_AFTER = 60.0


class Keeper:
    """The runner's end of `runner.keeper`: names the process groups that must not outlive this process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "runner.keeper"],
            stdin=subprocess.PIPE,
            cwd=environment.ROOT,
            start_new_session=True,
        )

    def add(self, group: int, number: int) -> None:
        """Have `group` ended with signal `number` should this process die."""
        self._write(f"+{group} {number}\n")

    def remove(self, group: int) -> None:
        """Forget a group that has ended."""
        self._write(f"-{group}\n")

    def close(self) -> None:
        """Let the keeper end what is left on its list, and itself."""
        self._pipe.close()
        self._process.wait()

    @property
    def _pipe(self) -> IO[bytes]:
        if self._process.stdin is None:
            message = "The keeper was started without its pipe."
            raise CannotRun(message)
        return self._process.stdin

    def _write(self, line: str) -> None:
        self._pipe.write(line.encode())
        self._pipe.flush()


@dataclass(frozen=True)
class Owner:
    """A system user that root hands a process and its files to."""

    uid: int
    gid: int


@dataclass(kw_only=True)
class Child:
    """One long-running process of the house: how it is started, stopped, and started again."""

    name: str
    command: Sequence[str | Path]
    environ: Mapping[str, str]
    keeper: Keeper
    log: Path | None = None
    """Where its output goes; None is the terminal."""
    stop_signal: int = signal.SIGTERM
    owner: Owner | None = None
    """Whom it runs as, where not as the runner itself."""
    _process: subprocess.Popen[bytes] | None = None
    _pause: float = field(default=FIRST_PAUSE, init=False)
    _started: float = field(default=0.0, init=False)
    _due: float | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it. Raises CannotRun where the program is not there."""
        output = self.log.open("ab") if self.log else None
        try:
            self._process = subprocess.Popen(
                self.command,
                env=self.environ,
                cwd=environment.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                user=self.owner.uid if self.owner else None,
                group=self.owner.gid if self.owner else None,
                extra_groups=[] if self.owner else None,
            )
        except OSError as error:
            message = f"{self.name} cannot be started: {error}"
            raise CannotRun(message) from error
        finally:
            if output:
                output.close()
        self._started = time.monotonic()
        self.keeper.add(self._process.pid, self.stop_signal)

    @property
    def pid(self) -> int:
        """The process, which is also its group. Raises CannotRun where it was never started."""
        if self._process is None:
            message = f"{self.name} was not started"
            raise CannotRun(message)
        return self._process.pid

    def code(self) -> int | None:
        """Return the exit code of a process that has ended; None while it runs."""
        return self._process.poll() if self._process else None

    def running(self) -> bool:
        """Say whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def must_run(self) -> None:
        """Raise CannotRun where it has ended."""
        if not self.running():
            where = f"; see {self.log}" if self.log else ""
            message = f"{self.name} ended with code {self.code()} before it was ready{where}"
            raise CannotRun(message)

    def stop(self, *, grace: float = GRACE) -> None:
        """End the whole group: its own signal first, SIGKILL after `grace` seconds. Harmless where it has ended."""
        if self._process is None:
            return
        keeper.send(self._process.pid, self.stop_signal)
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            print(f"{self.name} did not end within {grace:.0f} s and is killed.", flush=True)
        self.kill()

    def kill(self) -> None:
        """End the whole group at once, with SIGKILL."""
        if self._process is None:
            return
        keeper.send(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.keeper.remove(self._process.pid)
        self._process = None

    def tend(self) -> None:
        """Start it again where it has died, after a pause that grows with every death."""
        now = time.monotonic()
        if self.running():
            return
        if self._due is None:
            self._pause = FIRST_PAUSE if now - self._started > SOUND_AFTER else min(self._pause * 2, LONGEST_PAUSE)
            self._due = now + self._pause
            print(f"{self.name} ended with code {self.code()}; starting it again in {self._pause:.0f} s.", flush=True)
        elif now >= self._due:
            self._due = None
            self.kill()
            self.start()


class Stopped(Exception):
    """Somebody asked the household to end."""


class Household:
    """The children of one house, in the order they were started; ended in the opposite order."""

    def __init__(self) -> None:
        self.keeper = Keeper()
        self.children: dict[str, Child] = {}
        # A signal only sets this: raised in the middle of a start, it would leave a child that nobody knows.
        self.stopping = threading.Event()
        self._endings = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self, child: Child) -> Child:
        """Start `child` and keep it until the household closes."""
        self.children[child.name] = child
        child.start()
        return child

    def at_the_end(self, ending: Callable[[], object]) -> None:
        """Call `ending` once every child has ended."""
        self._endings.callback(ending)

    def go_on(self) -> None:
        """Raise Stopped where somebody asked the household to end."""
        if self.stopping.is_set():
            raise Stopped

    def tend(self) -> NoReturn:
        """Start again whoever dies. Raises Stopped once somebody asks the household to end."""
        while True:
            self.stopping.wait(0.25)
            self.go_on()
            for child in self.children.values():
                child.tend()

    def close(self) -> None:
        """End all of them, whatever happens while doing so."""
        with self._endings:
            try:
                for child in reversed(self.children.values()):
                    child.stop()
            finally:
                self.keeper.close()
