"""全民健康保險: through whom a person is enrolled on each day, and what that costs a month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sandbox.people import grades
from sandbox.people.drawing import digits
from sandbox.people.families import Kin, families
from sandbox.people.months import last_of, months
from sandbox.people.personas import Job, People, Persona
from sandbox.people.work import KNOWN_UNTIL, last_day, spells

RATE_PER_MILLION = 51_700 * 30 // 100
"""Of the insured amount: 5.17 %, of which an employee bears 30 %."""
MONTHLY_OF_A_TOWN = 826
"""TWD a month for those whom their town enrols."""
RATES_HOLD_SINCE = date(2021, 1, 1)
MOST_DEPENDANTS = 3
EMPLOYED, OF_A_TOWN = "第一類第二目", "第六類第二目"
TOWN = re.compile("(.{2}[縣市].{1,3}?[區鄉鎮市])")


@dataclass(frozen=True, kw_only=True)
class Cover:
    """One enrolment; `job` is None for those whom their town enrols, `principal` None for the insured themselves."""

    unit: str
    unit_code: str
    category: str
    job: Job | None
    first_day: date
    last_day: date | None
    reason: str
    principal: Kin | None = None

    def amount_on(self, day: date) -> int | None:
        """Return the insured amount on a day, TWD; None for those whom their town enrols."""
        if self.job is None:
            return None
        return next(
            spell.wage
            for spell in spells(self.job, grades.health)
            if spell.first_day <= day <= (spell.last_day or KNOWN_UNTIL)
        )

    def premium_on(self, day: date) -> int:
        """Return what is borne a month for one person, TWD."""
        amount = self.amount_on(day)
        return MONTHLY_OF_A_TOWN if amount is None else round(amount * RATE_PER_MILLION / 1_000_000)

    def holds_on(self, day: date) -> bool:
        """Whether a day is one of the enrolment's."""
        return self.first_day <= day <= (self.last_day or KNOWN_UNTIL)


@dataclass(frozen=True, kw_only=True)
class Premium:
    """What one month costs for one person."""

    month: date
    person: str
    relation: str
    cover: Cover
    amount: int


def covers(person: Persona) -> list[Cover]:
    """Return a person's enrolments by their first day: through work, else the town; children through a parent."""
    own = list(_own(person))
    return own or list(_as_dependant(person))


def premiums(person: Persona) -> Iterator[Premium]:
    """Yield what a person pays each month, for themselves and up to three dependants, since these rates hold."""
    known = families()
    titles = {tie.kin.id: tie.title for tie in known.ties(known.of(person), 1)}
    for month in months(RATES_HOLD_SINCE, KNOWN_UNTIL):
        day = last_of(month)
        for cover in (cover for cover in _own(person) if cover.holds_on(day)):
            amount = cover.premium_on(day)
            yield Premium(month=month, person=person.name, relation="本人", cover=cover, amount=amount)
            for kin in known.dependants(person)[:MOST_DEPENDANTS]:
                if kin.birth_date <= day:
                    yield Premium(month=month, person=kin.name, relation=titles[kin.id], cover=cover, amount=amount)


def _own(person: Persona) -> Iterator[Cover]:
    """Yield a person's enrolments in their own name: the main job counts, between and after jobs the town."""
    free_from = date.min
    for job in sorted(person.life.jobs, key=lambda job: job.begins_on):
        if last_day(job) < free_from:
            continue
        if date.min < free_from < job.begins_on:
            yield _through_town(person, free_from, job.begins_on - timedelta(days=1))
        yield Cover(
            unit=job.employer.name,
            unit_code=digits(9, "nhi unit", job.employer.tax_id),
            category=EMPLOYED,
            job=job,
            first_day=job.begins_on,
            last_day=job.ends_on,
            reason="到職",
        )
        free_from = last_day(job) + timedelta(days=1)
    if date.min < free_from <= KNOWN_UNTIL:
        yield _through_town(person, free_from, None)


def _through_town(person: Persona, first_day: date, ends_on: date | None) -> Cover:
    found = TOWN.match(person.life.address)
    town = f"{found[1] if found else person.life.address}公所"
    return Cover(
        unit=town,
        unit_code=digits(9, "nhi unit", town),
        category=OF_A_TOWN,
        job=None,
        first_day=first_day,
        last_day=ends_on,
        reason="離職轉入戶籍地投保",
    )


def _as_dependant(person: Persona) -> Iterator[Cover]:
    """Yield the enrolments of the persona who has insured this one, from birth on."""
    known = families()
    for principal in People.load():
        if known.of(person) not in known.dependants(principal):
            continue
        for cover in _own(principal):
            if (cover.last_day or KNOWN_UNTIL) >= person.birth_date:
                first_day = max(cover.first_day, person.birth_date)
                reason = "出生依附投保" if first_day == person.birth_date else "隨被保險人轉換投保單位"
                yield replace(cover, principal=known.of(principal), first_day=first_day, reason=reason)
