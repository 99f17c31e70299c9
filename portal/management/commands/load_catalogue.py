"""`./run manage load_catalogue`: the deck's providers, datasets and services."""

from typing import Any

from django.core.management.base import BaseCommand

from consent import catalogue as services
from dataproviders import catalogue as datasets


class Command(BaseCommand):
    """Load the founding catalogue; loading again changes nothing else."""

    help = "Load the founding catalogue of providers, datasets and services."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002 - Django's signature
        """Load it."""
        datasets.load_founding()
        services.load_founding(datasets.FOUNDING)
