"""The businesses and companies in which people have a part: `ventures.toml`, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sandbox.people.personas import Persona, read_toml


@dataclass(frozen=True, kw_only=True)
class Partner:
    """A partner of a business; `contribution` in TWD."""

    partner_name: str
    contribution: int
    contributed_in: str


@dataclass(frozen=True, kw_only=True)
class Manager:
    """A registered manager of a business."""

    manager_name: str
    appointed_on: date


@dataclass(frozen=True, kw_only=True)
class Business:
    """A sole proprietorship or partnership (商業); `capital` in TWD, `roles` by the persona's id."""

    business_no: str
    business_name: str
    roles: Mapping[str, list[str]]
    organisation: str
    capital: int
    head_name: str
    business_address: str
    established_on: date
    trades: Mapping[str, str]
    legal_representative: str | None = None
    partners: tuple[Partner, ...] = ()
    managers: tuple[Manager, ...] = ()
    last_changed_on: date | None = None
    """None where nothing changed since it was established."""
    state: str = "核准設立"
    suspended_from: date | None = None
    suspended_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Member:
    """A director or supervisor; `shares` of companies that have them, `invested` (TWD) of others."""

    title: str
    member_name: str
    represents: str | None = None
    shares: int | None = None
    invested: int | None = None


@dataclass(frozen=True, kw_only=True)
class Officer:
    """A registered manager of a company."""

    officer_name: str
    in_office_since: date


@dataclass(frozen=True, kw_only=True)
class Company:
    """A company (公司); capital in TWD, `positions` by the persona's id."""

    company_no: str
    company_name: str
    positions: Mapping[str, list[str]]
    authorised_capital: int
    paid_in_capital: int
    office_address: str
    authority: str
    incorporated_on: date
    amended_on: date
    board: tuple[Member, ...]
    scope: Mapping[str, str]
    foreign_name: str | None = None
    kind: str = "股份有限公司"
    company_state: str = "核准設立"
    term_begins_on: date | None = None
    officers: tuple[Officer, ...] = ()

    @property
    def has_shares(self) -> bool:
        """Tell companies limited by shares from the others."""
        return self.kind == "股份有限公司"


@dataclass(frozen=True)
class Ventures:
    """Everything in the register."""

    businesses: tuple[Business, ...]
    companies: tuple[Company, ...]


@cache
def ventures() -> Ventures:
    """Return the register, the oldest business and company first."""
    written = read_toml("ventures.toml")
    businesses = sorted(map(_business, written["business"]), key=lambda one: one.established_on)
    companies = sorted(map(_company, written["company"]), key=lambda one: one.incorporated_on)
    return Ventures(tuple(businesses), tuple(companies))


def businesses_of(person: Persona) -> list[Business]:
    """Return the businesses in which `person` is registered."""
    return [each for each in ventures().businesses if person.id in each.roles]


def companies_of(person: Persona) -> list[Company]:
    """Return the companies in which `person` is registered."""
    return [each for each in ventures().companies if person.id in each.positions]


def _business(entry: dict[str, Any]) -> Business:
    partners = tuple(Partner(**one) for one in entry.get("partners", []))
    managers = tuple(Manager(**one) for one in entry.get("managers", []))
    return Business(**{**entry, "partners": partners, "managers": managers})


def _company(entry: dict[str, Any]) -> Company:
    board = tuple(Member(**one) for one in entry["board"])
    officers = tuple(Officer(**one) for one in entry.get("officers", []))
    return Company(**{**entry, "board": board, "officers": officers})
