"""Cursors: where the next page of a list begins, newest first; opaque to whoever carries them."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from mydata.core.errors import Malformed

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def write(moment: dt.datetime, last: UUID) -> str:
    """Return the cursor behind the row of that time and id."""
    return f"{(moment - _EPOCH) // _MICROSECOND}.{last.hex}"


def read(cursor: str) -> tuple[dt.datetime, UUID]:
    """Return the time and id that a cursor names. Raises Malformed."""
    try:
        ticks, last = cursor.split(".")
        return _EPOCH + int(ticks) * _MICROSECOND, UUID(hex=last)
    except (ValueError, OverflowError) as error:
        raise Malformed(path="after") from error


def behind(rows: QuerySet[Any], field: str, after: str | None) -> QuerySet[Any]:
    """Order `rows` by `field` and id, newest first, and leave out what the cursor `after` has passed. Raises Malformed."""
    ordered = rows.order_by(f"-{field}", "-pk")
    if after is None:
        return ordered
    moment, last = read(after)
    return ordered.filter(Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "pk__lt": last}))
