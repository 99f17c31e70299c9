"""Who is related to whom, and who lives together: `families.toml` read as one web of people.

Only parents and spouses are written down. Children, brothers and sisters, grandparents and grandchildren follow from
them, so whatever paper names a relative, all papers agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sandbox.people.personas import People, Persona, read_toml

ORDINALS = "長次三四五六七八九"
MOST_DEGREES = 2


@dataclass(frozen=True, kw_only=True)
class Kin:
    """A persona or one of their relatives, as the household register knows them."""

    id: str
    name: str
    sex: str
    national_id: str | None
    """None for relatives abroad."""
    birth_date: date
    birthplace: str
    father: str
    """The id of a person in this web, or only a name."""
    mother: str
    spouse: str | None = None
    died_on: date | None = None
    moved_in_on: date | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_woman(self) -> bool:
        """Whether words for women apply."""
        return self.sex == "女"


@dataclass(frozen=True)
class Tie:
    """What somebody is to somebody else."""

    kin: Kin
    title: str
    degree: int
    lineage: str


@dataclass(frozen=True)
class Household:
    """People under one number, the head first."""

    number: str
    members: tuple[Kin, ...]
    notes: str

    @property
    def head(self) -> Kin:
        """Return the head of the household."""
        return self.members[0]


class Families:
    """The web of everybody: personas and their relatives, by id."""

    def __init__(self, people: People, written: Mapping[str, Any]) -> None:
        """Read who is related from `written`, in the form of `families.toml`."""
        self._known = {person.id: _kin(person, written["persona"][person.id]) for person in people}
        self._known |= {name: _relative(name, entry) for name, entry in written["relative"].items()}
        self._dependants = {name: tuple(entry.get("dependants", ())) for name, entry in written["persona"].items()}
        self._households = {
            number: Household(number, tuple(self._known[member] for member in entry["members"]), entry["notes"])
            for number, entry in written["household"].items()
        }

    def __iter__(self) -> Iterator[Kin]:
        """Go through everybody."""
        return iter(self._known.values())

    def of(self, person: Persona) -> Kin:
        """Return a persona as the register knows them."""
        return self._known[person.id]

    def household(self, person: Persona) -> Household:
        """Return the household that a persona belongs to."""
        return self._households[person.household_no]

    def dependants(self, person: Persona) -> tuple[Kin, ...]:
        """Return whom a persona has insured in the health insurance, besides themselves."""
        return tuple(self._known[name] for name in self._dependants[person.id])

    def name(self, reference: str) -> str:
        """Return the name of a father or mother, who may be known by name only."""
        known = self._known.get(reference)
        return known.name if known else reference

    def spouse(self, kin: Kin) -> Kin | None:
        """Return the living spouse."""
        found = self._known[kin.spouse] if kin.spouse else None
        return found if found and found.died_on is None else None

    def children(self, kin: Kin) -> list[Kin]:
        """Return somebody's children, the eldest first."""
        return sorted((one for one in self if kin.id in {one.father, one.mother}), key=lambda one: one.birth_date)

    def birth_order(self, kin: Kin) -> str:
        """Return 出生別, such as 長女: the place among the children of the same parents and sex."""
        return f"{ORDINALS[self._place(kin)]}{'女' if kin.is_woman else '男'}"

    def position(self, kin: Kin, *, head: Kin) -> str:
        """Return 稱謂: what a member of a household is to its head."""
        if kin == head:
            return "戶長"
        return next((tie.title for tie in self.ties(head, MOST_DEGREES) if tie.kin == kin), "家屬")

    def ties(self, kin: Kin, degree: int) -> list[Tie]:
        """Return spouse and blood relatives up to `degree` (1 or 2), the nearest and eldest first."""
        found = [*self._spouses(kin), *self._parents(kin), *self._offspring(kin)]
        if degree == MOST_DEGREES:
            found += [*self._grandparents(kin), *self._grandchildren(kin), *self._siblings(kin)]
        return sorted(found, key=lambda tie: (tie.degree, tie.kin.birth_date))

    def _place(self, kin: Kin) -> int:
        alike = (one for one in self if (one.father, one.mother, one.sex) == (kin.father, kin.mother, kin.sex))
        return sum(one.birth_date < kin.birth_date for one in alike)

    def _spouses(self, kin: Kin) -> Iterator[Tie]:
        if spouse := self.spouse(kin):
            yield Tie(spouse, "妻" if spouse.is_woman else "夫", 0, "配偶")

    def _parents(self, kin: Kin) -> Iterator[Tie]:
        for parent in self._elders(kin):
            yield Tie(parent, "母" if parent.is_woman else "父", 1, "直系血親尊親屬")

    def _grandparents(self, kin: Kin) -> Iterator[Tie]:
        for parent in self._elders(kin):
            for elder in self._elders(parent):
                side = "外" if parent.is_woman else ""
                yield Tie(elder, f"{side}祖{'母' if elder.is_woman else '父'}", 2, "直系血親尊親屬")

    def _offspring(self, kin: Kin) -> Iterator[Tie]:
        for child in self.children(kin):
            title = f"{ORDINALS[self._place(child)]}{'女' if child.is_woman else '子'}"
            yield Tie(child, title, 1, "直系血親卑親屬")

    def _grandchildren(self, kin: Kin) -> Iterator[Tie]:
        for child in self.children(kin):
            for grandchild in self.children(child):
                side, sex = "外" if child.is_woman else "", "女" if grandchild.is_woman else ""
                yield Tie(grandchild, f"{side}孫{sex}", 2, "直系血親卑親屬")

    def _siblings(self, kin: Kin) -> Iterator[Tie]:
        for one in self:
            if one != kin and (one.father, one.mother) == (kin.father, kin.mother):
                older = one.birth_date < kin.birth_date
                yield Tie(one, ("姊" if older else "妹") if one.is_woman else ("兄" if older else "弟"), 2, "旁系血親")

    def _elders(self, kin: Kin) -> Iterator[Kin]:
        return (self._known[name] for name in (kin.father, kin.mother) if name in self._known)


@cache
def families() -> Families:
    """Return the web that is part of this release."""
    return Families(People.load(), read_toml("families.toml"))


def _kin(person: Persona, entry: Mapping[str, Any]) -> Kin:
    return Kin(
        id=person.id,
        name=person.name,
        sex=person.life.sex,
        national_id=person.national_id,
        birth_date=person.birth_date,
        birthplace=person.life.birthplace,
        father=entry["father"],
        mother=entry["mother"],
        spouse=entry.get("spouse"),
        moved_in_on=person.life.living_there_since,
        notes=person.life.notes,
    )


def _relative(name: str, entry: Mapping[str, Any]) -> Kin:
    return Kin(**{"national_id": None, **entry, "id": name, "notes": tuple(entry.get("notes", ()))})
