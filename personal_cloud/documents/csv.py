"""A dataset as CSV (RFC 4180) for somebody who opens it in a spreadsheet.

First every single value, one a line, with the place where it stands; then every table under its title. Dates are ISO,
numbers bare, so that the sheet can sort and add them.
"""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator

from dataproviders.fields import Schema
from personal_cloud.presentation import WAY, Field, Section, Table, arrange
from personal_cloud.values import plain

_HEADING = ("路徑", "項目", "內容")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_UNREADABLE = str.maketrans({"\x00": "\ufffd"} | {chr(code): "\ufffd" for code in range(0xD800, 0xE000)})


def render_csv(schema: Schema, data: object) -> bytes:
    """Return the data as UTF-8 with a byte order mark, which spreadsheets need to read Chinese."""
    sheet = io.StringIO(newline="")
    lines = csv.writer(sheet, lineterminator="\r\n")
    for row in _rows(arrange(schema, data, plain).sections):
        lines.writerow(row)
    return ("\ufeff" + sheet.getvalue().translate(_UNREADABLE)).encode()


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula (OWASP: CSV injection)."""
    risky = text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if risky else text


def _rows(sections: Iterable[Section]) -> Iterator[list[str]]:
    whole = Section(path="", title="", sections=tuple(sections))
    yield list(_HEADING)
    for way, single in _fields(whole, ()):
        yield [single.path, harmless(way), _cell(single.text, number=single.numeric)]
    for way, table in _tables(whole, ()):
        yield []
        yield [harmless(way)]
        yield [harmless(column.title) for column in table.columns]
        for row in table.rows:
            yield [_cell(text, number=column.numeric) for column, text in zip(table.columns, row, strict=True)]


def _fields(section: Section, above: tuple[str, ...]) -> Iterator[tuple[str, Field]]:
    here = (*above, section.title) if section.title else above
    for single in section.fields:
        yield WAY.join((*here, single.title)), single
    yield from itertools.chain.from_iterable(_fields(inner, here) for inner in section.sections)


def _tables(section: Section, above: tuple[str, ...]) -> Iterator[tuple[str, Table]]:
    here = (*above, section.title) if section.title else above
    for table in section.tables:
        yield WAY.join((*here, table.title)), table
    yield from itertools.chain.from_iterable(_tables(inner, here) for inner in section.sections)


def _cell(text: str, *, number: bool) -> str:
    """Leave a JSON number as it is, minus sign and all: only texts can be formulas."""
    return text if number else harmless(text)
