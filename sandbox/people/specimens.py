"""Pictures of ID cards that nobody could take for real ones: plain, grey, and marked 樣本 all over.

The letters come from the fonts that the portal prints with; they are read as data, like the published schemas.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parents[2] / "personal_cloud" / "documents" / "fonts"
FAMILIES = ("NotoSansTC_400Regular.ttf", "NotoSansJP_400Regular.ttf")
"""In this order: what the first lacks (𠮷), the second may have."""

WIDTH, HEIGHT, MARGIN = 856, 540, 40
"""Ten dots to a millimetre of a card (ISO/IEC 7810 ID-1)."""
PAPER, INK, FAINT, MARK = "#fafaf6", "#282828", "#d6d6d0", "#b83220"
COLOURS = 16
"""Shades that are kept: enough for smooth letters, few enough for a small file."""
TITLE_SIZE, LINE_SIZE, MARK_SIZE, LABEL_WIDTH = 38, 30, 190, 180
FIRST_LINE, LINE_HEIGHT, LAST_LINE = 92, 54, HEIGHT - 58
FRAME = (WIDTH - 230, 96, WIDTH - 50, 336)
NOTICE = "樣本，非真實證件 · SPECIMEN, NOT A REAL CARD"

Line = tuple[str, str]
"""A label and what stands beside it."""


@cache
def card(title: str, lines: tuple[Line, ...], *, portrait: bool) -> bytes:
    """Draw one side of a specimen card and return it as a PNG; `portrait` leaves a frame for the picture."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((4, 4, WIDTH - 5, HEIGHT - 5), radius=32, outline=INK, width=3)
    draw.text((WIDTH // 2, HEIGHT // 2), "樣本", fill=FAINT, font=_font(FAMILIES[0], MARK_SIZE), anchor="mm")
    if portrait:
        draw.rectangle(FRAME, outline=FAINT, width=3)
        middle = ((FRAME[0] + FRAME[2]) // 2, (FRAME[1] + FRAME[3]) // 2)
        draw.text(middle, "無相片", fill=FAINT, font=_font(FAMILIES[0], LINE_SIZE), anchor="mm")
    _write(draw, (MARGIN, 28), title, size=TITLE_SIZE)
    for place, (label, said) in enumerate(lines):
        top = FIRST_LINE + place * LINE_HEIGHT
        _write(draw, (MARGIN, top), label, size=LINE_SIZE)
        _write(draw, (MARGIN + LABEL_WIDTH, top), said, size=LINE_SIZE)
    _write(draw, (MARGIN, LAST_LINE), NOTICE, size=LINE_SIZE, colour=MARK)
    return _png(image)


def _write(draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, *, size: int, colour: str = INK) -> None:
    """Write a text letter by letter, each in the first font that has it."""
    x, y = float(at[0]), at[1]
    for letter in text:
        family = next((name for name in FAMILIES if ord(letter) in _letters(name)), FAMILIES[0])
        font = _font(family, size)
        draw.text((x, y), letter, fill=colour, font=font)
        x += font.getlength(letter)


def _png(image: Image.Image) -> bytes:
    content = io.BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE).save(content, "PNG")
    return content.getvalue()


@cache
def _font(family: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / family, size)


@cache
def _letters(family: str) -> frozenset[int]:
    """Return the code points that a font has."""
    with TTFont(FONTS / family, lazy=True) as font:
        return frozenset(font.getBestCmap())
