"""National ID and resident numbers: normalised and checked by their check digit.

Letters stand for two digits (戶政司 table); weights are 1, 9, 8 … 1, 1 and the sum is a multiple of ten. The resident
number of before 2021 has a second letter that counts by the last digit of its value.
"""

import re
import unicodedata

from identity.errors import BadNationalId

_FORM = re.compile(r"[A-Z](?:[1289][0-9]{8}|[A-D][0-9]{8})")
_LETTERS = {letter: 10 + place for place, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO")}
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)


def normalise(written: str) -> str:
    """Return the number in NFKC, upper case, without spaces and hyphens. Raises BadNationalId."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", written)).upper()
    if not _FORM.fullmatch(number) or not _check_digit_holds(number):
        raise BadNationalId
    return number


def masked(number: str) -> str:
    """Return the first six characters and four stars: A12345****."""
    return f"{number[:6]}****"


def _check_digit_holds(number: str) -> bool:
    tens, ones = divmod(_LETTERS[number[0]], 10)
    second = _LETTERS[number[1]] % 10 if number[1].isalpha() else int(number[1])
    digits = (tens, ones, second, *(int(digit) for digit in number[2:]))
    return sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 10 == 0
