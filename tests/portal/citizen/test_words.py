"""Times, spans and sizes as people say them."""

import datetime as dt

import pytest
from django.utils import translation

from mydata.core.clock import TAIPEI
from portal.design import times

NOW = dt.datetime(2026, 11, 23, 16, 42, tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (NOW, "今天 16:42", "today 16:42"),
        (NOW.replace(hour=0, minute=0), "今天 00:00", "today 00:00"),
        (NOW.astimezone(dt.UTC) - dt.timedelta(hours=17), "昨天 23:42", "yesterday 23:42"),
        (NOW + dt.timedelta(hours=8), "明天 00:42", "tomorrow 00:42"),
        (NOW - dt.timedelta(days=2), "11月21日 16:42", "21 November, 16:42"),
        (NOW - dt.timedelta(days=400), "2025年10月19日 16:42", "19 October 2025, 16:42"),
    ],
)
def test_a_moment_is_said_as_seen_from_now_in_taipei(moment: dt.datetime, zh: str, en: str) -> None:
    assert times.moment(moment, now=NOW) == zh
    with translation.override("en"):
        assert times.moment(moment, now=NOW) == en


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(5, "5 秒"), (119, "119 秒"), (121, "3 分鐘"), (1200, "20 分鐘"), (7200, "2 小時"), (28800, "8 小時")],
)
def test_a_span_is_rounded_up_in_its_largest_fitting_unit(seconds: int, said: str) -> None:
    assert times.span(seconds) == said


@pytest.mark.parametrize(("octets", "said"), [(812, "812 B"), (95_900, "96 KB"), (1_430_000, "1.4 MB")])
def test_a_size_is_said_as_files_are_compared(octets: int, said: str) -> None:
    assert times.size(octets) == said
