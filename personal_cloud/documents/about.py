"""About whom a document is: their name and number, as the agency wrote them in the data.

A schema marks the two by `x-subject: name` and `x-subject: national_id`, in the data themselves or in an object within;
unmarked, the properties of these very names count.
"""

from collections.abc import Iterator, Mapping

from dataproviders.fields import Schema, properties

_MARKS = ("name", "national_id")
_LONGEST = 100


def about(schema: Schema, data: object) -> str:
    """Return 「林怡君（A200100017）」, or what there is of it; empty where the data name nobody."""
    held = data if isinstance(data, Mapping) else {}
    name, number = (_text(next(_marked(schema, held, mark), held.get(mark))) for mark in _MARKS)
    return f"{name}（{number}）" if name and number else name or number


def _marked(schema: Schema, held: Mapping[str, object], mark: str) -> Iterator[object]:
    """Yield what the data hold where the schema has that mark."""
    for name, child in properties(schema).items():
        value = held.get(name)
        if child.get("x-subject") == mark:
            yield value
        elif isinstance(value, Mapping):
            yield from (value.get(inner) for inner, part in properties(child).items() if part.get("x-subject") == mark)


def _text(value: object) -> str:
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""
