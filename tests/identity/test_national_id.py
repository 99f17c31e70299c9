"""National ID and resident numbers: every written form is understood, every wrong digit is found."""

import random
import string
import unicodedata

import pytest

from identity.errors import BadNationalId
from identity.national_id import masked, normalise

LETTERS = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))


def check_digit(first: str) -> str:
    """Return what makes the nine signs `first` a number, worked out another way than the house does."""
    area = LETTERS[first[0]]
    second = LETTERS[first[1]] % 10 if first[1].isalpha() else int(first[1])
    total = area // 10 + 9 * (area % 10) + 8 * second
    total += sum(int(digit) * (7 - place) for place, digit in enumerate(first[2:]))
    return str(-total % 10)


def number(chance: random.Random) -> str:
    """Return a right number of any of the three kinds."""
    second = chance.choice("12" + "89" + "ABCD")
    first = chance.choice(string.ascii_uppercase) + second + "".join(chance.choices(string.digits, k=7))
    return first + check_digit(first)


def test_the_known_example() -> None:
    assert check_digit("A12345678") == "9"
    assert normalise("A123456789") == "A123456789"


@pytest.mark.parametrize("seed", range(5))
def test_right_numbers_of_every_kind_and_area(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(400):
        right = number(chance)
        assert normalise(right) == right


def test_one_wrong_digit_is_found_wherever_the_check_digit_tells() -> None:
    """Places whose weight shares a factor with ten let some wrong digits pass; that is the scheme's, not ours."""
    chance = random.Random(20261123)
    for _ in range(300):
        right = number(chance)
        at = chance.choice((2, 6, 8, 9))
        wrong = right[:at] + str((int(right[at]) + chance.randrange(1, 10)) % 10) + right[at + 1 :]
        with pytest.raises(BadNationalId):
            normalise(wrong)


@pytest.mark.parametrize(
    "written",
    [
        "a123456789",
        " A123456789 ",
        "A1234-56789",
        "A 123 456 789",
        "Ａ１２３４５６７８９",
        "ａ１２３４５６７８９",
        "A\u3000123456789",
    ],
)
def test_what_people_type(written: str) -> None:
    assert normalise(written) == "A123456789"


@pytest.mark.parametrize(
    "written",
    [
        *("", "A", "A12345678", "A1234567890", "1123456789", "A323456789", "A023456789", "AE23456789", "AA2345678"),
        *("A12345678９9", "A१२३४५६७८९", "A123456789\0", "Α123456789", "А123456789", "A12345678a", "A123456780"),
    ],
)
def test_what_is_no_number(written: str) -> None:
    with pytest.raises(BadNationalId):
        normalise(written)


def test_anything_at_all_is_a_number_or_refused() -> None:
    chance = random.Random(1)
    for _ in range(3000):
        text = "".join(chr(chance.choice([chance.randrange(32, 127), chance.randrange(0x110000)])) for _ in range(10))
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        try:
            assert normalise(text).isascii()
        except BadNationalId:
            continue


def test_the_result_is_stable_and_ascii() -> None:
    assert normalise(normalise(unicodedata.normalize("NFKD", "A123456789"))) == "A123456789"


def test_a_masked_number_keeps_six_signs() -> None:
    assert masked("A123456789") == "A12345****"
