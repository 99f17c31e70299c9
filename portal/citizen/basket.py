"""What a citizen is about to ask for: at most five datasets with their conditions, kept in the session."""

from typing import Any

from django.http import HttpRequest

from consent.errors import TooManyDatasets
from consent.grants import MOST_DATASETS, Choice
from dataproviders import catalogue
from dataproviders.models import Dataset
from identity.levels import AssuranceLevel, strictest
from identity.methods import registry
from identity.methods.base import Method

KEY = "basket"


class Basket:
    """The chosen datasets, in the order of choosing."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        self._kept: dict[str, dict[str, Any]] = request.session.get(KEY, {})
        by_id = {dataset.pk: dataset for dataset in catalogue.offered().filter(pk__in=self._kept)}
        self.datasets: list[Dataset] = [
            by_id[name] for name in self._kept if name in by_id and by_id[name].is_available
        ]

    def __contains__(self, dataset_id: str) -> bool:
        return dataset_id in {dataset.pk for dataset in self.datasets}

    def __len__(self) -> int:
        return len(self.datasets)

    @property
    def is_full(self) -> bool:
        """Say whether no more fit."""
        return len(self) >= MOST_DATASETS

    @property
    def required_level(self) -> AssuranceLevel | None:
        """The level that every chosen dataset accepts; None while nothing is chosen."""
        return strictest(dataset.level for dataset in self.datasets) if self.datasets else None

    @property
    def methods(self) -> list[Method]:
        """The methods that open everything chosen, the strongest first."""
        return [one for one in registry.offered() if all(one.name in dataset.methods for dataset in self.datasets)]

    @property
    def choices(self) -> list[Choice]:
        """What is chosen, as a grant is drafted from it."""
        return [Choice(dataset.pk, self.parameters(dataset.pk)) for dataset in self.datasets]

    def parameters(self, dataset_id: str) -> dict[str, Any]:
        """Return the conditions kept for a dataset."""
        return dict(self._kept.get(dataset_id, {}))

    def add(self, dataset_id: str) -> None:
        """Choose a dataset; choosing it again changes nothing. Raises UnknownDataset, TooManyDatasets."""
        dataset = catalogue.find_available(dataset_id)
        if dataset.pk not in self and self.is_full:
            raise TooManyDatasets(most=MOST_DATASETS)
        self._keep(
            {**{one.pk: self.parameters(one.pk) for one in self.datasets}, dataset.pk: self.parameters(dataset.pk)}
        )

    def remove(self, dataset_id: str) -> None:
        """Choose it no longer."""
        self._keep({name: kept for name, kept in self._kept.items() if name != dataset_id})

    def condition(self, dataset_id: str, parameters: dict[str, Any]) -> None:
        """Keep the conditions of a chosen dataset."""
        self._keep(self._kept | {dataset_id: parameters})

    def empty(self) -> None:
        """Forget it all."""
        self._keep({})

    def _keep(self, kept: dict[str, dict[str, Any]]) -> None:
        self._kept = self._session[KEY] = kept
