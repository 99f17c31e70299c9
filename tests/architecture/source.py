"""The house's own source text, parsed, for the tests of properties that hold everywhere."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Lowest first; a layer knows only those before it.
LAYERS = ("mydata.core", "audit", "identity", "dataproviders", "consent", "personal_cloud", "portal")
HOUSE = ("mydata", *LAYERS[1:])
OURS = (*HOUSE, "sandbox", "runner", "tests")


@dataclass(frozen=True)
class Module:
    """One Python file: where it stands in the repository, its text and its tree."""

    path: Path
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def at(self, node: ast.stmt | ast.expr) -> str:
        """Name a place in the file, as editors understand it."""
        return f"{self.path}:{node.lineno}"


def snippet(text: str, path: str = "portal/bad.py") -> Module:
    """A module made up to be caught: every rule must be seen to fail."""
    return Module(Path(path), text)


@cache
def modules(*packages: str) -> tuple[Module, ...]:
    """Every Python file of the packages, migrations left out: those are Django's."""
    return tuple(
        Module(path.relative_to(ROOT), path.read_text())
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    )


def house() -> tuple[Module, ...]:
    """Every Python file of the portal itself."""
    found = modules(*HOUSE)
    assert len(found) > 20, "the house's files were not found"
    return found


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in the tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def dotted(node: ast.expr) -> str:
    """Write `a.b.c` as it stands in the source; the head is `?` where it is not a plain name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git keeps or would keep, as paths in the repository.

    In an unpacked archive without git there is nothing to ask, and every file counts that a clone would have.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return tuple(
            path.relative_to(ROOT) for package in OURS for path in (ROOT / package).rglob("*") if path.is_file()
        )
    return tuple(Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
