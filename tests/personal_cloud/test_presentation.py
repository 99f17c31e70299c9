import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from personal_cloud.presentation import DEEPEST, Field, Section, present
from tests.personal_cloud.papers import PAPERS, invalid, schema_of


def only(schema: dict[str, Any], value: object, language: str = "zh") -> str:
    """Return what a single property says."""
    shown = present({"properties": {"x": schema}}, {"x": value}, language=language)
    (single,) = shown.sections[0].fields
    return single.text


def every_text(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield from (one.text for one in section.fields)
        yield from itertools.chain.from_iterable(row for table in section.tables for row in table.rows)
        yield from every_text(section.sections)


def every_field(sections: tuple[Section, ...]) -> Iterator[Field]:
    for section in sections:
        yield from section.fields
        yield from every_field(section.sections)


@pytest.mark.parametrize("dataset", PAPERS)
def test_the_invented_papers_are_valid(dataset: str) -> None:
    assert invalid(dataset) == []


@pytest.mark.parametrize("dataset", PAPERS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_fields_stand_in_the_order_and_under_the_names_of_the_schema(dataset: str, language: str) -> None:
    schema = schema_of(dataset)
    first = present(schema, PAPERS[dataset], language=language).sections[0]
    titles = {name: p["title"] if language == "zh" else p["x-en"]["title"] for name, p in schema["properties"].items()}
    lines = [name for name, value in PAPERS[dataset].items() if not isinstance(value, list)]
    assert [one.path for one in first.fields] == [f"/{name}" for name in lines]
    assert [one.title for one in first.fields] == [titles[name] for name in lines]


def test_an_array_of_flat_objects_is_a_table_with_amounts_to_the_right() -> None:
    (table,) = present(schema_of("personal-income"), PAPERS["personal-income"]).sections[0].tables
    assert (table.path, table.title, len(table.rows)) == ("/records", "所得明細", 300)
    assert [column.title for column in table.columns][:2] == ["序號", "格式代號"]
    assert [column.path for column in table.columns if column.numeric] == ["/sequence", "/paid", "/withheld"]
    assert table.rows[0][-2:] == ("1,000,001 元", "50,001 元")


@pytest.mark.parametrize(
    ("schema", "value", "zh", "en"),
    [
        ({"format": "date"}, "2025-05-03", "民國114年5月3日（2025-05-03）", "3 May 2025 (ROC 114)"),
        ({"format": "date"}, "1912-01-01", "民國1年1月1日（1912-01-01）", "1 January 1912 (ROC 1)"),
        ({"format": "date"}, "1911-12-31", "民國前1年12月31日（1911-12-31）", "31 December 1911 (1 before ROC)"),
        ({"format": "date"}, "2025-02-30", "2025-02-30", "2025-02-30"),
        ({"format": "date"}, "20250503", "20250503", "20250503"),
        ({"format": "date"}, None, "無", "None"),
        ({}, "2025-05-03", "2025-05-03", "2025-05-03"),
        (
            {"format": "date-time"},
            "2026-11-23T16:30:00Z",
            "民國115年11月24日（2026-11-24）00:30",
            "24 November 2026 (ROC 115) 00:30",
        ),
        ({"format": "date-time"}, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ({"format": "date-time"}, "2026-11-23T16:30:00", "2026-11-23T16:30:00", "2026-11-23T16:30:00"),
        ({"x-unit": "TWD"}, 1234567, "1,234,567 元", "NT$1,234,567"),
        ({"x-unit": "TWD"}, -50, "-50 元", "NT$-50"),
        ({"x-unit": "%"}, 2.5, "2.5%", "2.5%"),
        ({"x-unit": "cc"}, 1798, "1798 cc", "1798 cc"),
        ({"x-unit": 5}, 2018, "2018", "2018"),
        ({}, 1e-7, "0.0000001", "0.0000001"),
        ({}, float("inf"), "Infinity", "Infinity"),
        ({}, True, "是", "Yes"),
        ({}, False, "否", "No"),
        ({}, "", "（空白）", "(blank)"),
        ({}, [], "無", "None"),
        ({}, {}, "無", "None"),
        (
            {"items": {"format": "date"}},
            ["2025-05-03", None],
            "民國114年5月3日（2025-05-03）、無",
            "3 May 2025 (ROC 114), None",
        ),
        ({"oneOf": [{"const": "1", "title": "本人", "x-en": {"title": "Oneself"}}]}, "1", "本人", "Oneself"),
    ],
)
def test_a_value_is_written_for_a_reader(schema: dict[str, Any], value: object, zh: str, en: str) -> None:
    assert only(schema, value) == zh
    assert only(schema, value, "en") == en


def test_missing_is_said_only_where_the_schema_lists_the_property() -> None:
    shown = present({"properties": {"a": {"title": "甲"}}}, {"b": 1})
    assert [(one.title, one.text) for one in shown.sections[0].fields] == [("甲", "無"), ("b", "1")]


def test_a_row_that_lacks_a_whole_object_says_so_in_each_of_its_columns() -> None:
    payer = {"properties": {"name": {"title": "名稱"}, "no": {"title": "統編"}}, "title": "扣繳單位"}
    rows = {"items": {"properties": {"paid": {}, "payer": payer}}}
    data = {"rows": [{"paid": 1, "payer": {"name": "甲", "no": "1"}}, {"paid": 2}]}
    (table,) = present({"properties": {"rows": rows}}, data).sections[0].tables
    assert [column.title for column in table.columns] == ["paid", "扣繳單位 › 名稱", "扣繳單位 › 統編"]
    assert table.rows == (("1", "甲", "1"), ("2", "無", "無"))


def test_an_array_of_unlike_things_is_a_section_that_numbers_them() -> None:
    schema = {"properties": {"a": {"title": "附件", "items": {"title": "項"}}}}
    (section,) = present(schema, {"a": [1, {"n": [{"z": 2}]}, [3, 4]]}).sections
    assert section.title == "附件"
    assert [(one.path, one.title, one.text) for one in section.fields] == [
        ("/a/0", "項 1", "1"),
        ("/a/2", "項 3", "3、4"),
    ]
    assert section.sections[0].title == "項 2"
    assert section.sections[0].tables[0].path == "/a/1/n"


def test_what_lies_too_deep_for_sections_becomes_fields_that_name_the_way() -> None:
    data: object = {"leaf": "底"}
    for _ in range(400):
        data = {"n": [data]}
    leaf = list(every_field(present({}, data).sections))[-1]
    assert leaf.text == "底"
    assert leaf.path == "/n/0" * 400 + "/leaf"
    assert leaf.title.count("›") > 400
    assert DEEPEST < 6


@pytest.mark.parametrize(
    "data",
    [
        {"s": "長" * 10_000, "k" * 10_000: "v"},
        {"": {"": [{"": ""}, {}]}, "~/": {"~/": 1}},
        {"t": [{f"c{row}": row} for row in range(300)]},
        {"t": [{"a": [1], "b": {"c": row}} for row in range(500)]},
        {"m": [[1, [2, [3, [4, [5, [6]]]]]], None, "x", {"a": None}]},
        {"lone": "\ud800", "control": "\x00\u202e"},
        ["a", 1],
        "text",
        None,
    ],
)
def test_whatever_an_agency_sends_is_shown_whole(data: object) -> None:
    shown = list(every_text(present({}, data).sections))
    for leaf in _leaves(data):
        assert any(leaf in text for text in shown)


def _leaves(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        yield from itertools.chain.from_iterable(map(_leaves, data.values()))
    elif isinstance(data, list):
        yield from itertools.chain.from_iterable(map(_leaves, data))
    elif isinstance(data, str) or (data is not None and not isinstance(data, bool)):
        yield str(data)


def test_a_table_as_long_as_an_agency_may_send_is_laid_out_in_seconds() -> None:
    data = {"rows": [{"a": row, "b": "x", "c": None, "d": "2025-05-03"} for row in range(20_000)]}
    assert len(json.dumps(data)) > 1_000_000
    begun = time.monotonic()
    assert len(present({}, data).sections[0].tables[0].rows) == 20_000
    assert time.monotonic() - begun < 10


def test_rows_that_share_no_columns_are_laid_out_one_by_one_and_in_seconds() -> None:
    data = {"rows": [{f"column {number}": number} for number in range(20_000)]}
    begun = time.monotonic()
    document = present({"properties": {"rows": {"title": "列"}}}, data)
    assert time.monotonic() - begun < 10
    (rows,) = document.sections
    assert not rows.tables
    assert [one.fields[0].text for one in rows.sections] == [str(number) for number in range(20_000)]
