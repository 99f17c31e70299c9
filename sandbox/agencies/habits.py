"""People whose agencies always go wrong in the same way, whatever the dataset."""

from __future__ import annotations

from collections import OrderedDict

from sandbox.faults import Kind
from sandbox.people.personas import Persona

BY_TAG = {
    "no_records": Kind.NO_RECORD,
    "agency_down": Kind.DOWN,
    "agency_garbage": Kind.GARBAGE,
    "agency_wrong_person": Kind.WRONG_PERSON,
}
MOST_TRANSACTIONS = 10_000
"""Transactions remembered as having been told to come back; the oldest are forgotten first."""


class Habits:
    """What goes wrong for whom, without anybody ordering it."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._told_to_come_back: OrderedDict[str, None] = OrderedDict()

    def of(self, person: Persona, tx_id: str) -> Kind | None:
        """Return how the answer about `person` goes wrong; `agency_slow` is served the second time it asks."""
        if "agency_slow" in person.tags:
            return None if self._came_back(tx_id) else Kind.COME_BACK
        return next((kind for tag, kind in BY_TAG.items() if tag in person.tags), None)

    def _came_back(self, tx_id: str) -> bool:
        before = tx_id in self._told_to_come_back
        self._told_to_come_back[tx_id] = None
        if len(self._told_to_come_back) > MOST_TRANSACTIONS:
            self._told_to_come_back.popitem(last=False)
        return before
