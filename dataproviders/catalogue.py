"""集中列示可使用資料: what can be had, and what cannot yet."""

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
from django.db import transaction
from django.db.models import QuerySet

from dataproviders.errors import BadParameters, UnknownDataset
from dataproviders.models import Dataset, Provider

FOUNDING = Path(__file__).with_name("catalogue.toml")
NO_PARAMETERS: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}


def offered() -> "QuerySet[Dataset]":
    """List every dataset in the deck's order, the available and the planned ones."""
    return Dataset.objects.select_related("provider").prefetch_related("endpoints").order_by("position", "id")


def search(text: str) -> list[Dataset]:
    """List the datasets whose name, agency, use or fields hold every word of `text`."""
    words = text.casefold().split()
    return [dataset for dataset in offered() if all(word in _haystack(dataset) for word in words)]


def find(dataset_id: str) -> Dataset:
    """Return one dataset, available or planned. Raises UnknownDataset."""
    found = offered().filter(pk=dataset_id).first()
    if found is None:
        raise UnknownDataset(dataset=dataset_id[:64])
    return found


def find_available(dataset_id: str) -> Dataset:
    """Return a dataset that can be fetched. Raises UnknownDataset."""
    found = find(dataset_id)
    if not found.is_available:
        raise UnknownDataset(dataset=dataset_id[:64])
    return found


def complete(dataset: Dataset, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return `parameters` with the schema's defaults for what is missing. Raises BadParameters."""
    schema = dataset.parameters or NO_PARAMETERS
    defaults = {name: rule["default"] for name, rule in schema.get("properties", {}).items() if "default" in rule}
    whole = defaults | parameters
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(whole))
    if error is not None:
        path = "/".join(str(part) for part in error.absolute_path) or _missing(error, schema)
        raise BadParameters(dataset=dataset.pk, path=path)
    return whole


@transaction.atomic
def load_founding() -> None:
    """Load the deck's providers and datasets under their exact names; loading again changes nothing else."""
    document = tomllib.loads(FOUNDING.read_text(encoding="utf-8"))
    for position, entry in enumerate(document["provider"]):
        Provider.objects.update_or_create(
            id=entry["id"],
            defaults={"name": entry["name"], "typical_uses": entry.get("typical_uses", ""), "position": position},
        )
    for position, entry in enumerate(document["dataset"]):
        Dataset.objects.update_or_create(
            id=entry["id"],
            defaults={
                "provider_id": entry["provider"],
                "name": entry["name"],
                "minimum_level": entry["minimum_level"],
                "position": position,
            },
        )


def _missing(error: jsonschema.ValidationError, schema: dict[str, Any]) -> str:
    """Name the property that a failed `required` or `additionalProperties` speaks of."""
    instance = error.instance if isinstance(error.instance, dict) else {}
    if error.validator == "required":
        return next((str(name) for name in schema.get("required", []) if name not in instance), "")
    return next((name for name in instance if name not in schema.get("properties", {})), "")[:64]


def _haystack(dataset: Dataset) -> str:
    titles = " ".join(_titles(dataset.schema or {}))
    return f"{dataset.name} {dataset.id} {dataset.provider.name} {dataset.provider.typical_uses} {titles}".casefold()


def _titles(schema: dict[str, Any]) -> list[str]:
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return [str(schema.get("title", "")), *(title for one in inner if isinstance(one, dict) for title in _titles(one))]
