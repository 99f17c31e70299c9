"""`./run manage enrol FILE`: make the sandbox's people members with a confirmed contact."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from identity import enrolment
from mydata.core import clock


class Command(BaseCommand):
    """Enrol every person of the file but those tagged `first_use`; sandbox only."""

    help = "Make the people of a sandbox list members (sandbox profile only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    @transaction.atomic
    def handle(self, *args: Any, file: Path, **options: Any) -> None:  # noqa: ANN401, ARG002 - Django's signature
        """Enrol them. Raises CommandError outside the sandbox profile."""
        if not settings.SANDBOX:
            message = "only the sandbox profile enrols people from a list"
            raise CommandError(message)
        now = clock.now()
        for person in json.loads(file.read_text(encoding="utf-8"))["items"]:
            if "first_use" not in person["tags"]:
                enrolment.enrol(
                    written_id=person["national_id"], email=person["email"], mobile=person["mobile"], now=now
                )
