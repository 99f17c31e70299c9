"""Pictures in data: seen where they are pictures, named where they are not, and never the end of a document."""

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from personal_cloud import pictures
from personal_cloud.documents import render_csv
from personal_cloud.presentation import Field, present, shown
from tests.personal_cloud.test_documents_pdf import _nodes, opened, paper, text_of

PNG, JPEG = "image/png", "image/jpeg"


def drawn(kind: str = "PNG", size: tuple[int, int] = (70, 90), mode: str = "RGB", **options: Any) -> bytes:  # noqa: ANN401 - as Pillow takes them
    file = io.BytesIO()
    Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 50).convert(mode).save(file, kind, **options)
    return file.getvalue()


def letters(content: bytes) -> str:
    return base64.b64encode(content).decode()


def schema(media_type: str = PNG) -> dict[str, Any]:
    return {"title": "相片", "type": "string", "contentEncoding": "base64", "contentMediaType": media_type}


def only(value: object, media_type: str = PNG, language: str = "zh") -> Field:
    """Return the field that a single picture becomes."""
    (one,) = shown(present({"properties": {"photo": schema(media_type)}}, {"photo": value}, language=language).sections)
    return one


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, pixels: bytes, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


HOSTILE = {
    "not base64": "***",
    "no picture": letters(b"hello"),
    "a page": letters(b"<html><script>alert(1)</script></html>"),
    "a drawing with a program": letters(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "a JPEG that says PNG": letters(drawn("JPEG")),
    "only the magic": letters(b"\x89PNG\r\n\x1a\n"),
    "cut off": letters(drawn()[:-200]),
    "a sum that does not hold": letters(drawn()[:60] + b"\xff" + drawn()[61:]),
    "four thousand million pixels": letters(png(65_000, 65_000, zlib.compress(b""))),
    "a hundred million pixels that are there": letters(png(10_000, 10_000, zlib.compress(b"\0" * 30_010_000))),
    "more pixels than are shown": letters(png(3_000, 3_000, zlib.compress(b"\0" * 27_003_000))),
    "no pixels": letters(png(0, 0, zlib.compress(b""))),
    "a text that unpacks to 80 MB": letters(
        png(1, 1, zlib.compress(b"\0" * 4), chunk(b"zTXt", b"a\0\0" + zlib.compress(b" " * 80_000_000)))
    ),
    "more bytes than are read": letters(drawn() + b"\0" * pictures.MOST_BYTES),
    "an animation's first lie": letters(b"GIF89a" + b"\0" * 50),
}


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", mode) for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16")] + [("JPEG", "CMYK")]
)
def test_a_picture_of_any_kind_of_pixels_is_seen(kind: str, mode: str) -> None:
    file = io.BytesIO()
    Image.effect_mandelbrot((70, 90), (-2, -1.5, 1, 1.5), 50).convert("L" if mode == "I;16" else mode).convert(
        mode
    ).save(file, kind)
    one = only(letters(file.getvalue()), f"image/{kind.lower()}")
    assert one.picture is not None
    assert (one.picture.width, one.picture.height, one.picture.content) == (70, 90, file.getvalue())
    assert pictures.for_paper(one.picture).startswith(b"\xff\xd8\xff")


def test_it_says_what_it_is_in_both_languages() -> None:
    content = drawn()
    size = f"{len(content):,}"
    assert only(letters(content)).text == f"PNG 圖片，{size} 位元組"
    assert only(letters(content), language="en").text == f"PNG picture, {size} bytes"
    assert only(base64.encodebytes(content).decode()).picture is not None, "lines of base64 may be broken"
    assert only(None).text == "無"


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_bytes_that_are_no_picture_are_named_and_not_shown(value: str) -> None:
    one = only(value)
    assert one.picture is None
    assert one.text.startswith("PNG 圖片，")
    assert one.text.endswith("（無法在這裡顯示，原始內容在 JSON 檔）")


def test_nothing_hostile_keeps_a_document_from_being_made() -> None:
    properties = {name: schema() for name in HOSTILE}
    content = paper({"properties": properties}, HOSTILE)
    assert text_of(content).count("無法在這裡顯示") == len(HOSTILE)
    assert images(content) == 0


def test_svg_and_other_content_are_named_by_kind_and_size_never_as_letters() -> None:
    for kind in ("image/svg+xml", "application/pdf"):
        one = only(letters(b"<svg/>" * 10), kind)
        assert (one.picture, one.text) == (None, f"{kind}，60 位元組（無法在這裡顯示，原始內容在 JSON 檔）")


def images(content: bytes) -> int:
    return sum(len(page.images) for page in opened(content).pages)


