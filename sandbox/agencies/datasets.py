"""What a dataset is to its agency: whose it is, how it is called, what its paper says about a person."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator

from sandbox.agencies import papers, years
from sandbox.forms import refuse
from sandbox.people.personas import Persona

Data = dict[str, Any]
"""The `data` of an answer, in the form of the dataset's JSON Schema."""
Write = Callable[[Persona, Mapping[str, Any]], Data | None]
"""Writes the paper of one person for checked parameters; None where the agency holds none (204)."""

SCHEMAS = Path(__file__).parents[2] / "dataproviders" / "schemas"
"""The published schemas: data, not code, like the fonts of `specimens`; the sandbox reads no other files outside."""

QUICKLY_READ = 3000
"""Letters of a paper, its names included, that make a good example."""

PROVIDERS = {
    "moi": "內政部",
    "bli": "勞動部勞保局",
    "dla": "內政部地政司",
    "fia": "財政資訊中心",
    "nhia": "中央健康保險署",
    "sfaa": "衛福部社工司",
    "moea": "經濟部商業司",
    "motc": "交通部",
    "npa": "內政部警政署",
    "k12ea": "教育部國教署",
}


def by_default(_: Persona) -> Mapping[str, Any]:
    """Ask for nothing in particular."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """One dataset. To add one, put a file with a `DATASET` into `papers/` and its schema beside the others."""

    id: str
    provider: str
    name: str
    minimum_level: int
    wire: Literal["signed_zip", "signed_json"]
    write: Write
    free_text: str
    """The property of `data` that takes a remark; tests write a canary there."""
    with_csv: bool = False
    method: Literal["GET", "POST"] = "GET"
    parameters_in: Literal["query", "json"] = "query"
    maintenance: tuple[Mapping[str, str], ...] = ()
    """When the agency announces to be at work on it, as the portal's seed file has it."""
    exemplary: Callable[[Persona], Mapping[str, Any] | None] = by_default
    """What to ask for so that a person's paper makes a good example; None where that person has none."""

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The dataset's published JSON Schema (2020-12)."""
        loaded: dict[str, Any] = json.loads((SCHEMAS / f"{self.id}.json").read_text(encoding="utf-8"))
        return loaded

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON Schema of what may be asked: a flat object, empty for most."""
        asked: dict[str, Any] = self.schema.get("x-parameters", {"type": "object", "additionalProperties": False})
        return asked

    def example(self, people: Iterable[Persona]) -> Data | None:
        """Return a paper of one of these invented people: the fullest that is still quickly read, else the shortest."""
        asked = [(person, chosen) for person in people if (chosen := self.exemplary(person)) is not None]
        written = [self.write(person, self.checked(chosen)) for person, chosen in asked]
        papers = [paper for paper in written if paper is not None]
        papers.sort(key=lambda paper: len(str(paper)))
        brief = [paper for paper in papers if len(str(paper)) <= QUICKLY_READ]
        return next(iter([*brief[-1:], *papers]), None)

    def checked(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return `given` with defaults filled in. Raises `Refused` (400) naming the parameter."""
        asked = years.bounded(self.parameters, years.today())
        properties = asked["properties"]
        defaults = {name: entry["default"] for name, entry in properties.items() if "default" in entry}
        chosen = defaults | {name: _typed(value, properties.get(name, {})) for name, value in given.items()}
        checker = Draft202012Validator(asked, format_checker=Draft202012Validator.FORMAT_CHECKER)
        for problem in checker.iter_errors(chosen):
            where = "/".join(map(str, problem.path)) or "parameters"
            refuse(f"{where}: not allowed by the dataset's parameters ({problem.validator})")
        return chosen


def _typed(value: object, schema: Mapping[str, Any]) -> object:
    """Read a number out of a query string; what is none stays a text and fails the check."""
    if schema.get("type") == "integer" and isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value):
        return int(value)
    return value


def load() -> dict[str, Dataset]:
    """Return every dataset that has a file in `papers/`, by id.

    Raises `ValueError` for an id given twice, an unknown provider, or a year rule that nobody knows.
    """
    found: dict[str, Dataset] = {}
    for module in pkgutil.iter_modules(papers.__path__, f"{papers.__name__}."):
        dataset: Dataset = importlib.import_module(module.name).DATASET
        if dataset.id in found or dataset.provider not in PROVIDERS:
            message = f"{module.name}: {dataset.id} is there twice or its provider {dataset.provider} is unknown"
            raise ValueError(message)
        years.bounded(dataset.parameters, years.today())
        found[dataset.id] = dataset
    return found
