"""What `./run` can do: one function a sub-command."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from runner import checking, environment
from runner.errors import CannotRun
from runner.house import House
from runner.premises import Premises
from runner.processes import Household, Stopped
from runner.stores import open_stores

READERS = {
    "citizen": "whoever wants their data: which persons to be, and what to type",
    "clerk": "whoever serves at a counter",
    "agency": "whoever brings a service or a dataset",
    "operator": "whoever keeps the portal running",
    "engineer": "whoever builds against it: faults, post, cards",
}


def main(words: Sequence[str]) -> int:
    """Do one sub-command and return its exit code; 2 where there is no such command."""
    name, arguments = (words[0], list(words[1:])) if words else ("", [])
    command = COMMANDS.get(name)
    if command is None:
        listed = "\n".join(f"  ./run {known:8} {does.__doc__}".rstrip() for known, does in COMMANDS.items())
        print(f"There is no ./run {name}. There are:\n{listed}", file=sys.stderr)
        return 2
    try:
        return command(arguments)
    except CannotRun as reason:
        print(f"./run: {reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def serve(arguments: Sequence[str]) -> int:
    """Start the portal and its sandbox, and stop both at Ctrl-C."""
    _refuse(arguments)
    premises = Premises.read(os.environ)
    premises.refuse_production()
    environment.make()
    with _household() as household:
        _keep_open(House(premises, household))
    return 0


def stack(arguments: Sequence[str]) -> int:
    """Start the same on PostgreSQL and Redis, with worker and scheduler as processes of their own."""
    _refuse(arguments)
    premises = Premises.read(os.environ)
    premises.refuse_production()
    environment.make()
    with _household() as household:
        stores = open_stores(premises.stack_dir, household)
        house = House(premises.with_stores(database_url=stores.database_url, redis_url=stores.redis_url), household)
        print(f"For ./run manage: export DATABASE_URL={stores.database_url} REDIS_URL={stores.redis_url}", flush=True)
        _keep_open(house)
    return 0


def test(arguments: Sequence[str]) -> int:
    """Check everything; what follows goes to pytest."""
    environment.make()
    return checking.check(arguments)


def setup(arguments: Sequence[str]) -> int:
    """Only make the environment in .venv."""
    _refuse(arguments)
    environment.make()
    return 0


def manage(arguments: Sequence[str]) -> int:
    """Run Django's manage.py in that environment, also while the portal runs."""
    environment.make()
    command = [str(environment.PYTHON), str(environment.ROOT / "manage.py"), *arguments]
    os.execve(command[0], command, dict(Premises.read(os.environ).environ))  # noqa: S606 - becomes manage.py


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "": serve,
    "test": test,
    "stack": stack,
    "manage": manage,
    "setup": setup,
}


def _refuse(arguments: Sequence[str]) -> None:
    if arguments:
        message = f"nothing follows this command; {arguments[0]!r} is not understood"
        raise CannotRun(message)


@contextmanager
def _household() -> Iterator[Household]:
    """Keep a household that ends in good order at Ctrl-C, SIGTERM, or the closing of the terminal."""
    with Household() as household:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # `nohup ./run` has SIGHUP ignored and wants it to stay so.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: household.stopping.set())
        try:
            yield household
        except Stopped:
            print("\nStopping ...", flush=True)


def _keep_open(house: House) -> None:
    """Open the house, print where it is, and tend it. Raises Stopped once a signal asks for it."""
    house.open()
    print(_invitation(house.premises), flush=True)
    house.household.tend()


def _invitation(premises: Premises) -> str:
    lines = [f"  {reader:9} {premises.sandbox}/#{reader:9} {who}" for reader, who in READERS.items()]
    return "\n".join(
        [
            "",
            f"The portal is open:  {premises.portal}/",
            "",
            "What to type there, by kind of reader:",
            *lines,
            "",
            "Ctrl-C stops everything.",
        ]
    )
