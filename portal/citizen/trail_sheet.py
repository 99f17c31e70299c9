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
    language, comma = spoken(), _("、")
    return _written(head, (_row(line, names, language, comma) for line in lines))


def _written(head: list[str], rest: Iterable[list[str]]) -> Iterator[bytes]:
    yield BYTE_ORDER_MARK.encode() + _encoded(head)
    yield from map(_encoded, rest)


def _row(line: Line, names: Mapping[str, str], language: str, comma: str) -> list[str]:
    return [
        line.time.astimezone(TAIPEI).strftime("%Y-%m-%d %H:%M:%S"),
        line.sentence[language],
        comma.join(names.get(dataset, dataset) for dataset in line.datasets),
        line.actor,
        line.action,
        line.event,
    ]


def _encoded(row: list[str]) -> bytes:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, lineterminator="\r\n").writerow(map(harmless, row))
    return sheet.getvalue().encode()
