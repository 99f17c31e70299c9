"""The vendored typeface holds what the pages say, most of it in the slice that comes first."""

import re
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

from tests.portal.citizen.test_english import CHINESE, in_code, in_templates

VENDORED = Path(settings.STATIC_DIR) / "vendor/noto-sans-tc"
WEIGHTS = (400, 700)
ENOUGH = 0.98
"""The share of the pages' own characters that the first slice must hold; with fewer every page would ask for a second one."""


def said() -> set[str]:
    """Name every Chinese character of the pages' own texts and of the catalogue."""
    catalogue = (Path(settings.BASE_DIR) / "dataproviders/catalogue.toml").read_text(encoding="utf-8")
    return set(CHINESE.findall("".join([*in_templates(), *in_code(), catalogue])))


def held(name: str) -> set[str]:
    """Name the characters of one of the two lists."""
    return set((VENDORED / name).read_text(encoding="utf-8"))


def test_the_typeface_holds_what_the_pages_say() -> None:
    assert sorted(said() - held("pages.txt") - held("rest.txt")) == []


def test_most_of_what_the_pages_say_is_in_the_slice_that_comes_first() -> None:
    assert len(said() & held("pages.txt")) / len(said()) > ENOUGH, sorted(said() - held("pages.txt"))


def test_every_slice_is_named_and_there() -> None:
    sheet = (VENDORED / "noto-sans-tc.css").read_text(encoding="utf-8")

    assert sorted(re.findall(r'url\("([^"]+)"\)', sheet)) == sorted(path.name for path in VENDORED.glob("*.woff2"))
    assert sheet.count("font-display: swap") == sheet.count("@font-face")
    assert all(path.read_bytes()[:4] == b"wOF2" for path in VENDORED.glob("*.woff2"))


def test_documents_and_pages_are_set_in_the_same_typeface() -> None:
    with TTFont(
        Path(settings.BASE_DIR) / "personal_cloud/documents/fonts/NotoSansTC_400Regular.ttf", lazy=True
    ) as font:
        printed = font.getBestCmap()

    assert [letter for letter in held("pages.txt") if ord(letter) not in printed and CHINESE.match(letter)] == []
