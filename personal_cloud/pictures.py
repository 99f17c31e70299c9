"""Texts that are pictures: which claim to be one, whether they are, and a copy fit for paper.

A schema says so by `contentEncoding: base64` and `contentMediaType` (JSON Schema 2020-12). An agency may send anything
under that name, so a picture counts as one only after all of its pixels could be read, within bounds that no few bytes
can blow up. Whatever else is said to be base64 is named by its kind and size and never shown as letters.
"""

import base64
import io
import struct
import zlib
from dataclasses import dataclass
from typing import Final

from PIL import ExifTags, Image

from dataproviders.fields import Schema

KINDS: Final = {"image/png": "PNG", "image/jpeg": "JPEG"}
"""What is shown; never SVG, which can hold a program."""

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 4_000_000
MOST_IN_A_DOCUMENT = 8
"""Further ones are named only: a page is for reading, and the JSON holds them all."""

PAPER_PIXELS = 800
"""The longer side of the copy for paper: 250 dots an inch on 8 cm."""

_MAGIC = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a photo upright, by how its Exif says that the camera was held."""

_UNREADABLE = (
    OSError,
    ValueError,
    OverflowError,
    SyntaxError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What the library raises over bytes that are not the picture they begin as."""


@dataclass(frozen=True, slots=True)
class Picture:
    """The bytes as the agency sent them, and how wide and high they are in pixels, held upright."""

    media_type: str
    content: bytes
    width: int
    height: int


@dataclass(slots=True)
class Album:
    """Takes a document's pictures in order, as many as a document shows."""

    room: int = MOST_IN_A_DOCUMENT

    def take(self, schema: Schema, value: object) -> Picture | None:
        """Return the picture that a value is; None for one that is none or finds no room."""
        if media_type(schema, value) not in KINDS or not self.room:
            return None
        self.room -= 1  # A broken one has cost its reading, too.
        return read(schema, value)


def media_type(schema: Schema, value: object) -> str | None:
    """Return what a base64 text claims to be; None for every other value."""
    kind = schema.get("contentMediaType")
    is_encoded = schema.get("contentEncoding") == "base64" and isinstance(kind, str)
    return str(kind) if is_encoded and isinstance(value, str) and value else None


def size(value: object) -> int:
    """Reckon how many bytes a base64 text stands for."""
    letters = "".join(str(value).split()).rstrip("=")
    return len(letters) * 3 // 4


def read(schema: Schema, value: object) -> Picture | None:
    """Read a value all through as the picture that it claims to be; None where it is not, or beyond bounds."""
    kind = media_type(schema, value)
    if kind not in KINDS or size(value) > MOST_BYTES:
        return None
    try:
        content = base64.b64decode("".join(str(value).split()), validate=True)
        upright = _upright(content, KINDS[kind])
    except _UNREADABLE:
        return None
    return Picture(kind, content, upright.width, upright.height)


def for_paper(picture: Picture) -> bytes:
    """Return the picture as a plain JPEG set anew from its pixels, upright, no larger than paper shows."""
    upright = _upright(picture.content, KINDS[picture.media_type])
    upright.thumbnail((PAPER_PIXELS, PAPER_PIXELS))
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    copy = io.BytesIO()
    ground.save(copy, "JPEG", quality=92)
    return copy.getvalue()


def _upright(content: bytes, kind: str) -> Image.Image:
    """Read all pixels, turned as the camera was held. Raises one of `_UNREADABLE`.

    The library's own turning also writes the rest of the Exif anew, and breaks in many ways over one that is malformed.
    """
    with _opened(content, kind) as image:
        pixels = image.convert("RGBA")
        turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return pixels if turn is None else pixels.transpose(turn)


def _opened(content: bytes, kind: str) -> Image.Image:
    """Open by the format that was claimed and no other, and look at its size before at its pixels. Raises ValueError."""
    if not content.startswith(_MAGIC[kind]):
        message = f"this is no {kind}"
        raise ValueError(message)
    image = Image.open(io.BytesIO(content), formats=[kind])
    if not 0 < image.width * image.height <= MOST_PIXELS:
        message = "more pixels than are shown"
        raise ValueError(message)
    return image
