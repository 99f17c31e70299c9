"""資料目錄: can I get it, from whom, how, how long does it take. Every filter stands in the address."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from consent.catalogue import services
from consent.models import Service
from dataproviders import catalogue
from dataproviders.errors import UnknownDataset
from dataproviders.fields import fields
from dataproviders.models import Dataset, Provider
from identity import gates
from identity.methods import registry
from mydata.core.errors import NotFound
from personal_cloud.presentation import picture_at, present
from portal.citizen import situations, upkeep
from portal.citizen.basket import Basket
from portal.citizen.pages import picture_alone, show
from portal.citizen.paging import turned
from portal.citizen.parameters import ParametersForm
from portal.design.language import spoken

STATUSES = ("available", "planned")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the address asks for; what cannot be read counts as not asked."""

    q: str
    provider: str
    method: str
    status: str
    situation: str

    @classmethod
    def read(cls, query: QueryDict) -> "Filter":
        """Read the address."""
        asked = {
            name: query.get(name, "").replace("\x00", "").strip()[:100]
            for name in ("q", "provider", "method", "status", "for")
        }
        return cls(asked["q"], asked["provider"], asked["method"], asked["status"], asked["for"])

    @property
    def is_narrow(self) -> bool:
        """Say whether anything was asked for."""
        return any((self.q, self.provider, self.method, self.status, self.situation))

    def admits(self, dataset: Dataset) -> bool:
        """Say whether a dataset is one of those asked for, the words aside."""
        situation = situations.of(self.situation)
        return (
            self.provider in ("", dataset.provider_id)
            and (not self.method or self.method in dataset.methods)
            and (self.status not in STATUSES or (self.status == "available") == dataset.is_available)
            and (situation is None or dataset.pk in situation.datasets)
        )


@gates.anyone
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the datasets that the address asks for and, for words, the services that match them."""
    asked = Filter.read(request.GET)
    found = [dataset for dataset in catalogue.search(asked.q) if asked.admits(dataset)]
    facts = {
        "asked": asked,
        "situation": situations.of(asked.situation),
        "found": [(one, upkeep.now_until(one)) for one in sorted(found, key=lambda one: not one.is_available)],
        "services": _services(asked.q),
        "providers": Provider.objects.all(),
        "methods": registry.offered(),
        "basket": Basket(request),
    }
    return show(request, "citizen/datasets.html", facts)


@gates.anyone
@require_safe
def dataset(request: HttpRequest, dataset_id: str) -> HttpResponse:
    """Show one dataset with every field. Raises NotFound."""
    found = _found(dataset_id)
    facts = {
        "dataset": found,
        "fields": fields(found.schema or {}),
        "sample": turned(present(found.schema or {}, found.sample, language=spoken()), []) if found.sample else None,
        "pictures_at": reverse("sample_picture", args=[dataset_id]),
        "conditions": [one.label for one in ParametersForm(found, None, kept={}) if one.field.required],
        "maintenance": upkeep.announced(found),
        "closed_until": upkeep.now_until(found),
        "methods": [one for one in registry.offered() if one.name in found.methods],
        "basket": Basket(request),
    }
    return show(request, "citizen/dataset.html", facts)


@gates.anyone
@require_safe
def sample_picture(request: HttpRequest, dataset_id: str) -> HttpResponse:
    """Hand one picture of the filled sample to the page that shows it. Raises NotFound."""
    found = _found(dataset_id)
    shown = picture_at(present(found.schema or {}, found.sample), request.GET.get("path", "")) if found.sample else None
    if shown is None:
        raise NotFound
    return picture_alone(shown)


def _found(dataset_id: str) -> Dataset:
    try:
        return catalogue.find(dataset_id)
    except UnknownDataset as error:
        raise NotFound from error


def _services(words: str) -> list[Service]:
    wanted = words.casefold().split()
    named = [(one, f"{one.agency} {one.name}".casefold()) for one in services()] if wanted else []
    return [one for one, text in named if all(word in text for word in wanted)]
