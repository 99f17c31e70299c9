"""個人雲: collect, seal, hand over, purge."""

from django.apps import AppConfig


class PersonalCloud(AppConfig):
    """Parcels and their items."""

    name = "personal_cloud"
