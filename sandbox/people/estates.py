"""The land and houses of `estates.toml`, typed: the one source from which land register, tax and property agree."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.people.personas import Persona

VALUES_OF = 115
"""The ROC year of the values in the file."""


@dataclass(frozen=True)
class Share:
    """How much of an estate is one's own."""

    part: int
    whole: int

    def __str__(self) -> str:
        """Write it as registers do: 2分之1."""
        return f"{self.whole}分之{self.part}"

    def of(self, amount: int) -> int:
        """Return that much of an amount, whole units."""
        return amount * self.part // self.whole


@dataclass(frozen=True)
class Mortgage:
    """A mortgage on a house and the land under it; `at_most` in TWD."""

    lender: str
    at_most: int
    set_on: date
    until: date


@dataclass(frozen=True)
class Land:
    """A share in one parcel; values in TWD."""

    county: str
    section: str
    number: str
    area_m2: float
    share: Share
    zone: str
    value_per_m2: int
    acquired_on: date
    cause: str

    @property
    def worth(self) -> int:
        """The announced present value of the share, TWD."""
        return self.share.of(round(self.area_m2 * 100) * self.value_per_m2 // 100)


@dataclass(frozen=True)
class Building:
    """A share in one house or flat; values in TWD."""

    county: str
    section: str
    number: str
    stands_on: str
    address: str
    use: str
    material: str
    floors: int
    floor: str
    area_m2: float
    completed_on: date
    share: Share
    acquired_on: date
    cause: str
    price: int
    """What was registered as really paid, land and house together; 0 where nothing was registered."""
    tax_no: str
    taxable_value: int
    lived_in: bool
    mortgage: Mortgage | None = None

    def value_in(self, roc_year: int) -> int:
        """Return the taxable value of the whole house for a tax year: it loses one hundredth of today's a year."""
        return self.taxable_value * (100 + VALUES_OF - roc_year) // 100


@dataclass(frozen=True)
class Sale:
    """An estate that was sold again and is taxed for its gain; amounts in TWD."""

    what: str
    county: str
    bought_on: date
    sold_on: date
    price: int
    cost: int
    expenses: int
    land_gain: int
    """土地漲價總數額: taxed otherwise already, so it is not taxed here."""
    tax_paid: bool


@dataclass(frozen=True)
class Estate:
    """Everything of one person."""

    lands: tuple[Land, ...] = ()
    buildings: tuple[Building, ...] = ()
    sales: tuple[Sale, ...] = ()


NOTHING = Estate()


def estate_of(person: Persona) -> Estate:
    """Return what the person owns and sold; an empty estate for most of the young."""
    return _estates().get(person.id, NOTHING)


@cache
def _estates() -> Mapping[str, Estate]:
    entries = tomllib.loads(Path(__file__).with_name("estates.toml").read_text(encoding="utf-8"))
    return {owner: _estate(entry) for owner, entry in entries.items()}


def _estate(entry: dict[str, Any]) -> Estate:
    return Estate(
        lands=tuple(Land(**{**land, "share": Share(*land["share"])}) for land in entry["lands"]),
        buildings=tuple(_building(building) for building in entry["buildings"]),
        sales=tuple(Sale(**sale) for sale in entry.get("sales", ())),
    )


def _building(entry: dict[str, Any]) -> Building:
    mortgage = Mortgage(**entry["mortgage"]) if "mortgage" in entry else None
    return Building(**{**entry, "share": Share(*entry["share"]), "mortgage": mortgage})
