"""資料現在在哪裡: four places in a line, the data where they are now, and one sentence that says so."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

AGENCY, SEALED, YOU, DESTROYED = range(4)
NAMES = (_("機關"), _("封存"), _("您"), _("已銷毀"))
FIRST, STEP = 65, 130
"""The drawing is 520 wide: the first place at 65, the next ones 130 apart, as the four columns of the list below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One of the four places, as list and drawing need it."""

    name: str
    x: int
    is_past: bool
    is_here: bool
    since: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where somebody's data are: at one of the four places, since when, and in a sentence.

    `by_way_of` are the places where they have been before; `proof` is the address of the receipt of their destruction, where they are destroyed.
    """

    at: int
    sentence: str
    since: dt.datetime | None = None
    on_the_way: bool = False
    by_way_of: tuple[int, ...] = ()
    proof: str = ""

    @property
    def places(self) -> list[Place]:
        """The four places from left to right."""
        return [
            Place(
                name=str(name),
                x=FIRST + STEP * index,
                is_past=index in self.by_way_of,
                is_here=index == self.at,
                since=self.since if index == self.at else None,
            )
            for index, name in enumerate(NAMES)
        ]

    @property
    def x(self) -> int:
        """Where the data's dot stands in the drawing; half-way to the next place while they are on their way."""
        return FIRST + STEP * self.at + (STEP // 2 if self.on_the_way else 0)

    @property
    def is_sealed(self) -> bool:
        """Say whether the data are sealed on the portal."""
        return self.at == SEALED

    @property
    def is_destroyed(self) -> bool:
        """Say whether the portal holds them no more."""
        return self.at == DESTROYED
