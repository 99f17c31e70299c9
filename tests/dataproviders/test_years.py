import datetime as dt

import pytest

from dataproviders import years


@pytest.mark.parametrize(
    ("rule", "today", "lowest", "highest"),
    [
        ("this_and_four_back", dt.date(2026, 11, 23), 111, 115),
        ("filed", dt.date(2026, 4, 27), 109, 113),
        ("filed", dt.date(2026, 4, 28), 110, 114),
        ("house_tax", dt.date(2026, 6, 30), 111, 115),
        ("house_tax", dt.date(2026, 7, 1), 111, 116),
    ],
)
def test_a_marked_year_offers_what_the_rule_gives_today(rule: str, today: dt.date, lowest: int, highest: int) -> None:
    schema = {"type": "object", "properties": {"year": {"type": "integer", "x-years": rule}}}
    year = years.resolve(schema, today=today)["properties"]["year"]
    assert (year["minimum"], year["maximum"], year["default"]) == (lowest, highest, highest)


@pytest.mark.parametrize(
    ("today", "newest", "oldest"),
    [
        (dt.date(2026, 10, 31), "115-07", "114-09"),
        (dt.date(2026, 11, 1), "115-09", "114-11"),
        (dt.date(2026, 12, 31), "115-09", "114-11"),
        (dt.date(2027, 1, 1), "115-11", "115-01"),
        (dt.date(2027, 2, 28), "115-11", "115-01"),
    ],
)
def test_a_marked_period_offers_the_last_six_that_are_over(today: dt.date, newest: str, oldest: str) -> None:
    schema = {"type": "object", "properties": {"period": {"type": "string", "x-periods": "invoices"}}}
    period = years.resolve(schema, today=today)["properties"]["period"]
    offered = [option["const"] for option in period["oneOf"]]
    assert (offered[0], offered[-1], len(offered)) == (newest, oldest, 6)
    assert period["default"] == newest


def test_a_period_has_a_title_in_both_languages() -> None:
    schema = {"type": "object", "properties": {"period": {"type": "string", "x-periods": "invoices"}}}
    newest, *_, oldest = years.resolve(schema, today=dt.date(2027, 1, 31))["properties"]["period"]["oneOf"]
    assert (newest["title"], newest["x-en"]["title"]) == ("115年11月至12月", "November and December 2026 (ROC 115)")
    assert (oldest["title"], oldest["x-en"]["title"]) == ("115年1月至2月", "January and February 2026 (ROC 115)")


def test_what_is_not_marked_stays_as_the_agency_wrote_it() -> None:
    marks = {"year": {"x-years": "no such rule"}, "period": {"x-periods": "nor this"}}
    schema = {"type": "object", "properties": {"plate": {"type": "string"}, **marks}}
    assert years.resolve(schema, today=dt.date(2026, 1, 1)) == schema
