"""What tells pictures apart: a colour, a line, a place; and what does not: edges of letters drawn a little otherwise."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.journeys import likeness
from tests.journeys.photographing import SCHEMES, settled
from tests.journeys.walking import NARROW, WIDE

PAPER, INK, LINE, ACTION = (251, 250, 247), (28, 27, 25), (217, 214, 206), (11, 93, 87)
Draw = Callable[[ImageDraw.ImageDraw], None]


def page(
    *more: Draw, column: float = 40, paper: tuple[int, int, int] = PAPER, line: bool = True, soft: bool = False
) -> Image.Image:
    """Draw something like a page: lines of words, a hairline, a button; and return its small picture."""
    image = Image.new("RGB", (390, 600), paper)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(18)
    for top in range(20, 400, 32):
        draw.text((column, top), "Where the data are now, and who opens them", INK, font)
    if line:
        draw.line((20, 430, 370, 430), LINE)
    draw.rectangle((40, 460, 180, 500), ACTION)
    for one in more:
        one(draw)
    softer = Image.blend(image, image.filter(ImageFilter.GaussianBlur(0.5)), 0.2)
    shot = io.BytesIO()
    (softer if soft else image).save(shot, "PNG")
    return likeness.reduced(shot.getvalue(), dark=False)


def test_the_same_page_is_alike() -> None:
    assert likeness.unlike(page(), page()) == ""


def test_letters_drawn_a_little_otherwise_are_alike() -> None:
    assert likeness.unlike(page(), page(soft=True)) == ""


@pytest.mark.parametrize(
    "other",
    [
        page(line=False),
        page(lambda draw: draw.line((20, 560, 370, 560), LINE)),
        page(column=52),
        page(paper=(247, 246, 240)),
        page(lambda draw: draw.rectangle((40, 460, 180, 500), (11, 93, 110))),
        page(lambda draw: draw.rectangle((40, 460, 180, 500), PAPER)),
        page(
            lambda draw: draw.text(
                (40, 20), "Where the data are now, and who opens them", (75, 88, 80), ImageFont.load_default(18)
            )
        ),
        page(lambda draw: draw.text((40, 520), "one word more", ACTION, ImageFont.load_default(18))),
    ],
    ids=[
        "a line lost",
        "a line more",
        "a column shifted",
        "the paper",
        "the colour",
        "a button lost",
        "the colour of words",
        "a word more",
    ],
)
def test_what_a_reader_would_see_is_seen(other: Image.Image) -> None:
    assert likeness.unlike(page(), other).startswith("it differs from ")


def test_a_page_that_grew_is_not_the_same() -> None:
    grown = Image.new("RGB", (130, 210), PAPER)

    assert likeness.unlike(page(), grown) == "130 by 210 blocks instead of 130 by 200"


def test_a_picture_that_was_never_kept_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "WRITES", False)

    assert "no golden picture yet" in next(likeness.kept(page(), "zh/never-seen"))


@pytest.mark.parametrize(
    ("source", "still"),
    [
        ("<p>今天 16:42 自動銷毀</p>", "<p>00:00 自動銷毀</p>"),
        ("<p>21 November, 09:05</p>", "<p>00:00</p>"),
        ("<td>5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10</td>", f"<td>{'0' * 36}</td>"),
        ('<input id="a1" value="A123456789">', '<input id="a1" value="A000000000">'),
        ('<h2 id="x2">2 項</h2>', '<h2 id="x2">0 項</h2>'),
        ("<p>民國115年1月5日（2026-01-05）</p>", "<p>民國0000年00月00日（0000-00-00）</p>"),
    ],
)
def test_what_is_another_at_every_visit_is_stilled(source: str, still: str) -> None:
    assert settled(source) == still


def test_every_kept_state_has_all_its_looks() -> None:
    looks = {f"{width}-{scheme}" for width in (NARROW, WIDE) for scheme in SCHEMES}
    kept = {path.relative_to(likeness.GOLDEN).with_suffix("").as_posix() for path in likeness.GOLDEN.rglob("*.webp")}
    states = {"-".join(name.split("-")[:-2]) for name in kept}

    assert len(states) > 40
    assert kept == {f"{state}-{look}" for state in states for look in looks}
