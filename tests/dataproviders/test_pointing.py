"""A path leads where the schema and the paper both have something, and its title says nothing of what the paper says."""

import pytest

from dataproviders import pointing
from dataproviders.errors import UnknownField

SCHEMA = {
    "type": "object",
    "title": "車籍資料",
    "properties": {
        "name": {"type": "string", "title": "姓名", "x-en": {"title": "Name"}},
        "a/b~c": {"title": "斜線"},
        "vehicles": {
            "type": "array",
            "title": "車輛",
            "x-en": {"title": "Vehicles"},
            "items": {"$ref": "#/$defs/vehicle"},
        },
        "grid": {"type": "array", "title": "表", "items": {"type": "array", "items": {"type": "integer"}}},
        "owner": {"title": "所有人", "type": "object", "properties": {"address": {"title": "地址"}}},
        "kind": {"oneOf": [{"const": 1}, {"type": "object", "properties": {"in": {"title": "內"}}}], "title": "種類"},
    },
    "$defs": {"vehicle": {"type": "object", "properties": {"plate": {"title": "車號", "x-en": {"title": "Plate"}}}}},
    "additionalProperties": {"type": "string"},
}
DATA = {
    "name": "王小明",
    "vehicles": [{"plate": "ABC-1234"}, {"plate": "DEF-5678"}],
    "grid": [[1, 2]],
    "kind": {"in": 1},
    "王小明的秘密": "x",
}


@pytest.mark.parametrize(
    ("path", "zh"),
    [
        ("", "整份資料"),
        ("/name", "姓名"),
        ("/a~1b~0c", "斜線"),
        ("/vehicles", "車輛"),
        ("/vehicles/1", "車輛第 2 筆"),
        ("/vehicles/1/plate", "車輛第 2 筆 › 車號"),
        ("/grid/0/1", "表第 1 筆第 2 筆"),
        ("/owner", "所有人"),
        ("/kind/in", "種類 › 內"),
    ],
)
def test_a_place_goes_by_the_schema_s_titles(path: str, zh: str) -> None:
    assert pointing.title_of(SCHEMA, DATA, path)["zh"] == zh


def test_a_place_has_a_name_in_english() -> None:
    assert pointing.title_of(SCHEMA, DATA, "/vehicles/0/plate")["en"] == "Vehicles, no. 1 › Plate"


@pytest.mark.parametrize(
    "path",
    [
        "name",
        "/",
        "/nobody",
        "/王小明的秘密",
        "/name/0",
        "/vehicles/2",
        "/vehicles/-1",
        "/vehicles/01",
        "/vehicles/٣",
        "/vehicles/*",
        "/vehicles/9999999999999999999999",
        "/vehicles/0/plate/x",
        "/vehicles/plate",
        "/owner/address",
        "/name?x=A123456789",
        "/" + "a" * 300,
        "/vehicles" * 40,
    ],
)
def test_what_schema_and_paper_do_not_both_have_is_no_place(path: str) -> None:
    with pytest.raises(UnknownField):
        pointing.title_of(SCHEMA, DATA, path)


def test_a_title_is_cut_where_an_agency_s_schema_is_long() -> None:
    title = pointing.title_of({"properties": {"a": {"title": "長" * 999}}}, {}, "/a")
    assert {len(title["zh"]), len(title["en"])} == {pointing.LONGEST}
