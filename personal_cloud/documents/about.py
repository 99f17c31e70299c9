"""About whom a document is: their name and number, as the agency wrote them in the data.

A schema marks the two among its own properties by `x-subject: name` and `x-subject: national_id`; unmarked, the
properties of these very names count.
"""

from collections.abc import Mapping

from dataproviders.fields import Schema, properties

_MARKS = ("name", "national_id")
_LONGEST = 100


def about(schema: Schema, data: object) -> str:
    """Return 「林怡君（A200100017）」, or what there is of it; empty where the data name nobody."""
    held = data if isinstance(data, Mapping) else {}
    name, number = (_text(held.get(_place(schema, mark))) for mark in _MARKS)
    return f"{name}（{number}）" if name and number else name or number


def _place(schema: Schema, mark: str) -> str:
    return next((name for name, child in properties(schema).items() if child.get("x-subject") == mark), mark)


def _text(value: object) -> str:
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""
