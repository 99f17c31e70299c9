"""`./run manage seed FILE.json`: providers and datasets beyond the founding catalogue."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dataproviders.registration import Unfit
from portal import seeding


class Command(BaseCommand):
    """Load a seed file, whole or not at all; loading again changes nothing else."""

    help = "Load providers and datasets from a seed file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:  # noqa: ANN401, ARG002 - Django's signature
        """Load it. Raises CommandError naming the path; then nothing was loaded."""
        try:
            loaded = seeding.load(file.read_bytes())
        except (Unfit, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(", ".join(f"{count} {kind}" for kind, count in loaded.items()))
