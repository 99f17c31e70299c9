"""`./run` as people use it (CONTRACT section 1), on both stacks."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from runner import stores, waiting
from runner.commands import READERS
from tests.architecture.source import ROOT
from tests.house.standing import StandingHouse, until

SECONDS_TO_FIRST_PAGE = 10.0


class Run:
    """One `./run` on free ports, in directories of its own."""

    def __init__(self, directory: Path, sandbox_dir: Path, *words: str) -> None:
        # Only where it stands is taken from a house that is never opened.
        self._surroundings = StandingHouse(directory, sandbox_dir)
        self._surroundings.close()
        self.base, self.sandbox = self._surroundings.base, self._surroundings.sandbox
        self.output = directory / "output"
        self.started = time.monotonic()
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                [ROOT / "run", *words],
                env=self._surroundings.environ,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_open(self) -> float:
        """Return how many seconds it took until the links were printed."""
        until(lambda: "Ctrl-C stops" in self.said() or self.process.poll() is not None, seconds=60, what="the links")
        assert self.process.poll() is None, self.said()
        return time.monotonic() - self.started

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def family(self) -> set[int]:
        """Every process that carries this house's environment, the keeper included."""
        mark = f"MYDATA_DATA_DIR={self._surroundings.data_dir}".encode()
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.add(int(folder.name))
            except OSError:
                continue  # it ended meanwhile, or belongs to somebody else
        return found

    def cpu_seconds(self) -> float:
        """Return what its processes, and the preparation that has ended, have worked so far."""
        ticks = 0
        for pid in self.family():
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(field) for field in after_name[11:15])  # own and collected children's, user and system
        return ticks / os.sysconf("SC_CLK_TCK")

    def quiet(self) -> bool:
        """Say whether nothing of it runs."""
        return not self.family() and not any(
            waiting.listens(int(at.rsplit(":", 1)[1])) for at in (self.base, self.sandbox)
        )


@contextmanager
def running(houses_dir: Path, sandbox_dir: Path, *words: str) -> Iterator[Run]:
    directory = houses_dir / f"run-{time.monotonic_ns()}"
    directory.mkdir(mode=0o711)
    run = Run(directory, sandbox_dir, *words)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.kill()
        run.process.wait()
        until(run.quiet, what="the end of ./run")


@pytest.fixture(params=["", "stack"])
def words(request: pytest.FixtureRequest) -> tuple[str, ...]:
    if request.param and (absent := stores.missing()):
        pytest.skip(f"{' and '.join(absent)} cannot be started here")
    return (request.param,) if request.param else ()


@pytest.fixture
def sandbox_with_keys(house: StandingHouse) -> Path:
    """The sandbox's directory after a first start, which makes the authorities' keys."""
    return house.sandbox_dir


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_is_starting_ends_it_too(houses_dir: Path, sandbox_dir: Path, number: signal.Signals) -> None:
    with running(houses_dir, sandbox_dir) as run:
        until(lambda: len(run.family()) > 2, what="a first child")
        run.process.send_signal(number)
        assert run.process.wait(20) == 0
        assert run.quiet()
        assert "Traceback" not in run.said()


def test_it_opens_in_time_tells_each_reader_where_to_go_and_leaves_nothing(
    houses_dir: Path, sandbox_with_keys: Path, words: tuple[str, ...]
) -> None:
    with running(houses_dir, sandbox_with_keys, *words) as run:
        seconds = run.wait_open()
        # The contract's bound is for the demo; on a machine busy with other things its own work is what counts.
        assert words or min(seconds, run.cpu_seconds()) < SECONDS_TO_FIRST_PAGE, seconds
        assert waiting.get(f"{run.base}/")[0] == 200
        assert all(f"{run.sandbox}/#{reader}" in run.said() for reader in READERS)
        page = waiting.get(run.sandbox)[1].decode()
        assert all(f'id="{reader}"' in page for reader in READERS), "a link that leads nowhere"
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(20) == 0
        assert run.quiet()
        assert "Traceback" not in run.said()


def test_kill_9_leaves_nothing(houses_dir: Path, sandbox_dir: Path, words: tuple[str, ...]) -> None:
    with running(houses_dir, sandbox_dir, *words) as run:
        run.wait_open()
        assert len(run.family()) > 3
        run.process.kill()
        run.process.wait()
        until(run.quiet, seconds=15, what="the end of everything it started")


def test_a_portal_that_is_killed_comes_back(houses_dir: Path, sandbox_dir: Path) -> None:
    with running(houses_dir, sandbox_dir) as run:
        run.wait_open()
        for pid in run.family():
            if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
        until(lambda: "portal ended with code -9" in run.said(), what="its death in words")
        until(lambda: waiting.get(f"{run.base}/readyz")[0] == 200, what="its return")


def test_it_refuses_ports_that_another_holds(houses_dir: Path, house: StandingHouse) -> None:
    directory = houses_dir / "refused"
    directory.mkdir(mode=0o711)
    environ = {**house.environ, "MYDATA_DATA_DIR": str(directory)}
    done = subprocess.run([ROOT / "run"], env=environ, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "MYDATA_SANDBOX_PORT=…" in done.stderr


def test_manage_works_while_the_portal_runs(house: StandingHouse) -> None:
    done = subprocess.run(
        [ROOT / "run", "manage", "check"], env=house.environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_an_unknown_command_answers_with_the_list() -> None:
    done = subprocess.run([ROOT / "run", "fly"], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert all(f"./run {name}" in done.stderr for name in ("test", "stack", "manage", "setup"))


def test_production_is_not_started(house: StandingHouse) -> None:
    environ = {**house.environ, "MYDATA_PROFILE": "production"}
    done = subprocess.run([ROOT / "run"], env=environ, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1
    assert "production" in done.stderr
