"""Tables of hundreds of rows, a page at a time: plain links, each of which leaves every other table where it is.

`?page=2.3` asks for page 3 of the document's second table, `?page=2.all` for the whole of it; what cannot be read, or is
beyond the last page, falls to the nearest page there is.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.http import urlencode

from personal_cloud.presentation import Presentation, Section, Table

ROWS = 50
MOST_AT_ONCE = 2_000
"""Longer tables are not listed whole on a page: that would be megabytes of it. The CSV and the PDF hold them."""

_NEIGHBOURS = 2
_ASKED = re.compile(r"([1-9][0-9]{0,5})\.([1-9][0-9]{0,5}|all)\Z")
_WHOLE = "all"


@dataclass(frozen=True, slots=True)
class Link:
    """A way to a page of a table; `number` is None for a gap in the row of numbers."""

    number: int | None
    address: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Leaf(Table):
    """What a page shows of a table: some rows, which of all they are, and the ways to the others."""

    anchor: str
    first: int
    total: int
    before: str = ""
    after: str = ""
    whole: str = ""
    in_pages: str = ""
    links: tuple[Link, ...] = ()

    @property
    def index(self) -> int:
        """The place of the first row shown in the agency's own list, counted from 0."""
        return self.first - 1

    @property
    def last(self) -> int:
        """The number of the last row shown, counted from 1 as `first` is."""
        return self.first + len(self.rows) - 1


def turned(document: Presentation, asked: Sequence[str]) -> Presentation:
    """Return the document with every table opened where the address asks."""
    return replace(document, sections=_Turner(asked).sections(document.sections))


class _Turner:
    def __init__(self, asked: Sequence[str]) -> None:
        found = (_ASKED.match(one) for one in asked)
        self._asked = {int(one[1]): one[2] for one in found if one}
        self._numbers = itertools.count(1)

    def sections(self, sections: Sequence[Section]) -> tuple[Section, ...]:
        return tuple(
            replace(
                section,
                tables=tuple(self._leaf(table, next(self._numbers)) for table in section.tables),
                sections=self.sections(section.sections),
            )
            for section in sections
        )

    def _leaf(self, table: Table, number: int) -> Leaf:
        total = len(table.rows)
        leaf = Leaf(table.path, table.title, table.columns, table.rows, anchor=f"table-{number}", first=1, total=total)
        if total <= ROWS:
            return leaf
        asked, may_be_whole = self._asked.get(number, "1"), total <= MOST_AT_ONCE
        if asked == _WHOLE and may_be_whole:
            return replace(leaf, in_pages=self._address(number, "1"))
        last = -(-total // ROWS)
        here = 1 if asked == _WHOLE else min(int(asked), last)
        return replace(
            leaf,
            rows=table.rows[(here - 1) * ROWS : here * ROWS],
            first=(here - 1) * ROWS + 1,
            before=self._address(number, str(here - 1)) if here > 1 else "",
            after=self._address(number, str(here + 1)) if here < last else "",
            whole=self._address(number, _WHOLE) if may_be_whole else "",
            links=tuple(self._links(number, here, last)),
        )

    def _links(self, number: int, here: int, last: int) -> Iterator[Link]:
        """Name the first page, the last, and those around this one."""
        shown = sorted({1, *range(max(1, here - _NEIGHBOURS), min(last, here + _NEIGHBOURS) + 1), last})
        for before, page in itertools.pairwise([0, *shown]):
            if page - before > 1:
                yield Link(None)
            yield Link(page, self._address(number, str(page)), is_here=page == here)

    def _address(self, number: int, page: str) -> str:
        """Write an address in which this table alone is turned."""
        asked = {**self._asked, number: page}
        pages = [("page", f"{table}.{at}") for table, at in sorted(asked.items()) if at != "1"]
        return f"?{urlencode(pages)}#table-{number}"
