"""Which characters the vendored fonts can print, and what stands in for the others.

PDF/UA-1 (ISO 14289-1, 7.21.8) refuses a document that shows a glyph its font lacks, so nothing unprintable may reach
the typesetter. Names in Taiwan do hold such characters: those of the private use area, and newer CJK extensions.
"""

import functools
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
FAMILIES = ("Noto Sans TC", "Noto Sans JP")
"""In this order: what the first lacks (𠮷), the second may have."""

STAND_IN = "〓"
"""The geta mark, which printers have always set for a sort they do not have."""

_LINE_ENDS = str.maketrans(
    {"\r": "\n", "\t": " ", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
)


@functools.cache
def coverage() -> frozenset[int]:
    """Return the code points that the fonts can print, read from them once a process."""
    covered: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            covered.update(font.getBestCmap())
    return frozenset(code for code in covered if unicodedata.category(chr(code)) not in {"Cc", "Cf", "Co", "Cs"})


@dataclass
class Typecase:
    """Makes texts printable and remembers what it could not set, in the order it was met."""

    missing: dict[int, None] = field(default_factory=dict)

    def set(self, text: str) -> str:
        """Return the text with 〓 for what cannot be printed; what only steers other letters is left out."""
        return "".join(self._sort(letter) for letter in text.replace("\r\n", "\n").translate(_LINE_ENDS))

    def note(self) -> str:
        """Name what is missing as `U+E000, U+E0100`; empty where nothing is."""
        return ", ".join(f"U+{code:04X}" for code in self.missing)

    def _sort(self, letter: str) -> str:
        if letter == "\n" or ord(letter) in coverage():
            return letter
        self.missing.setdefault(ord(letter))
        return "" if _only_steers(letter) else STAND_IN


def _only_steers(letter: str) -> bool:
    """Tell a variation selector or a format character: invisible, and able to reorder what stands beside it."""
    selector = "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"
    return selector or unicodedata.category(letter) == "Cf"
