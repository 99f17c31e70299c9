"""同意: who may ask, for what; what the citizen answered; the proof of it."""

from django.apps import AppConfig


class Consent(AppConfig):
    """Services, grants and receipts."""

    name = "consent"
