"""What happened to people on the road: `traffic.toml`, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sandbox.people.personas import Persona, read_toml


@dataclass(frozen=True, kw_only=True)
class UnpaidTolls:
    """On how many days since when a vehicle passed toll gantries and nobody paid."""

    plate: str
    since: date
    days: int


@dataclass(frozen=True, kw_only=True)
class DocumentRequest:
    """Documents about an accident that somebody asked the police for; `withheld` are those never handed out."""

    requested_on: date
    accident_at: datetime
    accident_where: str
    severity: str
    handled_by: str
    documents: tuple[str, ...]
    withheld: tuple[str, ...] = ()
    own_plate: str | None = None
    requested_as: str = "當事人"
    requested_through: str = "網路"


@dataclass(frozen=True, kw_only=True)
class OnTheRoad:
    """What happened to one person."""

    violations: int = 0
    """How many violations were reported."""
    unpaid_tolls: tuple[UnpaidTolls, ...] = ()
    requests: tuple[DocumentRequest, ...] = ()


def on_the_road(person: Persona) -> OnTheRoad:
    """Return what happened to `person`; nothing at all to many."""
    return _register().get(person.id, OnTheRoad())


@cache
def _register() -> Mapping[str, OnTheRoad]:
    return {name: _happened(entry) for name, entry in read_toml("traffic.toml").items()}


def _happened(entry: dict[str, Any]) -> OnTheRoad:
    tolls = tuple(UnpaidTolls(**one) for one in entry.get("unpaid_tolls", []))
    requests = tuple(map(_request, entry.get("requests", [])))
    return OnTheRoad(violations=entry.get("violations", 0), unpaid_tolls=tolls, requests=requests)


def _request(entry: dict[str, Any]) -> DocumentRequest:
    lists = {name: tuple(entry.get(name, [])) for name in ("documents", "withheld")}
    return DocumentRequest(**{**entry, **lists})
