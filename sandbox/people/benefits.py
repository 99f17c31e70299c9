"""What the insurances of the Bureau of Labor Insurance paid to a person: by birth, death, old age, and `claims.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sandbox.people import labour_insurance
from sandbox.people.families import Kin, families
from sandbox.people.months import following, last_of, months
from sandbox.people.personas import Persona, read_toml
from sandbox.people.work import KNOWN_UNTIL

LABOUR = "勞工保險"
RECORDED_SINCE = date(2009, 1, 1)
DAYS_TO_DECIDE = 20
DAYS_BEFORE_A_BIRTH = 280
"""A mother must have been insured this long (勞工保險條例 31)."""
TWO_MONTHS_SINCE = date(2014, 5, 30)
MONTHS_FOR_A_FUNERAL = 3
BASIC_GUARANTEES = ((date(2024, 1, 1), 4_049), (date(2020, 1, 1), 3_772), (date(2016, 1, 1), 3_628))
"""基本保障 of a survivors' pension, TWD a month, each from that day on; the newest first."""


@dataclass(frozen=True, kw_only=True)
class Benefit:
    """One payment under labour, employment or farmers' insurance; a lump sum covers no days."""

    insurance: str
    name: str
    event_on: date
    wage: int
    amount: int
    paid_on: date
    covers: tuple[date, date] | None = None


@dataclass(frozen=True, kw_only=True)
class PensionBenefit:
    """One payment under the National Pension Insurance."""

    kind: str
    insured: Kin
    relation: str
    month: date
    amount: int
    is_annuity: bool
    paid_on: date


def benefits(person: Persona) -> list[Benefit]:
    """Return everything that was paid to a person, by the day of payment."""
    found = [*_maternity(person), *_funerals(person), *_old_age(person)]
    found += [benefit for claim in _claims("claim", person) for benefit in _claimed(person, claim)]
    return sorted(found, key=lambda benefit: (benefit.paid_on, benefit.name))


def national_pension(person: Persona) -> Iterator[PensionBenefit]:
    """Yield what the National Pension Insurance paid to a person, by month."""
    for claim in _claims("national_pension", person):
        insured = next(kin for kin in families() if kin.id == claim["insured"])
        once = "amount" in claim
        for month in months(claim["first_month"], claim["first_month"] if once else KNOWN_UNTIL):
            paid_on = last_of(following(month))
            if paid_on <= KNOWN_UNTIL:
                yield PensionBenefit(
                    kind=claim["kind"],
                    insured=insured,
                    relation=claim["relation"],
                    month=month,
                    amount=claim["amount"] if once else basic_guarantee(month),
                    is_annuity=not once,
                    paid_on=paid_on,
                )


def basic_guarantee(month: date) -> int:
    """Return the statutory minimum of a survivors' pension in a month."""
    return next(amount for since, amount in BASIC_GUARANTEES if since <= month)


def _maternity(person: Persona) -> Iterator[Benefit]:
    """Yield 生育給付 for each child that an insured mother bore: one month's wage, since 2014 two."""
    known = families()
    for child in known.children(known.of(person)) if person.life.sex == "女" else ():
        insured_since = labour_insurance.wage_on(person, child.birth_date - timedelta(days=DAYS_BEFORE_A_BIRTH))
        if insured_since and child.birth_date >= RECORDED_SINCE:
            count = 2 if child.birth_date >= TWO_MONTHS_SINCE else 1
            yield _lump_sum(person, "生育給付", child.birth_date, times=count)


def _funerals(person: Persona) -> Iterator[Benefit]:
    """Yield 家屬死亡給付 for a parent or spouse who died while the person was insured."""
    kin = families().of(person)
    for one in families():
        is_near = one.id in {kin.father, kin.mother} or one.spouse == kin.id
        if is_near and one.died_on and one.died_on >= RECORDED_SINCE and labour_insurance.wage_on(person, one.died_on):
            yield _lump_sum(person, "家屬死亡給付（喪葬津貼）", one.died_on, times=MONTHS_FOR_A_FUNERAL)


def _old_age(person: Persona) -> Iterator[Benefit]:
    annuity = labour_insurance.annuity(person)
    if annuity is None:
        return
    for month, paid_on in annuity.payments():
        yield Benefit(
            insurance=LABOUR,
            name="老年年金給付",
            event_on=annuity.claimed_on,
            wage=annuity.average_wage,
            amount=annuity.monthly,
            paid_on=paid_on,
            covers=(month, last_of(month)),
        )


def _lump_sum(person: Persona, name: str, day: date, *, times: int) -> Benefit:
    wage = labour_insurance.wage_on(person, day) or 0
    paid_on = day + timedelta(days=2 * DAYS_TO_DECIDE)
    return Benefit(insurance=LABOUR, name=name, event_on=day, wage=wage, amount=wage * times, paid_on=paid_on)


def _claimed(person: Persona, claim: Mapping[str, Any]) -> Iterator[Benefit]:
    said = {"insurance": claim["insurance"], "name": claim["benefit"], "event_on": claim["event_on"]}
    if "amount" in claim:
        paid_on = claim["event_on"] + timedelta(days=2 * DAYS_TO_DECIDE)
        yield Benefit(**said, wage=claim["wage"], amount=claim["amount"], paid_on=paid_on)
        return
    wage = labour_insurance.wage_on(person, claim["event_on"]) or 0
    for place in range(claim["times"]):
        first = claim["begins_on"] + timedelta(days=claim["days"] * place)
        last = first + timedelta(days=claim["days"] - 1)
        yield Benefit(
            **said,
            wage=wage,
            amount=wage * claim["percent"] * claim["days"] // (100 * 30),
            paid_on=last + timedelta(days=DAYS_TO_DECIDE),
            covers=(first, last),
        )


def _claims(kind: str, person: Persona) -> list[dict[str, Any]]:
    return [claim for claim in _written()[kind] if claim["person"] == person.id]


@cache
def _written() -> dict[str, Any]:
    return read_toml("claims.toml")
