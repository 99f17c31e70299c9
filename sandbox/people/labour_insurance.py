"""勞工保險: the days a person was insured, the wages that count, and the old-age annuity that comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sandbox.people import grades
from sandbox.people.months import following, last_of, months
from sandbox.people.personas import Job, Persona
from sandbox.people.work import KNOWN_UNTIL, Spell, last_day, spells

DAYS_OF_A_YEAR = 365
YEARS_FOR_AN_ANNUITY = 15
BEST_MONTHS = 60
PENSIONABLE_AGES = {1957: 60, 1958: 61, 1959: 62, 1960: 63, 1961: 64}
"""法定請領年齡 by year of birth (勞工保險條例 58): 60 before these, 65 after them."""
FULL_RATE, HALF_RATE, FLAT_PART = Fraction(155, 10_000), Fraction(775, 100_000), 3_000
PERCENT_A_YEAR_LATE, MOST_YEARS_LATE = 4, 5


@dataclass(frozen=True, kw_only=True)
class Annuity:
    """老年年金給付 as it was granted."""

    pensionable_age: int
    credited_years: float
    average_wage: int
    formula: str
    """`first` or `second`, whichever gives more."""
    percent_for_waiting: int
    monthly: int
    claimed_on: date
    """The last day of work; the first month is the next one."""

    def payments(self) -> Iterator[tuple[date, date]]:
        """Yield each month that was paid for, by its first day, and the day of payment: the end of the month after."""
        for month in months(following(self.claimed_on), KNOWN_UNTIL):
            paid_on = last_of(following(month))
            if paid_on <= KNOWN_UNTIL:
                yield month, paid_on


def periods(person: Persona) -> list[Spell]:
    """Return the spells of all jobs, by their first day."""
    found = [spell for job in person.life.jobs for spell in spells(job, grades.labour)]
    return sorted(found, key=lambda spell: (spell.first_day, spell.job.employer.insurance_no))


def wage_on(person: Persona, day: date) -> int | None:
    """Return the insured wage on a day, of all jobs together, at most the highest grade; None where uninsured."""
    wages = [spell.wage for spell in periods(person) if spell.first_day <= day <= (spell.last_day or KNOWN_UNTIL)]
    return min(sum(wages), grades.LABOUR[-1]) if wages else None


def days_insured(person: Persona) -> int:
    """Return the days of all jobs; days in two jobs count once."""
    days, counted_until = 0, date.min
    for job in sorted(person.life.jobs, key=lambda job: job.begins_on):
        first = max(job.begins_on, counted_until + timedelta(days=1))
        days += max(0, (last_day(job) - first).days + 1)
        counted_until = max(counted_until, last_day(job))
    return days


def annuity(person: Persona) -> Annuity | None:
    """Return the old-age annuity; None for those who are too young, still work, or were insured too short a time."""
    if not person.life.jobs or any(job.ends_on is None for job in person.life.jobs):
        return None
    claimed_on = max(last_day(job) for job in person.life.jobs)
    late = age_on(person, claimed_on) - pensionable_age(person)
    years = round(days_insured(person) / DAYS_OF_A_YEAR, 2)
    if late < 0 or years < YEARS_FOR_AN_ANNUITY:
        return None
    average = _average_of_the_best(person.life.jobs)
    first = average * Fraction(years) * HALF_RATE + FLAT_PART
    second = average * Fraction(years) * FULL_RATE
    percent = PERCENT_A_YEAR_LATE * min(late, MOST_YEARS_LATE)
    return Annuity(
        pensionable_age=pensionable_age(person),
        credited_years=years,
        average_wage=average,
        formula="first" if first > second else "second",
        percent_for_waiting=percent,
        monthly=round(max(first, second) * (100 + percent) / 100),
        claimed_on=claimed_on,
    )


def pensionable_age(person: Persona) -> int:
    """Return the age from which a person may claim."""
    year = person.birth_date.year
    return PENSIONABLE_AGES.get(year, 60 if year < min(PENSIONABLE_AGES) else 65)


def age_on(person: Persona, day: date) -> int:
    """Return how old a person is on a day."""
    born = person.birth_date
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _average_of_the_best(jobs: tuple[Job, ...]) -> int:
    """Return the average insured wage of the sixty best months."""
    of_months = [
        spell.wage
        for job in jobs
        for spell in spells(job, grades.labour)
        for _ in months(spell.first_day, spell.last_day or KNOWN_UNTIL)
    ]
    best = sorted(of_months, reverse=True)[:BEST_MONTHS]
    return round(sum(best) / len(best))
