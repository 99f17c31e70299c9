"""The record of use as a sheet for a spreadsheet: one line a use, its time in Taipei."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from audit.reading import Line
from mydata.core.clock import TAIPEI
from personal_cloud.documents.csv import harmless
from portal.design.language import spoken

MOST_LINES = 100_000
BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets need it to read Chinese."""


def rows(lines: Iterable[Line], names: Mapping[str, str]) -> Iterator[bytes]:
    """Return the sheet (RFC 4180) piece by piece, in the language of the page that asks now, not of when it is read."""
    head = [_("時間（臺北）"), _("發生什麼事"), _("資料"), _("由誰"), _("動作"), _("編號")]
    return _written([head], lines, names, spoken())


def _written(first: list[list[str]], lines: Iterable[Line], names: Mapping[str, str], language: str) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK.encode() + _encoded(first)
    for line in lines:
        yield _encoded([_row(line, names, language)])


def _row(line: Line, names: Mapping[str, str], language: str) -> list[str]:
    return [
        line.time.astimezone(TAIPEI).strftime("%Y-%m-%d %H:%M:%S"),
        line.sentence[language],
        "、".join(names.get(dataset, dataset) for dataset in line.datasets),
        line.actor,
        line.action,
        line.event,
    ]


def _encoded(several: list[list[str]]) -> bytes:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator="\r\n").writerows(map(harmless, row) for row in several)
    return sheet.getvalue().encode()
