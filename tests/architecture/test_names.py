"""Modules are named after acts or nouns of the trade; a room without a name of its own collects whatever nobody placed."""

from pathlib import Path

from tests.architecture.source import OURS, modules

NAMELESS = {"utils", "util", "helpers", "helper", "services", "managers", "manager", "common", "misc", "base_utils"}
# "service" is a noun of the trade (申辦服務): the sandbox plays the online services.
ALLOWED = {Path("sandbox/services")}


def nameless(path: Path) -> bool:
    """Say whether the file or a folder above it has such a name."""
    if any(path.is_relative_to(allowed) for allowed in ALLOWED):
        return False
    return bool(NAMELESS & {*path.parts[:-1], path.stem})


def test_every_room_has_a_name_of_its_own() -> None:
    assert [str(module.path) for module in modules(*OURS) if nameless(module.path)] == []


def test_a_room_without_a_name_is_caught() -> None:
    assert nameless(Path("consent/utils.py"))
    assert nameless(Path("consent/common/dates.py"))
    assert not nameless(Path("sandbox/services/reference.py"))
