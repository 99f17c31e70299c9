"""取用通知: telling the citizen by SMS and e-mail what happened with their data."""

from django.apps import AppConfig


class Notices(AppConfig):
    """Notices, made where an event is recorded."""

    name = "portal.notices"
    label = "notices"

    def ready(self) -> None:
        """Listen to the log."""
        from portal.notices import listening  # noqa: PLC0415 - signals are connected once all apps are loaded

        listening.connect()
