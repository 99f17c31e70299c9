"""使用紀錄: what happened, append-only, provable."""

from django.apps import AppConfig


class Audit(AppConfig):
    """The log, below every other app."""

    name = "audit"
