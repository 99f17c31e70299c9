"""One house: the processes it consists of, and how it opens and closes."""

import time
from dataclasses import dataclass
from pathlib import Path

from runner import environment, waiting
from runner.errors import CannotRun
from runner.premises import Premises
from runner.processes import Child, Household

SANDBOX_SECONDS = 60.0  # its first start makes the certificate authorities' keys
PREPARATION_SECONDS = 120.0
PORTAL_SECONDS = 60.0


@dataclass(frozen=True)
class Process:
    """One kind of process: its name, and its command, whose first word is a program of the environment."""

    name: str
    command: tuple[str, ...]

    def words(self) -> list[str]:
        """Return the command with the program's path."""
        return [environment.program(self.command[0]), *self.command[1:]]


SANDBOX = Process("sandbox", ("python", "-m", "sandbox"))
PORTAL = Process("portal", ("gunicorn", "-c", "mydata/gunicorn_conf.py", "mydata.wsgi:application"))
WORKER = Process(
    "worker",
    ("celery", "-A", "mydata.celery", "worker", "--pool", "threads", "--concurrency", "8", "--loglevel", "WARNING"),
)
BEAT = Process("beat", ("celery", "-A", "mydata.celery", "beat", "--pidfile", "", "--loglevel", "WARNING"))
# Without Redis the portal process is its own worker and beat.
BEHIND_THE_QUEUE = (WORKER, BEAT)

PREPARATION = Process("preparation", ("python", "-m", "runner.preparing"))


class House:
    """The portal and everybody it needs, as real processes on one machine."""

    def __init__(self, premises: Premises, household: Household, *, log_dir: Path | None = None) -> None:
        self.premises = premises
        self.household = household
        self.log_dir = log_dir

    def open(self) -> None:
        """Start the sandbox, prepare the stores, start the portal; return when it serves. Raises CannotRun."""
        self.premises.refuse_production()
        waiting.refuse_taken(self.premises.sandbox_port, variable="MYDATA_SANDBOX_PORT")
        waiting.refuse_taken(self.premises.portal_port, variable="MYDATA_PORT")
        sandbox = self.start(SANDBOX)
        self._prepare(sandbox)
        if self.premises.has_queue:
            for process in BEHIND_THE_QUEUE:
                self.start(process)
        self.start(PORTAL)
        self.wait_ready()

    def start(self, process: Process) -> Child:
        """Start one of the house's processes; it lives until the household closes."""
        return self.household.start(self._child(process))

    def wait_ready(self) -> None:
        """Return when the portal serves and the sandbox answers. Raises CannotRun."""
        self._wait(SANDBOX, f"{self.premises.sandbox}/healthz", SANDBOX_SECONDS)
        self._wait(PORTAL, f"{self.premises.portal}/readyz", PORTAL_SECONDS)

    def _wait(self, process: Process, url: str, seconds: float) -> None:
        def alive() -> None:
            self.household.go_on()
            self.household.children[process.name].must_run()

        waiting.until_answers(url, seconds=seconds, alive=alive)

    def _prepare(self, sandbox: Child) -> None:
        """Run the preparation beside the starting sandbox. Raises CannotRun where either fails."""
        preparation = self._child(PREPARATION)
        preparation.start()
        deadline = time.monotonic() + PREPARATION_SECONDS
        try:
            while preparation.running():
                self.household.go_on()
                sandbox.must_run()
                if time.monotonic() > deadline:
                    message = f"The preparation took longer than {PREPARATION_SECONDS:.0f} s."
                    raise CannotRun(message)
                time.sleep(0.05)
            if code := preparation.code():
                message = f"The preparation ended with code {code}; {self._where(PREPARATION)}"
                raise CannotRun(message)
        finally:
            preparation.kill()

    def _child(self, process: Process) -> Child:
        log = self.log_dir / f"{process.name}.log" if self.log_dir else None
        return Child(
            name=process.name,
            command=process.words(),
            environ=self.premises.environ,
            keeper=self.household.keeper,
            log=log,
        )

    def _where(self, process: Process) -> str:
        return f"see {self.log_dir / process.name}.log" if self.log_dir else "the lines above say why."
