"""資料提供機關: what data exists, how to fetch it."""

from django.apps import AppConfig


class DataProviders(AppConfig):
    """The catalogue of datasets and the wire to the agencies that hold them."""

    name = "dataproviders"
