"""資料條碼 as people and machines read it: a QR code, its spoken twin, and the same twin as bars.

Both are written in Crockford's base32. The QR code holds `MYD1:` and 32 symbols, 160 secret bits; the spoken twin is 11 symbols,
55 secret bits, and a check symbol (Luhn mod 32 over the alphabet), in groups of four.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, groupby

import qrcode
from barcode.codex import Code128

from personal_cloud.errors import CodeMistyped

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "MYD1:"
GROUP = 4
QR_SYMBOLS, SPOKEN_SYMBOLS = 32, 11
QR_QUIET, BARS_QUIET = 4, 10
"""Modules that have to stay white around each (ISO/IEC 18004 and 15417)."""
BARS_HEIGHT = 24

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_PREFIX = re.compile("MYD[1IL]:")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]")


class Kind(StrEnum):
    """The two ways in which one code is written."""

    QR = "qr"
    SPOKEN = "spoken"


LENGTHS = {Kind.QR: QR_SYMBOLS, Kind.SPOKEN: SPOKEN_SYMBOLS}


@dataclass(frozen=True, slots=True)
class Secret:
    """What a code says: its symbols, without prefix, check symbol and hyphens."""

    kind: Kind
    symbols: str

    @property
    def text(self) -> str:
        """The code as it is shown."""
        if self.kind == Kind.QR:
            return PREFIX + self.symbols
        whole = self.bars
        return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))

    @property
    def bars(self) -> str:
        """The spoken twin as Code 128 holds it: without hyphens."""
        return self.symbols + check_symbol(self.symbols)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A code as a drawing: `path` is SVG path data, one unit a module, quiet zone included in `width` and `height`."""

    width: int
    height: int
    path: str


def write(kind: Kind, seed: bytes) -> Secret:
    """Return the secret whose symbols are the first bits of `seed`. Raises ValueError where it holds too few."""
    wanted = 5 * LENGTHS[kind]
    if 8 * len(seed) < wanted:
        message = f"{wanted} bits are needed"
        raise ValueError(message)
    bits = int.from_bytes(seed) >> (8 * len(seed) - wanted)
    return Secret(kind, "".join(ALPHABET[bits >> shift & 31] for shift in range(wanted - 5, -1, -5)))


def read(written: str) -> Secret:
    """Return the secret that somebody typed or scanned, full-width, in lower case and without hyphens too. Raises CodeMistyped.

    As Crockford has it, I and L are read as 1, and O as 0; U is no symbol. A QR code with a symbol too few is mistyped too.
    """
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", written)).upper()
    if _PREFIX.match(plain):
        return Secret(Kind.QR, _symbols(plain[len(PREFIX) :], QR_SYMBOLS))
    symbols = _symbols(plain, SPOKEN_SYMBOLS + 1)
    if check_symbol(symbols[:-1]) != symbols[-1]:
        raise CodeMistyped
    return Secret(Kind.SPOKEN, symbols[:-1])


def check_symbol(symbols: str) -> str:
    """Return the symbol that makes the Luhn sum of the whole a multiple of 32."""
    total = sum(sum(divmod(_VALUES[symbol] * factor, 32)) for symbol, factor in zip(symbols[::-1], cycle((2, 1))))
    return ALPHABET[-total % 32]


def qr_picture(text: str) -> Picture:
    """Draw a QR code of level M, which reads `text` with a sixth of it covered."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QR_QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    return Picture(width=len(rows), height=len(rows), path="".join(_path(rows)))


def bars_picture(text: str) -> Picture:
    """Draw `text` as Code 128."""
    (modules,) = Code128(text).build()
    quiet = [False] * BARS_QUIET
    row = [*quiet, *(module == "1" for module in modules), *quiet]
    return Picture(width=len(row), height=BARS_HEIGHT, path="".join(_path([row], height=BARS_HEIGHT)))


def _symbols(plain: str, length: int) -> str:
    if len(plain) != length or not all(symbol in _VALUES for symbol in plain):
        raise CodeMistyped
    return "".join(ALPHABET[_VALUES[symbol]] for symbol in plain)


def _path(rows: Iterable[Iterable[bool]], height: int = 1) -> Iterator[str]:
    """Yield one rectangle for each run of dark modules."""
    for y, row in enumerate(rows):
        x = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                yield f"M{x} {y}h{length}v{height}h-{length}z"
            x += length