def test_in_a_document_it_stands_under_its_title_and_says_it_to_those_who_cannot_see() -> None:
    data = {"name": "甲", "photo": letters(drawn("JPEG", (413, 531)))}
    content = paper({"properties": {"name": {}, "photo": schema(JPEG)}}, data)
    root: Any = opened(content).root_object
    assert images(content) == 1
    figures = [node for node in _nodes(root["/StructTreeRoot"]) if str(node["/S"]) == "/Figure"]
    assert [str(node["/Alt"]) for node in figures] == ["相片"]
    assert "JPEG圖片" in text_of(content)
    assert data["photo"][:40] not in text_of(content)
    assert content == paper({"properties": {"name": {}, "photo": schema(JPEG)}}, data), "the same data, the same bytes"


def held(*entries: bytes) -> str:
    """Write a JPEG whose Exif says these entries, each 12 octets (TIFF 6.0)."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + b"".join(entries) + b"\0" * 4
    plain, exif = drawn("JPEG", (90, 70)), b"Exif\0\0" + tiff
    return letters(plain[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain[2:])


SIDEWAYS = struct.pack("<HHII", 0x0112, 3, 1, 6)
MISWRITTEN = {
    "a maker who is a number": struct.pack("<HHIf", 0x010F, 11, 1, 1.5),
    "a width of letters": struct.pack("<HHI4s", 0x0100, 2, 4, b"wide"),
    "a resolution of letters": struct.pack("<HHI4s", 0x011A, 2, 4, b"fine"),
}


@pytest.mark.parametrize("entry", MISWRITTEN.values(), ids=MISWRITTEN)
def test_what_else_a_camera_wrote_keeps_no_document_from_being_made(entry: bytes) -> None:
    photo = held(SIDEWAYS, entry)
    one = only(photo, JPEG)
    assert one.picture is not None
    assert (one.picture.width, one.picture.height) == (70, 90)
    assert images(paper({"properties": {"photo": schema(JPEG)}}, {"photo": photo})) == 1


@pytest.mark.parametrize("orientation", range(10))
def test_every_way_of_holding_a_camera_is_set_upright_as_the_library_does(orientation: int) -> None:
    photo = held(struct.pack("<HHII", 0x0112, 3, 1, orientation))
    found = pictures.read(schema(JPEG), photo)
    assert found is not None
    with Image.open(io.BytesIO(found.content)) as original:
        upright = ImageOps.exif_transpose(original)
    with Image.open(io.BytesIO(pictures.for_paper(found))) as copy:
        assert copy.size == (found.width, found.height) == upright.size
        assert max(ImageStat.Stat(ImageChops.difference(copy, upright)).mean) < 2


def test_a_picture_held_sideways_is_set_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    one = only(letters(drawn("JPEG", (90, 70), exif=turned)), JPEG)
    assert one.picture is not None
    assert (one.picture.width, one.picture.height) == (70, 90)
    with Image.open(io.BytesIO(pictures.for_paper(one.picture))) as copy:
        assert copy.size == (70, 90)
        assert not copy.getexif()


def test_what_is_beside_the_pixels_does_not_reach_the_paper() -> None:
    polyglot = drawn() + b"<script>secret</script>"
    one = only(letters(polyglot))
    assert one.picture is not None
    assert b"secret" not in pictures.for_paper(one.picture)


def test_pictures_in_a_list_or_in_rows_are_each_seen_at_their_place() -> None:
    rows = {"items": {"properties": {"side": {}, "scan": schema()}}}
    data = {"sides": [{"side": "正面", "scan": letters(drawn())}], "more": [letters(drawn()), letters(drawn())]}
    known = {"properties": {"sides": rows, "more": {"title": "其他", "items": schema()}}}
    found = [one for one in shown(present(known, data).sections) if one.picture]
    assert [one.path for one in found] == ["/sides/0/scan", "/more/0", "/more/1"]


def test_a_document_shows_only_so_many_and_names_the_others() -> None:
    known = {"properties": {"photos": {"items": schema()}}}
    data = {"photos": [letters(drawn(size=(70 + number, 90))) for number in range(pictures.MOST_IN_A_DOCUMENT + 3)]}
    content = paper(known, data)
    assert images(content) == pictures.MOST_IN_A_DOCUMENT
    assert text_of(content).count("無法在這裡顯示") == 3


def test_in_a_spreadsheet_it_is_a_note_of_its_kind_and_size() -> None:
    content = drawn()
    sheet = render_csv({"properties": {"photo": schema()}}, {"photo": letters(content)}).decode()
    assert f'/photo,相片,"{PNG}, {len(content)} bytes"' in sheet
    assert letters(content)[:40] not in sheet
