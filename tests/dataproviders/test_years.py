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


def test_what_is_not_marked_stays_as_the_agency_wrote_it() -> None:
    schema = {"type": "object", "properties": {"plate": {"type": "string"}, "year": {"x-years": "no such rule"}}}
    assert years.resolve(schema, today=dt.date(2026, 1, 1)) == schema
