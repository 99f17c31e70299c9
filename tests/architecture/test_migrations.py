"""Migrations match the models."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command


def missing() -> str:
    """Return what `makemigrations` would still write; empty where nothing is missing."""
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, stderr=said)
    except SystemExit:
        return said.getvalue()
    return ""


@pytest.mark.django_db
def test_migrations_match_the_models() -> None:
    assert missing() == ""


@pytest.mark.django_db
def test_a_model_without_its_migration_is_caught(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no_migrations").mkdir()
    (tmp_path / "no_migrations" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"notices": "no_migrations"}  # an app that no other depends on
    assert "+ Create model Notice" in missing()
