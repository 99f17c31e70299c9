"""The people of `personas.toml` and `employers.toml`, typed, and the register that finds them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from sandbox.people.drawing import digits

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Words:
    """One sentence in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Chinese first, English beneath."""
        return f"{self.zh}\n{self.en}"


@dataclass(frozen=True)
class Card:
    """A smart card in somebody's purse."""

    card: str
    kind: str
    """`citizen_certificate` or `health_card`."""
    status: str
    """`good`, `revoked`, `expired` or `foreign` (issued by an authority nobody trusts)."""
    pin: str

    @property
    def subject_serial(self) -> str:
        """The 16 digits in the certificate's subject. They name the card and tell nothing about its holder."""
        return digits(16, "subject serial", self.card)


@dataclass(frozen=True)
class Employer:
    """A company that pays people: name, 統一編號 and 保險證號."""

    name: str
    tax_id: str
    insurance_no: str


@dataclass(frozen=True)
class Job:
    """One employment; `monthly_wage` in TWD at its beginning, `ends_on` None while it lasts."""

    employer: Employer
    begins_on: date
    ends_on: date | None
    monthly_wage: int


@dataclass(frozen=True)
class Vehicle:
    """A vehicle as it was licensed to its owner."""

    plate: str
    kind: str
    brand: str
    model: str
    model_year: int
    displacement_cc: int
    fuel: str
    engine_no: str
    colour: str
    licensed_on: date


@dataclass(frozen=True)
class Life:
    """What agencies know about a person; never part of `GET /people`."""

    sex: str
    birthplace: str
    address: str
    living_there_since: date
    marital_status: str
    spouse: str
    father: str
    mother: str
    education: str
    id_issue_kind: str
    notes: tuple[str, ...]
    dividends: int
    """How many companies pay this person a dividend each year."""
    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]


@dataclass(frozen=True)
class Persona:
    """One invented person."""

    id: str
    tags: tuple[str, ...]
    label: Words
    notes: Words
    national_id: str
    birth_date: date
    name: str
    health_card_no: str
    household_no: str
    id_issued_on: date
    email: str
    mobile: str
    cards: tuple[Card, ...]
    life: Life

    def public(self) -> dict[str, object]:
        """Return the entry of `GET /people`, JSON-ready."""
        return {
            "id": self.id,
            "tags": list(self.tags),
            "label": self.label.zh,
            "national_id": self.national_id,
            "birth_date": self.birth_date.isoformat(),
            "name": self.name,
            "health_card_no": self.health_card_no,
            "household_no": self.household_no,
            "id_issued_on": self.id_issued_on.isoformat(),
            "email": self.email,
            "mobile": self.mobile,
            "cards": [asdict(card) for card in self.cards],
            "notes": str(self.notes),
        }


class People:
    """The register of all personas."""

    def __init__(self, personas: tuple[Persona, ...]) -> None:
        """Keep `personas` in their order."""
        self._personas = personas

    @classmethod
    def load(cls) -> People:
        """Read the register that is part of this release."""
        return cls(tuple(_persona(entry) for entry in read_toml("personas.toml")["person"]))

    def __iter__(self) -> Iterator[Persona]:
        """Go through everybody, always in the same order."""
        return iter(self._personas)

    def with_national_id(self, national_id: str) -> Persona | None:
        """Return whose number it is; None for a number of nobody."""
        return self._by_national_id.get(national_id)

    def holding(self, card: str) -> tuple[Persona, Card] | None:
        """Return the holder and the card with this name; None for a card of nobody."""
        return self._by_card.get(card)

    def somebody_else(self, than: Persona | None) -> Persona:
        """Return another ordinary person, always the same one."""
        return next(person for person in self if person != than and "ordinary" in person.tags)

    @cached_property
    def _by_national_id(self) -> Mapping[str, Persona]:
        return {person.national_id: person for person in self}

    @cached_property
    def _by_card(self) -> Mapping[str, tuple[Persona, Card]]:
        return {card.card: (person, card) for person in self for card in person.cards}


@cache
def employers() -> Mapping[str, Employer]:
    """Return everybody who pays people, by key."""
    return {key: Employer(**entry) for key, entry in read_toml("employers.toml").items()}


def read_toml(name: str) -> dict[str, Any]:
    """Return one of the files that stand beside this one."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _persona(entry: dict[str, Any]) -> Persona:
    return Persona(
        **{
            **entry,
            "tags": tuple(entry["tags"]),
            "label": Words(**entry["label"]),
            "notes": Words(**entry["notes"]),
            "cards": tuple(Card(**card) for card in entry["cards"]),
            "life": _life(entry["life"]),
        }
    )


def _life(entry: dict[str, Any]) -> Life:
    return Life(
        **{
            **entry,
            "notes": tuple(entry["notes"]),
            "jobs": tuple(_job(job) for job in entry["jobs"]),
            "vehicles": tuple(Vehicle(**vehicle) for vehicle in entry["vehicles"]),
        }
    )


def _job(entry: dict[str, Any]) -> Job:
    return Job(**{"ends_on": None, **entry, "employer": employers()[entry["employer"]]})
