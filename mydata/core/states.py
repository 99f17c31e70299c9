"""Lives: every change of state is one guarded update, and the life of each thing is one table."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, QuerySet

from mydata.core.errors import IllegalMove


class Life:
    """The moves a thing can make: `{state to reach: states it may come from}`.

    Raises IllegalMove where the row is not in one of those states when the update runs.
    """

    def __init__(self, moves: Mapping[str, tuple[str, ...]]) -> None:
        self.moves = moves

    def move(self, rows: QuerySet[Any], to: str, **changes: object) -> None:
        """Move the one row of `rows` to the state `to`, together with `changes`. Raises IllegalMove."""
        if not self.attempt(rows, to, **changes):
            raise IllegalMove

    def attempt(self, rows: QuerySet[Any], to: str, **changes: object) -> bool:
        """Move the one row of `rows` where its state allows it; say whether it did."""
        return rows.filter(state__in=self.moves[to]).update(state=to, **changes) == 1


def change(rows: QuerySet[Any], **changes: object) -> bool:
    """Update the one row of `rows`, whose filters are the guard; say whether there was one."""
    return rows.update(**changes) == 1


def row(model: type[Model], pk: object) -> QuerySet[Any]:
    """Return the set of the one row `pk` of `model`, to be guarded and updated."""
    return QuerySet(model).filter(pk=pk)
