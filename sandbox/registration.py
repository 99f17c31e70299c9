"""`GET /registration.json`: what the portal has to know about these agencies, in the form of its seed file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aiohttp import web

from sandbox.agencies.answering import AgenciesRoom
from sandbox.agencies.datasets import PROVIDERS, Dataset
from sandbox.agencies.desk import DeskRoom
from sandbox.people.personas import People


class RegistrationRoom:
    """The form that an agency fills in to have its datasets connected."""

    def __init__(
        self,
        datasets: Mapping[str, Dataset],
        agencies: AgenciesRoom,
        desks: DeskRoom,
        *,
        people: People,
        base_url: str,
    ) -> None:
        """Register `datasets` and `desks`, reached at `base_url`, with the secrets and keys of `agencies`.

        `people` fill in the examples, all but the first ordinary one: whom most act as should find nothing of theirs in public.
        """
        self._desks = desks
        self._datasets = datasets
        _, *self._ordinary = (person for person in people if "ordinary" in person.tags)
        self._everybody = [*self._ordinary, *(person for person in people if "ordinary" not in person.tags)]
        self._agencies = agencies
        self._base_url = base_url

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the room's one address."""
        return [web.get("/registration.json", self.filled_in)]

    async def filled_in(self, _: web.Request) -> web.Response:
        """Answer `{providers, datasets}`, ready for the portal's `manage seed`."""
        providers = [
            {"id": name, "name": title, "desk": self._desks.registration(name, base_url=self._base_url)}
            for name, title in PROVIDERS.items()
        ]
        datasets = [self.entry(dataset) for dataset in self._datasets.values()]
        return web.json_response({"providers": providers, "datasets": datasets})

    def entry(self, dataset: Dataset) -> dict[str, object]:
        """Return the entry of one dataset; testing and live reach the same virtual data here."""
        endpoint = {
            "url": f"{self._base_url}/agencies/{dataset.id}",
            "method": dataset.method,
            "parameters_in": dataset.parameters_in,
        }
        methods = {"methods": dataset.schema["x-methods"]} if "x-methods" in dataset.schema else {}
        return {
            "id": dataset.id,
            "provider": dataset.provider,
            "name": dataset.name,
            "minimum_level": dataset.minimum_level,
            **methods,
            "schema": dataset.schema | self._examples(dataset),
            "parameters": dataset.parameters,
            "estimated_seconds": dataset.schema["x-estimated-seconds"],
            "wire": dataset.wire,
            "secret": self._agencies.secrets[dataset.id],
            "endpoints": {"testing": endpoint, "live": endpoint},
            "maintenance": list(dataset.maintenance),
            **self._agencies.wires[dataset.id].registration(),
        }

    def _examples(self, dataset: Dataset) -> dict[str, object]:
        """Return the keyword `examples` (JSON Schema 2020-12, validation, section 9.5), of somebody ordinary if it can be."""
        example = dataset.example(self._ordinary) or dataset.example(self._everybody)
        return {} if example is None else {"examples": [example]}
