"""Lists are given in pages: `{items, next?}`, with `?after=` the `next` of the page before."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.http import HttpRequest

from mydata.core.errors import Malformed

Row = TypeVar("Row")
PAGE = 200
LONGEST = 200


def after(request: HttpRequest) -> str | None:
    """Return the cursor of the page that is asked for. Raises Malformed for one that cannot be ours."""
    cursor = request.GET.get("after")
    if cursor is not None and not (0 < len(cursor) <= LONGEST and cursor.isascii() and cursor.isprintable()):
        raise Malformed(path="after")
    return cursor


def page(rows: Iterable[Row], *, after: str | None, name: Callable[[Row], str]) -> tuple[list[Row], str | None]:
    """Cut a page out of a whole list whose rows go by `name`; return it and its cursor. Raises Malformed.

    For lists that are short by nature: the catalogue, one person's parcels.
    """
    whole = list(rows)
    names = [name(row) for row in whole]
    if after is not None and after not in names:
        raise Malformed(path="after")
    start = 0 if after is None else names.index(after) + 1
    items = whole[start : start + PAGE]
    return items, (name(items[-1]) if start + PAGE < len(whole) else None)


def listing(items: Iterable[Any], cursor: str | None) -> dict[str, Any]:
    """Write a page as the contract has it."""
    return {"items": list(items)} | ({"next": cursor} if cursor else {})
