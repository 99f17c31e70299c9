"""Seed files: one JSON object, checked against a published JSON Schema, loaded whole or not at all."""

import json
from pathlib import Path
from typing import Any

import jsonschema
from django.conf import settings
from django.db import transaction

from dataproviders import registration
from dataproviders.registration import Unfit

SCHEMA: Path = settings.BASE_DIR / "static" / "seed.schema.json"


def load(content: bytes) -> dict[str, int]:
    """Load a seed file and return how many entries of each kind there were. Raises Unfit; then nothing was loaded."""
    document = _read(content)
    with transaction.atomic():
        for entry in document.get("providers", []):
            registration.load_provider(entry)
        for position, entry in enumerate(document.get("datasets", [])):
            registration.load_dataset(entry, f"/datasets/{position}")
    return {kind: len(entries) for kind, entries in document.items()}


def _read(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unfit(path="/", why="this is no JSON") from error
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema)
    problem = jsonschema.exceptions.best_match(checker.iter_errors(document))
    if problem is not None:
        raise Unfit(path="/" + "/".join(str(part) for part in problem.absolute_path), why=_plain(problem))
    found: dict[str, Any] = document
    return found


def _plain(problem: jsonschema.ValidationError) -> str:
    """Say what is wrong without repeating the value, which may be a secret."""
    if problem.validator in {"required", "additionalProperties"}:
        return problem.message[:300]
    return f"does not fit {problem.validator}: {json.dumps(problem.validator_value, ensure_ascii=False)[:200]}"
