"""Whether a page still looks as it did, told from a small picture of it that is kept beside the tests.

In the picture every block of three by three dots is its darkest dot, or on a dark page its brightest, so that a hairline
stays whole. Two pictures are alike where every block of either finds its like in the other within one block's distance, and
plain areas have the same colour: edges of letters, drawn a little otherwise by another browser, always find theirs; a lost
line, a shifted column and another colour do not.

`MYDATA_TEST_GOLDEN=write ./run test tests/journeys` keeps what is seen now as what must be seen from now on.
Removing the folder first drops the pictures of states that are no more.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from functools import reduce
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

GOLDEN = Path(__file__).parent / "golden"
WRITES = os.environ.get("MYDATA_TEST_GOLDEN") == "write"
SEEN = Path(tempfile.gettempdir()) / "mydata-golden"
"""Where a picture is put that is not like the kept one."""

BLOCK = 3
NEAR, SAME = 14, 2
"""How far a block's colour may be from its like: at an edge, where a hairline is 29 from its ground, and in a plain area."""
TILE = 32
MOST_PER_TILE = 12
"""Blocks in a tile of 32 by 32 that may find no like; a hairline across it has 32."""
AROUND = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]


def reduced(shot: bytes, *, dark: bool) -> Image.Image:
    """Return the small picture of a screenshot."""
    stronger = ImageChops.lighter if dark else ImageChops.darker
    with Image.open(io.BytesIO(shot)) as image:
        picture = image.convert("RGB")
    width, height = picture.width // BLOCK, picture.height // BLOCK
    picture = picture.crop((0, 0, width * BLOCK, height * BLOCK))
    for size, (x, y) in (((width, height * BLOCK), (1, 0)), ((width, height), (0, 1))):
        shifted = (ImageChops.offset(picture, step * x, step * y) for step in (-1, 0, 1))
        picture = reduce(stronger, [one.resize(size, Image.Resampling.NEAREST) for one in shifted])
    return picture


def kept(picture: Image.Image, name: str) -> Iterator[str]:
    """Compare a picture with the golden one of that name, or where goldens are written keep it; name what is different."""
    path = GOLDEN / f"{name}.webp"
    if WRITES:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, lossless=True, quality=60)
        return
    if not path.exists():
        yield f"{name}: no golden picture yet; MYDATA_TEST_GOLDEN=write makes it"
        return
    with Image.open(path) as file:
        golden = file.convert("RGB")
    if difference := unlike(golden, picture):
        seen = SEEN / f"{name}.png"
        seen.parent.mkdir(parents=True, exist_ok=True)
        picture.save(seen)
        yield f"{name}: {difference}; {seen} is not like {path}"


def unlike(golden: Image.Image, picture: Image.Image) -> str:
    """Say what is different between two small pictures; nothing where they are alike."""
    if golden.width != picture.width or abs(golden.height - picture.height) > 1:
        return f"{picture.width} by {picture.height} blocks instead of {golden.width} by {golden.height}"
    size = (golden.width, min(golden.height, picture.height))
    before, now = golden.crop((0, 0, *size)), picture.crop((0, 0, *size))
    if ImageChops.difference(before, now).getbbox() is None:
        return ""
    plain = ImageChops.darker(_plain(before), _over(_distance(before, now), SAME))
    edges = ImageChops.lighter(_over(_distance(before, now), NEAR), _over(_distance(now, before), NEAR))
    unmatched = ImageChops.lighter(plain, edges)
    if any(unmatched.reduce(TILE).histogram()[MOST_PER_TILE * 255 // TILE**2 + 1 :]):
        left, top, _right, _bottom = unmatched.getbbox() or (0, 0, 0, 0)
        return f"it differs from {left * BLOCK} px, {top * BLOCK} px on"
    return ""


def _plain(picture: Image.Image) -> Image.Image:
    """Return white where a block is as all those around it."""
    spread = ImageChops.difference(picture.filter(ImageFilter.MaxFilter(3)), picture.filter(ImageFilter.MinFilter(3)))
    return ImageChops.invert(_over(_most(spread), 0))


def _distance(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return how far each block of `one` is from its like in `other`, at its place or beside it."""
    nearest = Image.new("L", one.size, 255)
    for x, y in AROUND:
        nearest = ImageChops.darker(nearest, _most(ImageChops.difference(one, ImageChops.offset(other, x, y))))
    return nearest


def _most(difference: Image.Image) -> Image.Image:
    red, green, blue = difference.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _over(distance: Image.Image, limit: int) -> Image.Image:
    return distance.point([0] * (limit + 1) + [255] * (255 - limit))
