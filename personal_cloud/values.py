"""One value of a dataset in words: for a page or a paper (`spoken`), or for a spreadsheet (`plain`)."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from dataproviders.fields import Schema, as_schema, naming
from mydata.core.clock import TAIPEI
from personal_cloud import pictures

WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "none": "無",
        "blank": "（空白）",
        "yes": "是",
        "no": "否",
        "comma": "、",
        "picture": "{kind} 圖片，{size:,} 位元組",
        "content": "{kind}，{size:,} 位元組",
        "unshown": "（無法在這裡顯示，原始內容在 JSON 檔）",
    },
    "en": {
        "none": "None",
        "blank": "(blank)",
        "yes": "Yes",
        "no": "No",
        "comma": ", ",
        "picture": "{kind} picture, {size:,} bytes",
        "content": "{kind}, {size:,} bytes",
        "unshown": " (cannot be shown here; the JSON file holds it)",
    },
}
ROC_ERA = 1911
"""Year 1 of the Republic is 1912 of the common era."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


WRITTEN_DATE = re.compile(
    r"民國前?\d+年\d+月\d+日|（\d{4}-\d\d-\d\d）|\d+ [A-Z][a-z]+ \d{4}(?= \()|\((?:ROC \d+|\d+ before ROC)\)"
)
"""A date of one calendar, as `both_calendars` writes it."""


def spoken(schema: Schema, value: object, language: str = "zh") -> str:
    """Write a scalar for a reader: dates in both calendars, amounts grouped, codes by their titles."""
    words = words_in(language)
    label = _label(schema, value, language)
    if label is not None:
        return label
    if value is None:
        return words["none"]
    if (kind := pictures.media_type(schema, value)) is not None:
        return _content(kind, pictures.size(value), words)
    if isinstance(value, bool):
        return words["yes" if value else "no"]
    if isinstance(value, int | float):
        return _number(schema, value, language)
    return _text(schema, str(value), language) or words["blank"]


def plain(schema: Schema, value: object) -> str:
    """Write a scalar so that a spreadsheet can sort and add it: ISO dates, bare numbers, nothing for null."""
    label = _label(schema, value, "zh")
    if label is not None:
        return label
    if value is None:
        return ""
    if (kind := pictures.media_type(schema, value)) is not None:
        return f"{kind}, {pictures.size(value)} bytes"
    return spoken({}, value) if isinstance(value, bool | int | float) else str(value)


def is_number(value: object) -> bool:
    """Tell whether the value is a JSON number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def both_calendars(day: dt.date, language: str = "zh") -> str:
    """Write a day in the calendar of the Republic and the common one."""
    year = day.year - ROC_ERA
    if language == "en":
        roc = f"ROC {year}" if year > 0 else f"{1 - year} before ROC"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year} ({roc})"
    roc = f"民國{year}年" if year > 0 else f"民國前{1 - year}年"
    return f"{roc}{day.month}月{day.day}日（{day.isoformat()}）"


def taipei_time(moment: dt.datetime, language: str = "zh") -> str:
    """Write an aware moment as the day in both calendars and the time in Taipei, to the minute."""
    local = moment.astimezone(TAIPEI)
    space = " " if language == "en" else ""
    return f"{both_calendars(local.date(), language)}{space}{local:%H:%M}"


def words_in(language: str) -> dict[str, str]:
    """Return the small words in `zh` or `en`; any other language reads Chinese."""
    return WORDS.get(language, WORDS["zh"])


def _label(schema: Schema, value: object, language: str) -> str | None:
    """Return the title that the schema gives to this very value (`oneOf: [{const, title}, …]`), if it gives one."""
    for keyword in ("oneOf", "anyOf"):
        options = schema.get(keyword)
        for option in options if isinstance(options, list) else []:
            known = as_schema(option)
            if isinstance(value, str | int) and known.get("const") == value:
                return naming(known, "")["en" if language == "en" else "zh"] or None
    return None


def _content(kind: str, size: int, words: Mapping[str, str]) -> str:
    """Name encoded content by its kind and size; as letters it says nothing to anybody."""
    if kind in pictures.KINDS:
        return words["picture"].format(kind=pictures.KINDS[kind], size=size)
    return words["content"].format(kind=kind, size=size)


def _number(schema: Schema, value: float, language: str) -> str:
    unit = schema.get("x-unit")
    exact = Decimal(repr(value))
    if unit == "TWD":
        return f"NT${exact:,f}" if language == "en" else f"{exact:,f} 元"
    # Without a unit a number may be a year or a code, and those are never grouped.
    if not isinstance(unit, str):
        return f"{exact:f}"
    return f"{exact:f}{unit}" if unit == "%" else f"{exact:f} {unit}"


def _text(schema: Schema, value: str, language: str) -> str:
    kind = schema.get("format")
    try:
        if kind == "date" and _DATE.match(value):
            return both_calendars(dt.date.fromisoformat(value), language)
        if kind == "date-time":
            return _moment(value, language)
    except (ValueError, OverflowError):
        return value  # Not a day of the calendar: what the agency wrote is shown as it stands.
    return value


def _moment(value: str, language: str) -> str:
    moment = dt.datetime.fromisoformat(value)
    return value if moment.tzinfo is None else taipei_time(moment, language)


def is_scalar(value: object) -> bool:
    """Tell whether the value holds no others."""
    return not isinstance(value, Mapping | list)
