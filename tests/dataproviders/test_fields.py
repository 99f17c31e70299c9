import itertools
import json
import time

import pytest

from dataproviders.fields import MOST_FIELDS, Schema, fields, merged
from tests.personal_cloud.papers import PAPERS, schema_of

UNION: Schema = {
    "oneOf": [
        {"type": "object", "required": ["company"], "properties": {"company": {"title": "公司"}}},
        {"type": "object", "required": ["person"], "properties": {"person": {"title": "姓名"}}},
    ]
}


def paths(schema: Schema) -> list[str]:
    return [listing["path"] for listing in fields(schema)]


@pytest.mark.parametrize("dataset", PAPERS)
def test_every_field_of_a_published_schema_has_a_name_and_a_description_in_both_languages(dataset: str) -> None:
    for listing in fields(schema_of(dataset)):
        assert listing["title"]["zh"]
        assert listing["title"]["en"].isascii()
        assert listing["description"]["zh"]
        assert listing["description"]["en"].isascii()
        assert listing["type"] in {"string", "integer", "number", "array"}


def test_a_container_comes_before_what_it_holds_and_every_element_is_a_star() -> None:
    assert paths(schema_of("labor-pension-contribution"))[3:6] == [
        "/changes",
        "/changes/*/employer_name",
        "/changes/*/employer_insurance_no",
    ]


def test_a_listing_has_exactly_the_members_of_the_contract() -> None:
    schema: Schema = {
        "properties": {"paid": {"title": "給付總額", "type": ["integer", "null"], "x-en": {"title": "Paid"}}}
    }
    assert fields(schema) == [
        {
            "path": "/paid",
            "title": {"zh": "給付總額", "en": "Paid"},
            "type": "integer",
            "description": {"zh": "", "en": ""},
        }
    ]


def test_a_property_without_a_title_goes_by_its_name_and_its_path_is_escaped() -> None:
    listing = fields({"properties": {"a/b~c": True}})[0]
    assert listing["path"] == "/a~1b~0c"
    assert listing["title"] == {"zh": "a/b~c", "en": "a/b~c"}
    assert listing["type"] == "any"


def test_references_inside_the_document_are_followed_and_words_beside_them_count_more() -> None:
    schema: Schema = {
        "$defs": {"a/b": {"title": "地址", "type": "object", "properties": {"city": {"title": "縣市"}}}},
        "properties": {"home": {"$ref": "#/$defs/a~1b", "title": "戶籍地址"}},
    }
    assert [(one["path"], one["title"]["zh"]) for one in fields(schema)] == [
        ("/home", "戶籍地址"),
        ("/home/city", "縣市"),
    ]


def test_the_words_above_count_more_than_those_below_but_what_only_those_below_say_counts_too() -> None:
    schema: Schema = {
        "properties": {"a": {"title": "上"}, "b": {}},
        "allOf": [{"properties": {"a": {"title": "下", "type": "integer"}, "c": {"title": "丙"}}}],
    }
    listed = [(one["title"]["zh"], one["type"]) for one in fields(schema)]
    assert listed == [("上", "integer"), ("b", "any"), ("丙", "any")]


def test_a_reference_to_another_document_is_not_taken_for_one_into_this() -> None:
    schema: Schema = {"$defs": {"a": {"title": "甲"}}, "properties": {"x": {"$ref": "other.json#/$defs/a"}}}
    assert fields(schema)[0]["title"]["zh"] == "x"


@pytest.mark.parametrize(
    "reference", ["https://example.invalid/schema", "#/nowhere", "#anchor", "other.json#/a", 5, "#"]
)
def test_a_reference_that_leads_elsewhere_nowhere_or_in_a_circle_ends(reference: object) -> None:
    assert "/a" in paths({"properties": {"a": {"$ref": reference}}})


def test_two_references_to_each_other_end() -> None:
    loop: Schema = {
        "$defs": {"x": {"$ref": "#/$defs/y"}, "y": {"$ref": "#/$defs/x"}},
        "properties": {"a": {"$ref": "#/$defs/x"}},
    }
    assert paths(loop) == ["/a"]


def test_a_schema_that_holds_itself_is_opened_once() -> None:
    person: Schema = {"properties": {"name": {}, "child": {"$ref": "#"}}}
    assert paths(person) == ["/name", "/child", "/child/name", "/child/child"]


def test_schemas_that_hold_each_other_many_times_over_are_cut_off_in_time() -> None:
    names = [f"d{number}" for number in range(12)]
    every: Schema = {"properties": {name: {"$ref": f"#/$defs/{name}"} for name in names}}
    begun = time.monotonic()
    assert len(fields({"$defs": dict.fromkeys(names, every), **every})) == MOST_FIELDS
    assert time.monotonic() - begun < 5


def test_a_union_lists_every_branch_without_data_and_the_fitting_one_with() -> None:
    assert paths(UNION) == ["/company", "/person"]
    assert merged(UNION, UNION, {"person": "林小蘭"})["properties"] == {"person": {"title": "姓名"}}


def test_a_condition_chooses_by_its_constants() -> None:
    schema: Schema = {
        "if": {"properties": {"kind": {"const": "car"}}, "required": ["kind"]},
        "then": {"properties": {"plate": {}}},
        "else": {"properties": {"hull": {}}},
    }
    assert paths(schema) == ["/plate", "/hull"]
    assert merged(schema, schema, {"kind": "car"})["properties"] == {"plate": {}}
    assert merged(schema, schema, {"kind": "ship"})["properties"] == {"hull": {}}


def test_a_branch_never_renames_the_field_it_stands_in() -> None:
    schema: Schema = {"title": "身分", "oneOf": [{"const": "1", "title": "本人"}, {"const": "2", "title": "代理人"}]}
    assert merged(schema, schema, "2")["title"] == "身分"
    unnamed: Schema = {"oneOf": [{"const": "2", "title": "代理人"}]}
    assert "title" not in merged(unnamed, unnamed, "2")


ODD = [None, True, 5, "text", [], {}, [1], {"a": 1}, [{"$ref": "#"}]]
KEYWORDS = [
    "properties",
    "items",
    "prefixItems",
    "oneOf",
    "allOf",
    "type",
    "title",
    "x-en",
    "required",
    "enum",
    "$ref",
    "if",
]


@pytest.mark.parametrize(("keyword", "nonsense"), list(itertools.product(KEYWORDS, ODD)))
def test_what_is_not_well_made_counts_as_not_said(keyword: str, nonsense: object) -> None:
    schema: Schema = {keyword: nonsense, "$defs": {"p": {keyword: nonsense}}, "allOf": [{"$ref": "#/$defs/p"}]}
    assert len(fields({"properties": {"x": schema}})) >= 1
    assert json.dumps(fields(schema)).isascii()
    merged(schema, schema, {"a": 1})
