"""The services of the deck, by their exact names."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from consent.models import Service


def services() -> "QuerySet[Service]":
    """List every service in the deck's order, the planned ones too."""
    return Service.objects.all()


@transaction.atomic
def load_founding(catalogue: Path) -> None:
    """Load the deck's services under their exact names; loading again changes nothing else."""
    document = tomllib.loads(catalogue.read_text(encoding="utf-8"))
    for position, entry in enumerate(document["service"]):
        _load(entry, position)


def _load(entry: Mapping[str, Any], position: int) -> None:
    Service.objects.update_or_create(
        id=entry["id"],
        defaults={
            "mode": entry["mode"],
            "agency": entry["agency"],
            "name": entry["name"],
            "group": entry.get("group", ""),
            "open_months": entry.get("open_months", []),
            "is_planned": entry.get("planned", False),
            "position": position,
        },
    )
