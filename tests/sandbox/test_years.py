"""The agencies keep the years and periods that the portal offers, on every day."""

from datetime import date, timedelta
from typing import Any

import pytest

from dataproviders import years as house
from sandbox.agencies import years

MARKS = {
    "this": {"type": "integer", "x-years": "this_and_four_back"},
    "filed": {"type": "integer", "x-years": "filed"},
    "levied": {"type": "integer", "x-years": "house_tax"},
    "period": {"type": "string", "x-periods": "invoices"},
}


def allowed(rule: dict[str, Any]) -> list[Any]:
    """Return every value that a resolved rule admits, and its default last."""
    values = rule.get("enum") or [option["const"] for option in rule.get("oneOf", [])]
    return [*(values or range(rule["minimum"], rule["maximum"] + 1)), rule["default"]]


def test_both_sides_of_the_wire_go_by_the_same_rules() -> None:
    asked = {"type": "object", "properties": MARKS}
    for day in (date(2026, 1, 1) + timedelta(days=passed) for passed in range(3 * 366)):
        offered, kept = house.resolve(asked, today=day)["properties"], years.bounded(asked, day)["properties"]
        for name in MARKS:
            assert allowed(offered[name]) == allowed(kept[name]), (day, name)


def test_a_period_rule_that_nobody_knows_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="no rule for x-periods"):
        years.bounded({"properties": {"period": {"x-periods": "someday"}}}, date(2026, 11, 23))
