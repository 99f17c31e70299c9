"""No text of the pages is said in Chinese only: in code each is translated, or stands beside its English twin."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

PORTAL = Path(settings.BASE_DIR) / "portal"
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
TRANSLATING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
IN_NO_LANGUAGE = {
    "封": "what the seal says, in a drawing",
    "毀": "what the seal says, in a drawing",
    "驗": "what the seal says, in a drawing",
    "中文": "the name of a language, in that language",
}
CHINESE_BY_NATURE = {
    "portal/citizen/specimens.py": "an invented paper, and papers are Chinese",
    "portal/notices/templates.py": "letters go out when no page is open that would say which language its reader chose",
}


def untranslated(text: str) -> list[str]:
    """Name each Chinese literal of some code that is neither translated, nor paired with English, nor a docstring."""
    tree = ast.parse(text)
    fine = {id(node) for node in _documentation(tree)} | {id(node) for node in _said_twice(tree)}
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CHINESE.search(node.value)
        and node.value not in IN_NO_LANGUAGE
        and id(node) not in fine
    ]


def _documentation(tree: ast.AST) -> Iterator[ast.AST]:
    """Every string that stands alone: docstrings of modules, classes, functions and attributes."""
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))


def _said_twice(tree: ast.AST) -> Iterator[ast.AST]:
    """Every literal inside of a translating call, or inside of `{"zh": …, "en": …}`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in TRANSLATING:
            yield from ast.walk(node)
        if isinstance(node, ast.Dict) and {"zh", "en"} <= {getattr(key, "value", None) for key in node.keys}:
            yield from ast.walk(node)


def test_no_text_of_the_portal_is_said_in_chinese_only() -> None:
    found = {}
    for path in sorted(PORTAL.rglob("*.py")):
        name = path.relative_to(settings.BASE_DIR).as_posix()
        if name not in CHINESE_BY_NATURE and "/migrations/" not in name:
            found[name] = untranslated(path.read_text(encoding="utf-8"))

    assert len(found) > 50
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_chinese_that_nobody_translates_is_caught() -> None:
    assert untranslated('title = "資料目錄"') == ["1: 資料目錄"]
    assert untranslated('"""說明。"""\ntitle = _("資料目錄")\nboth = {"zh": "目錄", "en": "Catalogue"}') == []
    assert untranslated('only = {"zh": "目錄"}') == ["1: 目錄"]
