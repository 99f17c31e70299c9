"""Everybody's name prints: what the sandbox's people are called and where they live, read back from paper by two readers."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from personal_cloud.documents.about import about
from personal_cloud.documents.glyphs import STAND_IN
from tests.house.poppler import Poppler
from tests.personal_cloud.papers import PAPERS, schema_of
from tests.personal_cloud.test_documents_pdf import _nodes, opened, paper, squeezed, text_of
from tests.sandbox.shelf import EVERYBODY, datasets

PEOPLE = Path(__file__).parents[2] / "sandbox" / "people" / "personas.toml"
Person = dict[str, Any]


@cache
def people() -> list[Person]:
    found: list[Person] = tomllib.loads(PEOPLE.read_text(encoding="utf-8"))["person"]
    return found


def plain(value: object) -> object:
    """Write days as agencies do."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value if isinstance(value, str | int | float) else str(value)


def said(value: object) -> Iterator[str]:
    """Name every text that somebody's data hold."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner)
    elif isinstance(value, str):
        yield value


def printed(person: Person) -> bytes:
    return paper({}, plain(person), title="個人資料", subject=about({}, person))


@pytest.mark.parametrize("person", people(), ids=lambda person: person["id"])
def test_whoever_it_is_about_both_readers_find_what_the_data_say(
    person: Person, poppler: Poppler, tmp_path: Path
) -> None:
    content = printed(person)
    reader: Any = opened(content)
    for text in (text_of(content), squeezed(poppler.text(content, tmp_path))):
        assert STAND_IN not in text
        assert f"{person['name']}（{person['national_id']}）" in text
        missing = [one for one in said(plain(person)) if squeezed(one) not in text]
        assert missing == []
    assert reader.root_object["/Lang"] == "zh-TW"
    assert reader.metadata.title == "個人資料"
    assert {"/H1", "/L", "/Lbl", "/LBody"} <= {
        str(node["/S"]) for node in _nodes(reader.root_object["/StructTreeRoot"])
    }


def test_one_of_them_has_a_name_that_a_common_font_lacks() -> None:
    assert any(ord(letter) > 0xFFFF for person in people() for letter in person["name"])


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ("household-individual", "𠮷永明（A123456789）"),
        ("personal-income", "林小蘭（A223456781）"),
        ("labor-pension-contribution", "林小蘭（A223456781）"),
        ("vehicle-registration", "𠮷永明（A123456789）"),
    ],
)
def test_a_paper_is_about_whom_its_schema_marks(dataset: str, expected: str) -> None:
    assert about(schema_of(dataset), PAPERS[dataset]) == expected


@pytest.mark.parametrize("dataset", sorted(set(datasets()) - {"low-income-register"}))
def test_every_paper_of_everybody_is_about_that_very_person(dataset: str) -> None:
    """Not the register of those on low income: it is about a household, and names its members in a table."""
    each, found = datasets()[dataset], 0
    for person in EVERYBODY:
        asked = each.exemplary(person)
        data = None if asked is None else each.write(person, each.checked(asked))
        if data is not None:
            found += 1
            assert about(each.schema, data) == f"{person.name}（{person.national_id}）"
    assert found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"name": "甲"}, "甲"),
        ({"national_id": "A123456789"}, "A123456789"),
        ({"name": None, "national_id": 5}, ""),
        ({"name": " "}, ""),
        ({"name": "長" * 200}, "長" * 100),
        (["name"], ""),
        (None, ""),
    ],
)
def test_data_that_name_nobody_are_about_nobody(data: object, expected: str) -> None:
    assert about({}, data) == expected
