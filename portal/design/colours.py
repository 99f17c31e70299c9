"""The colours of the design as `static/mydata.css` sets them, and how well each stands out from its ground (WCAG 2.2, 1.4.3)."""

import functools
import re
from dataclasses import dataclass

from django.conf import settings

GROUNDS = {"on-action": "action", "on-seal": "seal", "caution": "sheet", "form-line": "sheet"}
"""On what a colour stands, where that is not the paper."""
SHOWN = ("ink", "quiet", "line", "form-line", "action", "action-strong", "on-action", "seal", "on-seal", "caution")
SCHEMES = ("light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """One colour in one scheme: its name, its value, what it stands on and the contrast to that."""

    name: str
    value: str
    ground: str
    contrast: float


@functools.cache
def palette(scheme: str) -> dict[str, str]:
    """Return the tokens of `light` or `dark`, read from the sheet."""
    sheet = (settings.STATIC_DIR / "mydata.css").read_text(encoding="utf-8")
    first, dark = sheet.split("@media (prefers-color-scheme: dark)", 1)
    return _tokens(first) | (_tokens(dark.partition("@media")[0]) if scheme == "dark" else {})


def shown(scheme: str) -> list[Colour]:
    """Return the colours that carry words and lines, each against its ground."""
    found = palette(scheme)
    return [_against_ground(name, found) for name in SHOWN]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _against_ground(name: str, found: dict[str, str]) -> Colour:
    ground = GROUNDS.get(name, "paper")
    return Colour(name=name, value=found[name], ground=ground, contrast=contrast(found[name], found[ground]))


def _tokens(sheet: str) -> dict[str, str]:
    return {name: _six(value) for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", sheet)}


def _six(value: str) -> str:
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(octet / 255) for octet in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
