"""What one can read in one go: files of at most 400 lines, functions of at most 60."""

import ast

from tests.architecture.source import OURS, Module, modules, snippet

FILE = 400
FUNCTION = 60


def too_long(module: Module) -> list[str]:
    """Name the file and each function that is longer than its measure."""
    lines = len(module.text.splitlines())
    found = [f"{module.path}: {lines} lines"] if lines > FILE else []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            found += [f"{module.at(node)}: {node.name} has {length} lines"] if length > FUNCTION else []
    return found


def test_no_file_and_no_function_is_too_long() -> None:
    assert [place for module in modules(*OURS) for place in too_long(module)] == []


def test_what_is_too_long_is_caught() -> None:
    body = "    x = 1\n" * FUNCTION
    assert too_long(snippet(f"def long():\n{body}")) == ["portal/bad.py:1: long has 61 lines"]
    assert too_long(snippet("x = 1\n" * 401)) == ["portal/bad.py: 401 lines"]
    assert too_long(snippet("x = 1\n" * 400)) == []
