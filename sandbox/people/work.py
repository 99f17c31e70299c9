"""What a job pays over the years: the one source from which tax and pension papers agree with each other."""

from __future__ import annotations

from datetime import date

from sandbox.people.personas import Job

KNOWN_UNTIL = date(2026, 10, 31)
"""Agencies know the lives of these people until this day; fixed, so that papers are the same in every run."""

RAISE_PERCENT = 3
MONTHS_OF_BONUS = 2


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
