"""Nothing outlives the runner, and what dies meanwhile comes back."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runner import keeper, waiting
from runner.errors import CannotRun
from runner.premises import Premises
from runner.processes import Child, Household
from tests.architecture.source import ROOT
from tests.house.standing import until

# Starts a child that itself starts one, and both ignore the polite signal.
STUBBORN = (
    "import signal, subprocess, sys, time;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "grown = subprocess.Popen([sys.executable, '-c', 'import signal, time;"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)']);"
    "print(grown.pid, flush=True); time.sleep(600)"
)


def child(household: Household, tmp_path: Path, *command: str) -> Child:
    return Child(
        name="child",
        command=command,
        environ=os.environ,
        keeper=household.keeper,
        log=tmp_path / "child.log",
    )


def lives(pid: int) -> bool:
    """Say whether a process runs; one that has ended and only waits to be collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def tended(started: Child) -> bool:
    started.tend()
    return started.running()


def grandchild(tmp_path: Path) -> int:
    log = tmp_path / "child.log"
    until(lambda: log.exists() and log.read_text().endswith("\n"), what="the grandchild's number")
    return int(log.read_text())


def test_a_household_ends_whole_families_that_ignore_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    household = Household()
    started = household.start(child(household, tmp_path, sys.executable, "-c", STUBBORN))
    pids = [started.pid, grandchild(tmp_path)]
    started.stop(grace=0.5)
    household.close()
    until(lambda: not any(lives(pid) for pid in pids), what="the end of the family")
    assert "is killed" in capsys.readouterr().out


def test_kill_9_of_the_runner_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import os, sys, time; from pathlib import Path;"
        "from runner.processes import Child, Household;"
        "household = Household();"
        "household.start(Child(name='child', command=[sys.executable, '-c', sys.argv[1]], environ=os.environ,"
        " keeper=household.keeper, log=Path(sys.argv[2])));"
        "time.sleep(600)"
    )
    words = [sys.executable, "-c", program, STUBBORN, str(tmp_path / "child.log")]
    with subprocess.Popen(words, cwd=ROOT) as runner:
        family = grandchild(tmp_path)
        runner.kill()
    assert lives(family), "it was to be still alive when its runner died"
    until(lambda: not lives(family), seconds=keeper.GRACE + 5, what="the end of the family")


def test_the_keeper_forgets_whom_the_runner_ended() -> None:
    assert keeper.read(["+10 15\n", "+11 2\n", "-10\n"]) == {11: 2}


def test_a_child_that_dies_is_started_again_after_a_pause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Household() as household:
        started = household.start(child(household, tmp_path, "sleep", "600"))
        first = started.pid
        os.kill(first, signal.SIGKILL)
        until(lambda: not started.running(), what="its death")
        died = time.monotonic()
        until(lambda: tended(started), what="its return")
        assert started.pid != first
        assert time.monotonic() - died >= 1
    assert "child ended with code -9; starting it again in" in capsys.readouterr().out


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with Household() as household, pytest.raises(CannotRun, match="child cannot be started"):
        household.start(child(household, tmp_path, "/nowhere/at/all"))


def test_a_port_that_somebody_holds_is_refused_by_number() -> None:
    port = waiting.free_port()
    waiting.refuse_taken(port, variable="MYDATA_PORT")
    server = subprocess.Popen([sys.executable, "-m", "http.server", "--bind", waiting.HOST, str(port)])
    try:
        until(lambda: waiting.listens(port), what="a stranger at the port")
        with pytest.raises(CannotRun, match=rf"Port {port} is held .* MYDATA_PORT=…"):
            waiting.refuse_taken(port, variable="MYDATA_PORT")
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("value", ["", "http", "-1", "0", "65536", "８０００"])
def test_a_port_is_a_number_or_it_is_named(value: str) -> None:
    premises = Premises.read({"MYDATA_PORT": value})
    if value:
        with pytest.raises(CannotRun, match="MYDATA_PORT"):
            _ = premises.portal_port
    else:
        assert premises.portal_port == 8000


def test_the_runner_does_not_start_production() -> None:
    Premises.read({}).refuse_production()
    with pytest.raises(CannotRun, match="production"):
        Premises.read({"MYDATA_PROFILE": "production"}).refuse_production()
