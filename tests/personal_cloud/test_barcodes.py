"""資料條碼: what is written can be read by others, mistakes show, and two codes are never alike (CONTRACT, section 3)."""

import itertools
import re
import secrets

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from personal_cloud import barcodes
from personal_cloud.barcodes import ALPHABET, Kind, Picture, Secret
from personal_cloud.errors import CodeMistyped

MANY = 10_000
SPOKEN = barcodes.write(Kind.SPOKEN, bytes(range(1, 33)))
QR = barcodes.write(Kind.QR, bytes(range(1, 33)))


def drawn(picture: Picture, *, module: int = 4) -> Image.Image:
    """Paint a picture as a browser does: each rectangle of its path."""
    image = Image.new("L", (picture.width * module, picture.height * module), 255)
    pen = ImageDraw.Draw(image)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\3z", picture.path):
        left, top = int(x) * module, int(y) * module
        pen.rectangle((left, top, left + int(width) * module - 1, top + int(height) * module - 1), fill=0)
    return image


def seen(picture: Picture) -> list[tuple[str, str]]:
    """Return what an independent reader finds in a picture: the kind of code and its text."""
    return [(found.format.name, found.text) for found in zxingcpp.read_barcodes(drawn(picture))]


def test_the_alphabet_is_crockfords() -> None:
    assert ALPHABET == "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_the_qr_code_holds_the_text_and_nothing_else() -> None:
    assert re.fullmatch(f"MYD1:[{ALPHABET}]{{32}}", QR.text)
    assert seen(barcodes.qr_picture(QR.text)) == [("QRCode", QR.text)]


def test_the_bars_hold_the_spoken_twin_without_hyphens() -> None:
    assert seen(barcodes.bars_picture(SPOKEN.bars)) == [("Code128", SPOKEN.text.replace("-", ""))]


def test_the_spoken_twin_stands_in_groups_of_four() -> None:
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", SPOKEN.text)


def test_what_is_written_is_read_again() -> None:
    for kind in Kind:
        for _ in range(500):
            secret = barcodes.write(kind, secrets.token_bytes(32))
            assert barcodes.read(secret.text) == secret


@pytest.mark.parametrize(
    "how",
    [
        str.lower,
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", " "),
        lambda text: text.replace("-", "–"),
        lambda text: f"  {text}\r\n",
        lambda text: text.replace("0", "o").replace("1", "l"),
        lambda text: text.replace("0", "O").replace("1", "I"),
        lambda text: "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text),
    ],
    ids=["in lower case", "without hyphens", "with blanks", "with dashes", "with margins", "o l", "O I", "full-width"],
)
def test_people_and_scanners_may_write_it_their_way(how: "type[str]") -> None:
    for seed in range(200):
        for kind in Kind:
            secret = barcodes.write(kind, secrets.token_bytes(31) + bytes([seed]))
            assert barcodes.read(how(secret.text)) == secret


@pytest.mark.parametrize(
    "written",
    [
        "",
        "-",
        "MYD1:",
        "MYD2:" + QR.symbols,
        QR.symbols,
        QR.text[:-1],
        QR.text + "0",
        QR.text.replace(QR.symbols[5], "U"),
        SPOKEN.text[:-1],
        SPOKEN.text + "0",
        "UUUU-UUUU-UUUU",
        "!!!!-!!!!-!!!!",
        "ㄅㄆㄇㄈ-ㄅㄆㄇㄈ-ㄅㄆㄇㄈ",
        "٠٠٠٠-٠٠٠٠-٠٠٠٠",
        "\0" * 12,
    ],
)
def test_what_is_no_code_is_mistyped(written: str) -> None:
    with pytest.raises(CodeMistyped):
        barcodes.read(written)


def test_every_single_wrong_symbol_shows() -> None:
    for _ in range(50):
        whole = barcodes.write(Kind.SPOKEN, secrets.token_bytes(32)).bars
        for place, wrong in itertools.product(range(len(whole)), ALPHABET):
            if wrong != whole[place]:
                with pytest.raises(CodeMistyped):
                    barcodes.read(whole[:place] + wrong + whole[place + 1 :])


def test_two_neighbours_changed_over_show_but_for_the_one_pair_that_the_luhn_sum_cannot_tell() -> None:
    blind = set()
    for before, after in itertools.permutations(ALPHABET, 2):
        for place in (0, 1):
            symbols = "7" * place + before + after + "7" * (9 - place)
            changed = "7" * place + after + before + "7" * (9 - place)
            if barcodes.check_symbol(symbols) == barcodes.check_symbol(changed):
                blind.add(frozenset({before, after}))
    assert blind == {frozenset({"0", "Z"})}


def test_the_check_symbol_is_the_luhn_one() -> None:
    """For digits below sixteen the doubled value loses nothing, so that these sums can be followed by hand."""
    assert barcodes.check_symbol("00000000000") == "0"
    assert barcodes.check_symbol("00000000001") == ALPHABET[32 - 2]
    assert barcodes.check_symbol("00000000010") == ALPHABET[32 - 1]
    assert barcodes.check_symbol("0000000000Z") == ALPHABET[32 - (62 // 32 + 62 % 32)]


def test_ten_thousand_codes_are_all_different_and_every_symbol_is_as_likely_as_another() -> None:
    for kind, length in ((Kind.QR, 32), (Kind.SPOKEN, 11)):
        made = [barcodes.write(kind, secrets.token_bytes(32)).symbols for _ in range(MANY)]
        assert len(set(made)) == MANY
        assert {len(symbols) for symbols in made} == {length}
        for place in range(length):
            for symbol in ALPHABET:
                often = sum(symbols[place] == symbol for symbols in made[:2000])
                assert 15 < often < 125, (kind, place, symbol)


def test_a_code_has_the_bits_that_the_contract_asks_for() -> None:
    assert 5 * barcodes.QR_SYMBOLS >= 128
    for kind, most in ((Kind.QR, 19), (Kind.SPOKEN, 6)):
        with pytest.raises(ValueError, match="bits"):
            barcodes.write(kind, bytes(most))
    assert barcodes.write(Kind.SPOKEN, b"\xff" * 7) == Secret(Kind.SPOKEN, "Z" * 11)
