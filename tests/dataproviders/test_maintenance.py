"""Announced times of maintenance: weekly in Taipei, past midnight, or once."""

import datetime as dt

import pytest

from dataproviders.maintenance import check, under_way

WEDNESDAY = {"weekday": "wednesday", "from": "12:00", "until": "13:30"}
NIGHT = {"weekday": "sunday", "from": "23:00", "until": "02:00"}
ONCE = {"from": "2026-11-26T22:00:00+08:00", "until": "2026-11-27T06:00:00+08:00"}


def taipei(written: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{written}+08:00").astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("entry", "now", "until"),
    [
        (WEDNESDAY, "2026-11-25T11:59:59", None),
        (WEDNESDAY, "2026-11-25T12:00:00", "2026-11-25T13:30:00"),
        (WEDNESDAY, "2026-11-25T13:29:59", "2026-11-25T13:30:00"),
        (WEDNESDAY, "2026-11-25T13:30:00", None),
        (WEDNESDAY, "2026-11-26T12:30:00", None),
        (NIGHT, "2026-11-29T23:30:00", "2026-11-30T02:00:00"),
        (NIGHT, "2026-11-30T01:59:59", "2026-11-30T02:00:00"),
        (NIGHT, "2026-11-29T01:00:00", None),
        (NIGHT, "2026-12-01T00:30:00", None),
        (ONCE, "2026-11-27T05:00:00", "2026-11-27T06:00:00"),
        (ONCE, "2026-11-28T05:00:00", None),
    ],
)
def test_a_time_of_maintenance_is_known_while_it_lasts(entry: dict[str, str], now: str, until: str | None) -> None:
    window = under_way([entry], now=taipei(now))
    assert (window and window.ends_at) == (taipei(until) if until else None)


def test_of_several_the_one_that_ends_last_counts() -> None:
    longer = WEDNESDAY | {"until": "15:00"}
    window = under_way([longer, WEDNESDAY], now=taipei("2026-11-25T12:30:00"))
    assert window is not None
    assert window.ends_at == taipei("2026-11-25T15:00:00")
    assert under_way([], now=taipei("2026-11-25T12:30:00")) is None


@pytest.mark.parametrize(
    "entry",
    [
        {"from": "2026-11-27T06:00:00Z", "until": "2026-11-26T06:00:00Z"},
        {"from": "2026-13-27T06:00:00Z", "until": "2026-11-26T06:00:00Z"},
        {"from": "2026-11-27T06:00:00", "until": "2026-11-28T06:00:00"},
        {"from": "2026-11-27T06:00:00Z", "until": "9999-12-31T23:59:59-12:00"},
        {"from": "0001-01-01T00:00:00+12:00", "until": "2026-11-28T06:00:00Z"},
    ],
)
def test_a_time_that_cannot_be_is_refused(entry: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        check(entry)
