"""The taxes on the papers are those of the law: each figure here is one that the tax offices published."""

from dataclasses import replace
from datetime import date

import pytest

from sandbox.agencies.taxes import house_tax, income_tax, licence_tax, offices
from sandbox.people.estates import Sale, estate_of
from sandbox.people.personas import People, Persona, Vehicle

PEOPLE = {person.id: person for person in People.load()}


def vehicle(kind: str, displacement_cc: int, fuel: str = "汽油", licensed_on: date = date(2015, 1, 1)) -> Vehicle:
    known = PEOPLE["lin-yi-jun"].life.vehicles[0]
    return replace(known, kind=kind, displacement_cc=displacement_cc, fuel=fuel, licensed_on=licensed_on)


@pytest.mark.parametrize(
    ("kind", "displacement_cc", "owed"),
    [
        ("自用小客車", 1200, 4_320),
        ("自用小客車", 1201, 7_120),
        ("自用小客車", 1800, 7_120),
        ("自用小客車", 1801, 11_230),
        ("自用小客車", 7801, 151_200),
        ("自用小客貨", 1995, 11_230),
        ("自用小貨車", 1198, 1_800),
        ("普通重型機車", 150, 0),
        ("普通重型機車", 151, 800),
        ("大型重型機車", 689, 4_320),
        ("大型重型機車", 1801, 11_230),
    ],
)
def test_a_vehicle_owes_by_its_kind_and_displacement(kind: str, displacement_cc: int, owed: int) -> None:
    assert licence_tax.tax(vehicle(kind, displacement_cc), date(2026, 1, 1), date(2026, 12, 31)) == owed


def test_a_vehicle_owes_by_days_in_the_year_of_its_licence_and_nothing_before() -> None:
    new = vehicle("自用小客車", 1798, licensed_on=date(2024, 12, 31))
    assert licence_tax.period(new, 112) is None
    assert licence_tax.period(new, 113) == (date(2024, 12, 31), date(2024, 12, 31))
    assert licence_tax.tax(new, date(2024, 12, 31), date(2024, 12, 31)) == 7_120 // 366
    assert licence_tax.period(new, 114) == (date(2025, 1, 1), date(2025, 12, 31))


def test_who_is_exempt_is_told_why() -> None:
    assert "電能" in (licence_tax.exemption(vehicle("自用小客車", 0, fuel="電能")) or "")
    assert "150" in (licence_tax.exemption(vehicle("普通重型機車", 124)) or "")
    assert licence_tax.exemption(vehicle("普通重型機車", 158)) is None


@pytest.mark.parametrize(
    ("year", "differences"),
    [
        (110, (37_800, 134_600, 376_600, 829_600)),
        (111, (39_200, 140_000, 392_000, 864_000)),
        (112, (39_200, 140_000, 392_000, 864_000)),
        (114, (41_300, 147_700, 413_700, 911_700)),
        (115, (42_700, 153_100, 430_100, 949_100)),
    ],
)
def test_progressive_differences_are_those_that_the_ministry_announced(year: int, differences: tuple[int, ...]) -> None:
    ends = income_tax.allowances(year).brackets
    assert [income_tax.bracket(end, year)[0] for end in ends] == [5, 12, 20, 30]
    assert [income_tax.bracket(end + 1, year) for end in ends] == list(zip((12, 20, 30, 40), differences, strict=True))


@pytest.mark.parametrize(
    ("sold_on", "rate"),
    [
        (date(2024, 6, 1), 45),
        (date(2024, 6, 2), 35),
        (date(2027, 6, 1), 35),
        (date(2027, 6, 2), 20),
        (date(2032, 6, 1), 20),
        (date(2032, 6, 2), 15),
    ],
)
def test_a_gain_is_taxed_less_the_longer_the_estate_was_kept(sold_on: date, rate: int) -> None:
    sale = Sale("範例", "臺北市", date(2022, 6, 1), sold_on, 1_000, 400, 100, 50, tax_paid=True)
    assert income_tax.gain_rate(sale) == rate
    assert income_tax.gain(sale) == 450
    assert income_tax.gain(replace(sale, price=400)) == 0


def test_a_dividend_takes_off_at_most_eighty_thousand() -> None:
    assert income_tax.dividend_credit(100_000) == 8_500
    assert income_tax.dividend_credit(10_000_000) == 80_000


def test_an_only_home_owes_less_since_the_new_rates() -> None:
    (home,) = estate_of(PEOPLE["huang-mei-ling"]).buildings
    assert house_tax.tax(home, 113, owned=1) == home.value_in(113) * 12 // 1000
    assert house_tax.tax(home, 115, owned=1) == home.taxable_value * 10 // 1000
    assert house_tax.tax(home, 115, owned=2) == home.taxable_value * 12 // 1000


def test_a_house_owes_for_the_months_since_it_was_acquired() -> None:
    (home,) = estate_of(PEOPLE["huang-mei-ling"]).buildings
    new = replace(home, acquired_on=date(2026, 4, 15))
    assert [house_tax.months(new, year) for year in (114, 115, 116)] == [0, 3, 12]


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_everybody_lives_where_some_office_collects(person: Persona) -> None:
    county = offices.county_of(person.life.address)
    assert offices.local_office(county).startswith(county)
    assert offices.bureau(county).endswith("國稅局")
