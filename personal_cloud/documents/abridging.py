"""What fits on paper. An agency may send 20 MiB; typeset, that would be thousands of pages and gigabytes of memory.

Such a document holds as much as fits, in order, and says how many entries it leaves to the CSV and JSON beside it.
"""

import itertools
from dataclasses import dataclass, replace

from personal_cloud.presentation import Field, Presentation, Section, Table

MOST_LINES = 20_000
"""Lines of values in one document: about 230 MB and one second of typesetting, some 400 pages."""

_LETTERS_A_LINE = 40
_LINES_A_PICTURE = 12


def abridge(presentation: Presentation, most: int = MOST_LINES) -> tuple[Presentation, int]:
    """Return what fits into `most` lines, and how many entries (fields, rows, whole sections) were left out."""
    room = _Room(most)
    sections = tuple(room.section(section) for section in presentation.sections)
    return replace(presentation, sections=sections), room.left_out


@dataclass
class _Room:
    lines: int
    left_out: int = 0

    def section(self, section: Section) -> Section:
        return replace(
            section,
            fields=tuple(one for one in section.fields if self._take(one.title, one.text, more=_more(one))),
            tables=tuple(self._table(table) for table in section.tables if self._take(table.title)),
            sections=tuple(self.section(inner) for inner in section.sections if self._take(inner.title)),
        )

    def _table(self, table: Table) -> Table:
        rows = tuple(itertools.takewhile(lambda row: self._take(*row), table.rows))
        self.left_out += max(0, len(table.rows) - len(rows) - 1)  # the first that did not fit has been counted
        return replace(table, rows=rows)

    def _take(self, *texts: str, more: int = 0) -> bool:
        needed = more + sum(1 + len(text) // _LETTERS_A_LINE for text in texts)
        if needed > self.lines:
            self.left_out += 1
            return False
        self.lines -= needed
        return True


def _more(field: Field) -> int:
    return _LINES_A_PICTURE if field.picture else 0
