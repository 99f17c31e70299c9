"""Only `mydata.core.outbound` opens a connection, and it never waits without end (DESIGN D9)."""

import ast
from pathlib import Path

from tests.architecture.source import Module, calls, dotted, house, snippet

DOOR = Path("mydata/core/outbound.py")
SOCKETS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "urllib.request",
    "urllib3",
}
WAITING = {"timeout"}


def other_doors(module: Module) -> list[str]:
    """Name each import of a library that opens connections."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        if any(name == library or name.startswith(f"{library}.") for name in names for library in SOCKETS):
            found.append(module.at(node))
    return found


def without_deadline(module: Module) -> list[str]:
    """Name each HTTP session and each call on one that is made without a `timeout`."""
    return [
        module.at(call)
        for call in calls(module.tree)
        if dotted(call.func).endswith(("ClientSession", "session.request"))
        and not WAITING & {keyword.arg for keyword in call.keywords}
    ]


def test_nobody_else_opens_a_connection() -> None:
    assert [place for module in house() if module.path != DOOR for place in other_doors(module)] == []


def test_every_call_out_has_a_deadline() -> None:
    door = next(module for module in house() if module.path == DOOR)
    assert "ClientTimeout" in door.text
    assert without_deadline(door) == []


def test_a_second_door_is_caught() -> None:
    for line in (
        "import requests",
        "from urllib import request",
        "import urllib.request as r",
        "from aiohttp import web",
    ):
        assert other_doors(snippet(line)) == ["portal/bad.py:1"], line
    assert other_doors(snippet("from urllib.parse import urlsplit\nimport http")) == []


def test_a_call_without_a_deadline_is_caught() -> None:
    assert without_deadline(snippet("aiohttp.ClientSession()")) == ["portal/bad.py:1"]
    assert without_deadline(snippet("aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3))")) == []
