"""A whole house for tests: the runner's own processes on free ports, in directories of their own."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from runner import environment, stores, waiting
from runner.house import BEAT, PORTAL, WORKER, House, Process
from runner.premises import Premises, without_settings
from runner.processes import Household

SECONDS = 60.0


@dataclass
class StandingHouse:
    """Portal and sandbox as real processes; with `stack` on PostgreSQL and Redis, worker and beat beside them.

    `settings` are environment variables on top, such as `MYDATA_PARCEL_TTL="5"`. Everything the house writes is under
    `directory`, but for the sandbox's keys, which cost seconds to make and may be shared by houses.
    """

    directory: Path
    sandbox_dir: Path
    stack: bool = False
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Choose where it stands; nothing runs yet."""
        for folder in (self.log_dir, self.key_dir, self.notice_dir):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.household = Household()
        self._house = House(self._premises(), self.household, log_dir=self.log_dir)

    @property
    def data_dir(self) -> Path:
        """What the portal writes on disk."""
        return self.directory / "data"

    @property
    def key_dir(self) -> Path:
        """The key store; empty of a parcel's share once the parcel is purged."""
        return self.directory / "keys"

    @property
    def secrets_dir(self) -> Path:
        """Pepper, signing keys and the pinned authorities."""
        return self.directory / "secrets"

    @property
    def notice_dir(self) -> Path:
        """One JSON file a notice that was sent."""
        return self.directory / "notices"

    @property
    def log_dir(self) -> Path:
        """What the processes print: `portal.log`, `sandbox.log`, `worker.log` and so on."""
        return self.directory / "logs"

    @property
    def stores_dir(self) -> Path:
        """What PostgreSQL and Redis write, unless PostgreSQL had to move to where its user may go."""
        return self.directory / "stores"

    @property
    def base(self) -> str:
        """The portal's address, which is also its issuer."""
        return self._house.premises.portal

    @property
    def sandbox(self) -> str:
        """The sandbox's address."""
        return self._house.premises.sandbox

    @property
    def environ(self) -> dict[str, str]:
        """The environment that every process of the house has."""
        return dict(self._house.premises.environ)

    def open(self) -> None:
        """Start everything; return when the portal serves. Raises CannotRun, and then nothing is left running."""
        try:
            if self.stack:
                found = stores.open_stores(self.stores_dir, self.household, log_dir=self.log_dir)
                self._house.premises = self._house.premises.with_stores(
                    database_url=found.database_url, redis_url=found.redis_url
                )
            self._house.open()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End every process."""
        self.household.close()

    def kill_portal(self) -> None:
        """SIGKILL the server and its workers in one stroke, embedded worker and beat included."""
        self.household.children[PORTAL.name].kill()

    def start_portal(self) -> None:
        """Start the portal again and return when it serves."""
        self._start(PORTAL)
        self.wait_ready()

    def kill_worker(self) -> None:
        """SIGKILL whoever collects: the Celery worker, or where there is none the portal process it lives in."""
        self.household.children[self._collector.name].kill()

    def start_worker(self) -> None:
        """Start the killed worker again."""
        self._start(self._collector)
        self.wait_ready()

    def kill_beat(self) -> None:
        """SIGKILL the scheduler, or where there is none the portal process it lives in."""
        self.household.children[(BEAT if self.stack else PORTAL).name].kill()

    def start_beat(self) -> None:
        """Start the killed scheduler again."""
        self._start(BEAT if self.stack else PORTAL)
        self.wait_ready()

    def restart(self, **settings: str) -> None:
        """End all but the sandbox and the stores in good order, and start them again, with `settings` changed."""
        names = [process.name for process in self._own]
        for name in reversed(names):
            self.household.children[name].stop()
        self._house.premises = Premises({**self._house.premises.environ, **settings})
        for process in self._own:
            self._start(process)
        self.wait_ready()

    def wait_ready(self) -> None:
        """Return when portal and sandbox answer."""
        self._house.wait_ready()

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` beside the running house; its exit code is the caller's to look at."""
        return subprocess.run(
            [environment.PYTHON, environment.ROOT / "manage.py", *words],
            env=self.environ,
            cwd=environment.ROOT,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def seed(self, document: dict[str, object]) -> subprocess.CompletedProcess[str]:
        """Load a seed file (CONTRACT section 7) into the running house."""
        file = self.directory / "seed.json"
        file.write_text(json.dumps(document))
        return self.manage("seed", str(file))

    def people(self) -> list[dict[str, Any]]:
        """Return the sandbox's personas."""
        answer = requests.get(f"{self.sandbox}/people", timeout=10)
        answer.raise_for_status()
        return list(answer.json()["items"])

    def person(self, tag: str, number: int = 0) -> dict[str, Any]:
        """Return the persona of that `tag`, or the one at `number` where several carry it."""
        return [person for person in self.people() if tag in person["tags"]][number]

    def fault(self, target: str, kind: str, count: int = 1) -> None:
        """Make the sandbox's `target` misbehave `count` times; 0 lifts it."""
        body = {"target": target, "kind": kind, "count": count}
        requests.post(f"{self.sandbox}/faults", json=body, timeout=10).raise_for_status()

    def post(self, address: str) -> list[dict[str, Any]]:
        """Return the e-mails or SMS that the sandbox received for `address`, newest last."""
        answer = requests.get(f"{self.sandbox}/post", params={"to": address}, timeout=10)
        answer.raise_for_status()
        return list(answer.json()["items"])

    def log(self, name: str = PORTAL.name) -> str:
        """Return what the process `name` has printed."""
        return (self.log_dir / f"{name}.log").read_text(errors="replace")

    def pids(self) -> dict[str, int]:
        """Return the process of each child that runs; each is the head of a group of its own."""
        return {name: child.pid for name, child in self.household.children.items() if child.running()}

    @property
    def _collector(self) -> Process:
        return WORKER if self.stack else PORTAL

    @property
    def _own(self) -> tuple[Process, ...]:
        return (WORKER, BEAT, PORTAL) if self.stack else (PORTAL,)

    def _start(self, process: Process) -> None:
        self._house.start(process)

    def _premises(self) -> Premises:
        surroundings = without_settings(os.environ)
        surroundings.pop("PYTEST_CURRENT_TEST", None)
        own = {
            "MYDATA_PORT": str(waiting.free_port()),
            "MYDATA_SANDBOX_PORT": str(waiting.free_port()),
            "MYDATA_DATA_DIR": str(self.data_dir),
            "MYDATA_KEY_DIR": str(self.key_dir),
            "MYDATA_SECRETS_DIR": str(self.secrets_dir),
            "MYDATA_NOTICE_DIR": str(self.notice_dir),
            "MYDATA_SANDBOX_DIR": str(self.sandbox_dir),
            "MYDATA_SWEEP_EVERY": "1",
        }
        return Premises.read(surroundings, **(own | self.settings))


def until(holds: Callable[[], bool], *, seconds: float = 20.0, what: str) -> None:
    """Return once `holds()` is true. Raises AssertionError naming `what` was awaited."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)
