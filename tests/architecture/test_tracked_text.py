"""What the repository must not say: package indexes, one machine's paths, unfinished work."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, tracked

# Each is put together here, so that this file does not hold what it looks for.
INDEX = re.compile("|".join(["index" + "-url", "extra" + "-index", "pypi" + r"\.org", "files.python" + "hosted"]))
PATHS = re.compile(r"(?:^|[^\w./-])/(?:wo" + "rk|fa" + r"rm|ho" + r"me/\w+)/")
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK)\\b")
# Taken over unchanged from others; their words are theirs.
VENDORED = ("static/vendor/",)


def texts() -> list[tuple[Path, str]]:
    """Every tracked text file of our own."""
    found = []
    for path in tracked():
        if str(path).startswith(VENDORED):
            continue
        content = (ROOT / path).read_bytes()
        if b"\0" not in content[:8192]:
            found.append((path, content.decode(errors="replace")))
    return found


def mentions(pattern: re.Pattern[str], path: Path, text: str) -> list[str]:
    """Name each line that the pattern finds."""
    return [f"{path}:{number}" for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


@pytest.mark.parametrize("pattern", [INDEX, PATHS, UNFINISHED], ids=["index", "machine path", "unfinished"])
def test_no_tracked_text_says_what_it_must_not(pattern: re.Pattern[str]) -> None:
    assert [place for path, text in texts() for place in mentions(pattern, path, text)] == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (INDEX, "pip install --index" + "-url x"),
        (PATHS, "cd /wo" + "rk/main"),
        (PATHS, '"/ho' + 'me/someone/clone"'),
        (UNFINISHED, "# TO" + "DO: later"),
    ],
)
def test_what_must_not_be_said_is_caught(pattern: re.Pattern[str], line: str) -> None:
    assert mentions(pattern, Path("x"), line) == ["x:1"]


def test_locks_hold_no_address_and_a_hash_for_every_library() -> None:
    for name in ("requirements.lock", "requirements-uv.lock"):
        text = (ROOT / name).read_text()
        assert ":" + "//" not in text, name
        entries = re.findall(r"^[A-Za-z0-9].*?(?=^[A-Za-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)
        assert entries, name
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
