"""Where one house stands: the directories, ports and addresses that all its processes find in their environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner import environment
from runner.errors import CannotRun

DEFAULTS = {
    "MYDATA_PROFILE": "sandbox",
    "MYDATA_PORT": "8000",
    "MYDATA_SANDBOX_PORT": "9000",
    "MYDATA_DATA_DIR": str(environment.ROOT / "var"),
    "MYDATA_SECRETS_DIR": str(environment.ROOT / "var-secrets"),
    "MYDATA_SANDBOX_DIR": str(environment.ROOT / "var-sandbox"),
}
STORES = {"DATABASE_URL", "REDIS_URL"}
DIRECTORIES = ("MYDATA_DATA_DIR", "MYDATA_SECRETS_DIR", "MYDATA_SANDBOX_DIR")


def without_settings(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` without what it says about a house: tests and checks do not depend on the developer's shell.

    What speaks to the tests themselves is named `MYDATA_TEST_…` and stays.
    """
    return {name: value for name, value in environ.items() if not _is_setting(name)}


def _is_setting(name: str) -> bool:
    return name in STORES or (name.startswith("MYDATA_") and not name.startswith("MYDATA_TEST_"))


@dataclass(frozen=True)
class Premises:
    """One house's environment, complete: every process of the house is started with exactly this."""

    environ: Mapping[str, str]

    @classmethod
    def read(cls, environ: Mapping[str, str], **changes: str) -> "Premises":
        """Take `environ` with `changes` on top, and the defaults for what is unset or empty."""
        chosen = {**environ, **changes}
        complete = {**chosen, **{name: chosen.get(name) or value for name, value in DEFAULTS.items()}}
        for name in DIRECTORIES:
            complete[name] = str(Path(complete[name]).expanduser().resolve())
        complete["PATH"] = f"{environment.PROGRAMS}:{complete.get('PATH', '')}"
        complete["PYTHONUNBUFFERED"] = "1"
        return cls(complete)

    def with_stores(self, *, database_url: str, redis_url: str) -> "Premises":
        """Return the same house on PostgreSQL and Redis."""
        return Premises({**self.environ, "DATABASE_URL": database_url, "REDIS_URL": redis_url})

    @property
    def portal_port(self) -> int:
        """The port of the portal. Raises CannotRun."""
        return self._port("MYDATA_PORT")

    @property
    def sandbox_port(self) -> int:
        """The port of the sandbox. Raises CannotRun."""
        return self._port("MYDATA_SANDBOX_PORT")

    @property
    def portal(self) -> str:
        """The portal's address."""
        return f"http://127.0.0.1:{self.portal_port}"

    @property
    def sandbox(self) -> str:
        """The sandbox's address."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def data_dir(self) -> Path:
        """Everything the portal writes on disk."""
        return Path(self.environ["MYDATA_DATA_DIR"])

    @property
    def stack_dir(self) -> Path:
        """What the stores of `./run stack` write, beside the data directory."""
        return self.data_dir.with_name(f"{self.data_dir.name}-stack")

    @property
    def has_queue(self) -> bool:
        """Say whether worker and beat are processes of their own, on Redis."""
        return bool(self.environ.get("REDIS_URL"))

    def refuse_production(self) -> None:
        """Raise CannotRun outside the sandbox profile: the runner loads virtual persons and trusts the sandbox."""
        profile = self.environ["MYDATA_PROFILE"]
        if profile != "sandbox":
            message = f"./run starts the sandbox profile only, not {profile!r}. Production runs from the images: see Dockerfile."
            raise CannotRun(message)

    def _port(self, name: str) -> int:
        value = self.environ[name]
        if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
            message = f"{name} must be a port between 1 and 65535, not {value!r}"
            raise CannotRun(message)
        return int(value)
