"""Papers as agencies write them, read without a process or a wire between."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from sandbox.agencies.datasets import Dataset, load
from sandbox.people.personas import People, Persona

DATASETS = load()
PEOPLE = {person.id: person for person in People.load()}


def paper(dataset: str, person: str, **parameters: object) -> dict[str, Any] | None:
    """Write one paper; parameters left out take their defaults."""
    chosen = DATASETS[dataset]
    return chosen.write(PEOPLE[person], chosen.checked(parameters))


def held(dataset: str, person: str, **parameters: object) -> dict[str, Any]:
    """Write one paper that must be there."""
    data = paper(dataset, person, **parameters)
    assert data is not None, (dataset, person)
    return data


def papers(dataset: str, **parameters: object) -> Iterator[tuple[Persona, dict[str, Any]]]:
    """Go through everybody of whom the agency holds the paper."""
    for person in PEOPLE.values():
        data = paper(dataset, person.id, **parameters)
        if data is not None:
            yield person, data


def fitting(dataset: Dataset) -> Draft202012Validator:
    """Return the check against the published schema, formats included."""
    return Draft202012Validator(dataset.schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
