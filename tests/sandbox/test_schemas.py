import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sandbox.agencies import years

MOST_SHARED = Fraction(1, 2)
"""Of the fields of the smaller paper: honest ones share who it is about and little more."""
SCHEMAS = sorted((Path(__file__).parents[2] / "dataproviders" / "schemas").glob("*.json"))


def loaded(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def named(schema: dict[str, Any], where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property with its place, nested ones and parameters too."""
    for name, entry in schema.get("properties", {}).items():
        yield f"{where}/{name}", entry
        yield from named(entry, f"{where}/{name}")
        yield from named(entry.get("items", {}), f"{where}/{name}/*")
    if "x-parameters" in schema:
        yield from named(schema["x-parameters"], "?")


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every schema of an object."""
    if schema.get("type") == "object":
        yield schema
    for _, entry in named(schema):
        yield from (one for one in (entry, entry.get("items", {})) if one.get("type") == "object")


def paths(schema: dict[str, Any]) -> set[str]:
    """Return where each field of the paper stands; parameters are not of the paper."""
    return {where for where, _ in named(schema) if not where.startswith("?")}


def shared(one: dict[str, Any], other: dict[str, Any]) -> Fraction:
    """Return which part of the smaller paper's fields stands in the other paper too."""
    return Fraction(len(paths(one) & paths(other)), min(len(paths(one)), len(paths(other))))


def copies(papers: dict[str, dict[str, Any]]) -> list[str]:
    """Name each two papers that share more than half of their fields."""
    return [
        f"{one} and {other}: {float(part):.0%}"
        for one, other in combinations(papers, 2)
        if (part := shared(papers[one], papers[other])) > MOST_SHARED
    ]


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_it_is_a_json_schema_and_says_which_form_it_follows(path: Path) -> None:
    schema = loaded(path)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator.check_schema(schema["x-parameters"])
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$comment"]
    assert set(schema["x-purpose"]) == {"zh", "en"}
    assert schema["x-estimated-seconds"] > 0


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_everything_has_a_name_and_a_sentence_in_both_languages(path: Path) -> None:
    schema = loaded(path)
    for where, entry in [("", schema), *named(schema)]:
        for words in (entry, entry.get("x-en", {})):
            assert words.get("title"), where
            assert words.get("description"), where
        assert entry["title"] != entry["x-en"]["title"], where


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_nothing_may_be_added_and_every_field_of_the_paper_is_required(path: Path) -> None:
    schema = loaded(path)
    for entry in objects(schema):
        assert entry["additionalProperties"] is False
        assert entry["required"] == list(entry["properties"])


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_the_defaults_of_the_parameters_are_allowed(path: Path) -> None:
    parameters = years.bounded(loaded(path)["x-parameters"], years.today())
    defaults = {name: entry["default"] for name, entry in parameters["properties"].items() if "default" in entry}
    assert not defaults.keys() & set(parameters.pop("required", [])), "what has a default need not be given"
    Draft202012Validator(parameters, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(defaults)


def test_there_are_schemas() -> None:
    assert len(SCHEMAS) >= 15


def test_every_paper_has_fields_of_its_own() -> None:
    assert copies({path.stem: loaded(path) for path in SCHEMAS}) == []


def test_a_paper_that_is_another_one_renamed_is_caught() -> None:
    papers = {path.stem: loaded(path) for path in SCHEMAS}
    taken = copy.deepcopy(papers["labor-insured"])
    taken["title"] = "另一種資料"
    taken["properties"] |= {f"more_{place}": {"title": "多"} for place in range(5)}
    assert copies(papers | {"taken": taken}) == ["labor-insured and taken: 100%"]
