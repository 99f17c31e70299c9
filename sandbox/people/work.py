"""What a job pays over the years: the one source from which tax, pension and insurance papers agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sandbox.people.personas import Job

KNOWN_UNTIL = date(2026, 10, 31)
"""Agencies know the lives of these people until this day; fixed, so that papers are the same in every run."""

RAISE_PERCENT = 3
MONTHS_OF_BONUS = 2


@dataclass(frozen=True)
class Spell:
    """Days of one job on which an insurance reckons with the same wage; `last_day` None while they go on."""

    job: Job
    first_day: date
    last_day: date | None
    wage: int
    """The grade that the wage falls into, TWD."""


def monthly_wage(job: Job, year: int) -> int:
    """Return the wage in that calendar year, TWD, whole hundreds: it rises a little every year."""
    wage = job.monthly_wage
    for _ in range(job.begins_on.year, year):
        wage = wage * (100 + RAISE_PERCENT) // 100
    return wage // 100 * 100


def last_day(job: Job) -> date:
    """Return the last day of the job that is known."""
    return job.ends_on or KNOWN_UNTIL


def months_worked(job: Job, year: int) -> int:
    """Return in how many months of that calendar year the job was held."""
    first = max(job.begins_on, date(year, 1, 1))
    last = min(last_day(job), date(year, 12, 31))
    return max(0, last.month - first.month + 1) if first <= last else 0


def paid_in(job: Job, year: int) -> int:
    """Return what the job paid in that calendar year, TWD: the months, and a bonus in proportion."""
    months = months_worked(job, year)
    return monthly_wage(job, year) * (12 * months + MONTHS_OF_BONUS * months) // 12


def spells(job: Job, grade: Callable[[int], int]) -> Iterator[Spell]:
    """Yield the spells of a job: employers report a new wage each March, and it counts when its grade is another."""
    first_day, wage = job.begins_on, grade(monthly_wage(job, job.begins_on.year))
    for year in range(job.begins_on.year + 1, last_day(job).year + 1):
        day, new = date(year, 3, 1), grade(monthly_wage(job, year))
        if day < last_day(job) and new != wage:
            yield Spell(job, first_day, day - timedelta(days=1), wage)
            first_day, wage = day, new
    yield Spell(job, first_day, job.ends_on, wage)
