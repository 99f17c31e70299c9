"""Who is licensed to drive, to guide visitors and to lead tours: `licences.toml`, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sandbox.people.personas import Persona, read_toml
from sandbox.people.work import KNOWN_UNTIL

YEARS_OF_PRACTICE = 3
"""A licence to guide or to lead tours holds this long."""


@dataclass(frozen=True)
class DrivingLicence:
    """One class of driving licence."""

    licence_class: str
    first_obtained_on: date
    card_issued_on: date | None = None
    """None where it is still the first card."""
    valid_until: date | None = None
    review_due_on: date | None = None
    conditions: str | None = None
    state: str = "正常"
    suspended_from: date | None = None
    suspended_until: date | None = None

    @property
    def is_for_motorcycles(self) -> bool:
        """Tell licences for motorcycles from those for cars."""
        return self.licence_class.endswith("機車")


@dataclass(frozen=True)
class GuideLicence:
    """A tour guide's licence, as it was last issued."""

    certificate_no: str
    category: str
    languages: tuple[str, ...]
    qualified_by: str
    qualification_no: str
    qualified_on: date
    issued_on: date
    assessment_scheme: str | None = None
    employing_agency: str | None = None

    @property
    def expires_on(self) -> date:
        """The last day of validity."""
        return last_day_of(self.issued_on)


@dataclass(frozen=True)
class Training:
    """A training that a tour manager completed."""

    training_kind: str
    trained_by: str
    lessons: int
    completed_on: date
    completion_no: str


@dataclass(frozen=True)
class ManagerLicence:
    """A tour manager's licence with all its issues."""

    licence_no: str
    licence_class: str
    destinations: tuple[str, ...]
    trainings: tuple[Training, ...]
    valid_from: tuple[date, ...]
    """The first issue, then every renewal."""
    tested_language: str | None = None
    serving_agency: str | None = None
    last_led_on: date | None = None


@dataclass(frozen=True)
class Licences:
    """Every licence of one person."""

    driving: tuple[DrivingLicence, ...] = ()
    guide: GuideLicence | None = None
    manager: ManagerLicence | None = None


def licences_of(person: Persona) -> Licences:
    """Return what `person` is licensed to do; nothing at all for many."""
    return _register().get(person.id, Licences())


def last_day_of(issued_on: date) -> date:
    """Return the last day of a licence to guide or to lead tours."""
    return issued_on.replace(year=issued_on.year + YEARS_OF_PRACTICE) - timedelta(days=1)


def is_over(last_day: date) -> bool:
    """Tell whether a licence has run out by the day until which these lives are known."""
    return last_day < KNOWN_UNTIL


@cache
def _register() -> Mapping[str, Licences]:
    return {name: _licences(entry) for name, entry in read_toml("licences.toml").items()}


def _licences(entry: dict[str, Any]) -> Licences:
    return Licences(
        driving=tuple(DrivingLicence(**one) for one in entry.get("driving", [])),
        guide=_guide(entry["guide"]) if "guide" in entry else None,
        manager=_manager(entry["manager"]) if "manager" in entry else None,
    )


def _guide(entry: dict[str, Any]) -> GuideLicence:
    return GuideLicence(**{**entry, "languages": tuple(entry["languages"])})


def _manager(entry: dict[str, Any]) -> ManagerLicence:
    lists = {name: tuple(entry[name]) for name in ("destinations", "valid_from")}
    trainings = tuple(Training(**one) for one in entry["trainings"])
    return ManagerLicence(**{**entry, **lists, "trainings": trainings})
