"""Papers as the agencies' datasets write them, without a process and a wire between."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, Final

from jsonschema import Draft202012Validator

from sandbox.agencies import years
from sandbox.agencies.datasets import Dataset, load
from sandbox.people.personas import People, Persona

EVERYBODY = tuple(People.load())
LATE = "2026-10-31"
NOT_SAID: Final = object()
"""Stands for a parameter that may be left out."""


@cache
def datasets() -> dict[str, Dataset]:
    return load()


def asked_alike() -> list[str]:
    """Name the datasets that can be asked for by default; what is asked for one thing only has tests of its own."""
    return sorted(name for name, each in datasets().items() if not each.parameters.get("required"))


def persona(name: str) -> Persona:
    return next(person for person in EVERYBODY if person.id == name)


def paper(dataset: str, person: Persona, **parameters: object) -> dict[str, Any] | None:
    """Write one paper; parameters that are not given take their defaults."""
    asked = datasets()[dataset]
    return asked.write(person, asked.checked(parameters))


def held(dataset: str, person: Persona, **parameters: object) -> dict[str, Any]:
    """Write a paper that is known to be there."""
    data = paper(dataset, person, **parameters)
    assert data is not None, f"{dataset} of {person.id}"
    return data


def holders(dataset: str, **parameters: object) -> list[str]:
    """Name whose paper there is."""
    return [person.id for person in EVERYBODY if paper(dataset, person, **parameters) is not None]


def edges(dataset: Dataset) -> Iterator[dict[str, Any]]:
    """Yield the default parameters, then every combination of the choices and of the first and last values."""
    yield {}
    asked = years.bounded(dataset.parameters, years.today())["properties"]
    for values in product(*(_outermost(entry) for entry in asked.values())):
        yield {name: value for name, value in zip(asked, values, strict=True) if value is not NOT_SAID}


def validator(dataset: Dataset) -> Draft202012Validator:
    return Draft202012Validator(dataset.schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def _outermost(entry: dict[str, Any]) -> list[Any]:
    if "oneOf" in entry:
        return [option["const"] for option in entry["oneOf"]]
    if "enum" in entry:
        return list(entry["enum"])
    if "minimum" in entry and "maximum" in entry:
        return [entry["minimum"], entry["maximum"]]
    usual = entry.get("default", NOT_SAID)
    return [usual, LATE] if entry.get("format") == "date" else [usual]
