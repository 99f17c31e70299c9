"""Prepares a house's stores before its portal starts: tables, catalogue, and what the sandbox gives out about itself.

A program of its own (`python -m runner.preparing`), the only one of the runner's that needs the environment: one start of
Django instead of four.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from runner import waiting
from runner.errors import CannotRun

SANDBOX_SECONDS = 60.0


def prepare() -> None:
    """Migrate, load the catalogue, trust the sandbox's authorities, register its agencies, enrol its persons."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_catalogue")
    waiting.until_answers(f"{settings.SANDBOX_URL}/healthz", seconds=SANDBOX_SECONDS, alive=lambda: None)
    trust(json.loads(_fetch("/trust")), settings.TRUST_DIR)
    _load("seed", _fetch("/registration.json"))
    _load("enrol", _fetch("/people"))


def trust(offered: dict[str, object], directory: Path) -> None:
    """Pin the public halves of the authorities: `citizen_ca_*` as PEM, each of `authority_jwks` as a JWK set."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("citizen_ca_root", "citizen_ca_issuing"):
        write(directory / f"{name}.pem", str(offered[name]).encode())
    sets = offered["authority_jwks"]
    if not isinstance(sets, dict):
        message = "The sandbox's /trust holds no authority_jwks."
        raise CannotRun(message)
    for name, keys in sets.items():
        write(directory / f"{name}.jwks.json", json.dumps(keys).encode())


def write(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(draft).replace(path)


def _load(command: str, content: bytes) -> None:
    """Hand `content` to a command that takes a file. The file holds secrets and is gone afterwards."""
    with tempfile.TemporaryDirectory(dir=settings.SECRETS_DIR) as folder:
        file = Path(folder) / "content.json"
        write(file, content)
        call_command(command, str(file))


def _fetch(path: str) -> bytes:
    status, body = waiting.get(f"{settings.SANDBOX_URL}{path}")
    if status != 200:
        message = f"The sandbox answered {path} with {status or 'nothing'}."
        raise CannotRun(message)
    return body


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mydata.settings")
    django.setup()
    try:
        prepare()
    except CannotRun as reason:
        sys.exit(str(reason))
