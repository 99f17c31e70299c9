"""The faces of the portal: pages, the API, and the journeys they show."""

from django.apps import AppConfig


class Portal(AppConfig):
    """Faces over journeys."""

    name = "portal"
