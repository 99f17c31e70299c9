"""What people buy: invoices drawn from `purchases.toml`, the same ones whenever they are asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sandbox.people.drawing import digits, number, pick
from sandbox.people.personas import Persona

YEARS_BEFORE_THE_REPUBLIC = 1911
OPENS, MINUTES_OPEN = 8, 14 * 60
"""Shops sell from this hour on, for so many minutes."""

CARRIER_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-."
NUMBER_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST_LINES = 6
QUANTITIES = (1, 1, 1, 2, 3)
ONE_VOID_IN, ONE_DONATED_IN = 40, 25


@dataclass(frozen=True)
class Seller:
    """A shop and its goods, each a name and a price with tax, TWD."""

    name: str
    tax_id: str
    address: str
    goods: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Line:
    """One line of an invoice; `price` of one, with tax, TWD."""

    what: str
    quantity: int
    price: int

    @property
    def amount(self) -> int:
        """What the line costs, TWD."""
        return self.quantity * self.price


@dataclass(frozen=True)
class Invoice:
    """One e-invoice."""

    number: str
    on: date
    at: str
    """The time of day, HH:MM."""
    random_code: str
    seller: Seller
    lines: tuple[Line, ...]
    is_void: bool
    is_donated: bool

    @property
    def amount(self) -> int:
        """What was paid, with tax, TWD."""
        return sum(line.amount for line in self.lines)


def barcode(person: Persona) -> str:
    """Return the person's mobile barcode: a slash and seven characters."""
    return "/" + "".join(pick(CARRIER_LETTERS, "barcode", person.id, place) for place in range(7))


def invoices(person: Persona, period: str) -> tuple[Invoice, ...]:
    """Return the invoices of a period (`115-09`) by time; none for whoever has no barcode."""
    return _drawn(person.id, period)


@lru_cache(maxsize=128)
def _drawn(buyer: str, period: str) -> tuple[Invoice, ...]:
    count = _purchases()["invoices_a_period"].get(buyer, 0)
    drawn = (_invoice(buyer, period, place) for place in range(count))
    return tuple(sorted(drawn, key=lambda invoice: (invoice.on, invoice.at, invoice.number)))


def _invoice(buyer: str, period: str, place: int) -> Invoice:
    about = (buyer, period, place)
    track = "".join(pick(NUMBER_LETTERS, "track", period, number(1, 4, "track of", *about), each) for each in "ab")
    seller = pick(_sellers(), "seller", *about)
    return Invoice(
        number=f"{track}{digits(8, 'invoice', *about)}",
        on=_day(period, about),
        at=_time(about),
        random_code=digits(4, "random code", *about),
        seller=seller,
        lines=tuple(_lines(seller, about)),
        is_void=number(1, ONE_VOID_IN, "void", *about) == 1,
        is_donated=number(1, ONE_DONATED_IN, "donated", *about) == 1,
    )


def _day(period: str, about: tuple[object, ...]) -> date:
    year, month = map(int, period.split("-"))
    first = date(year + YEARS_BEFORE_THE_REPUBLIC, month, 1)
    after = (first + timedelta(days=62)).replace(day=1)
    return first + timedelta(days=number(0, (after - first).days - 1, "day", *about))


def _time(about: tuple[object, ...]) -> str:
    """Draw a minute while the shops are open."""
    hours, minutes = divmod(number(0, MINUTES_OPEN, "minute", *about), 60)
    return f"{OPENS + hours:02d}:{minutes:02d}"


def _lines(seller: Seller, about: tuple[object, ...]) -> Iterator[Line]:
    """Draw different goods, in the shop's order."""
    wanted = number(1, min(MOST_LINES, len(seller.goods)), "lines", *about)
    ranked = sorted(range(len(seller.goods)), key=lambda good: number(0, 2**64, "good", *about, good))
    for good in sorted(ranked[:wanted]):
        what, price = seller.goods[good]
        yield Line(what, pick(QUANTITIES, "quantity", *about, good), price)


@cache
def _sellers() -> tuple[Seller, ...]:
    entries = _purchases()["seller"]
    return tuple(Seller(**{**entry, "goods": tuple(map(tuple, entry["goods"]))}) for entry in entries)


@cache
def _purchases() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("purchases.toml").read_text(encoding="utf-8"))
