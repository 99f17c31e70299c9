"""The search finds what is there, in every writing: without that its silence says nothing."""

import base64
import gzip
import io
import random
import zipfile
import zlib

import pytest

from tests.secrecy import writings
from tests.secrecy.searching import Search

MARK = "金絲雀籠A7Q"
NOISE = random.Random(7).randbytes(150_000)


def found(content: bytes, *, headless: bool = False) -> set[str]:
    hits = Search({"mark": MARK}).through("here", NOISE[:70_001] + content + NOISE[70_001:], headless=headless)
    return {hit.writing for hit in hits}


@pytest.mark.parametrize("writing", writings.of(MARK))
def test_every_writing_is_found(writing: str) -> None:
    assert writing in found(writings.of(MARK)[writing])


def test_base64_is_found_wherever_the_text_stands_in_it() -> None:
    for before in range(6):
        text = b"x" * before + MARK.encode() + b"after"
        assert any("base64 phase" in writing for writing in found(base64.b64encode(text)))


def test_streams_are_opened() -> None:
    text = ("before " + MARK + " after").encode()
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    assert "utf-8" in found(zlib.compress(text))
    assert "utf-8" in found(gzip.compress(text))
    assert "utf-8" in found(raw.compress(text) + raw.flush(), headless=True)


def test_a_zip_in_a_zip_is_opened() -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("paper.json", MARK * 3)
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.zip", inner.getvalue())
    assert "utf-8" in found(outer.getvalue())


def test_a_text_across_two_windows_is_found() -> None:
    for before in range(65_530, 65_537):
        assert Search({"mark": MARK}).through("here", b"x" * before + MARK.encode())


def test_noise_holds_nothing_and_is_not_searched_twice() -> None:
    search = Search({"mark": MARK})
    assert search.through("noise", NOISE) == set()
    assert search.through("noise", NOISE + MARK.encode()) != set()
    assert search.through("noise", NOISE) == set()
