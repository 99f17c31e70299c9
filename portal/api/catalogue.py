"""集中列示可使用資料: the datasets and the services, for anybody."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent import catalogue as services
from dataproviders import catalogue as datasets
from dataproviders.catalogue import NO_PARAMETERS
from dataproviders.fields import fields
from portal.api import cursors
from portal.api.answers import Answer, InTwoLanguages, page_of
from portal.api.describing import AFTER, tells
from portal.api.operation import Operation


class Field(Answer):
    """One field; `path` is a JSON Pointer into the data, `*` standing for every element of an array."""

    path = serializers.CharField()
    title = InTwoLanguages()
    type = serializers.CharField(help_text="the JSON Schema type, or `any`")
    description = InTwoLanguages()


class Fields(serializers.ListField):
    """The fields of a dataset, read from its JSON Schema."""

    child = Field()

    def to_representation(self, data: Any) -> list[Any]:  # noqa: ANN401 - DRF's own signature
        """List them."""
        return list(fields(data.schema or {}))


class Parameters(serializers.DictField):
    """The JSON Schema of a dataset's parameters; one that takes none says so."""

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return the schema."""
        return value or NO_PARAMETERS


class ListedDataset(Answer):
    """A dataset as the catalogue shows it."""

    id = serializers.CharField()
    provider = serializers.CharField(source="provider_id")
    provider_name = serializers.CharField(source="provider.name")
    name = serializers.CharField()
    minimum_level = serializers.IntegerField(help_text="1 is the strongest")
    methods = serializers.ListField(child=serializers.CharField(), help_text="of verification, the strongest first")
    formats = serializers.ListField(child=serializers.CharField())
    parameters = Parameters(help_text="what it may be asked with, as a JSON Schema object")
    estimated_seconds = serializers.IntegerField()
    purpose = InTwoLanguages(required=False)
    maintenance = serializers.ListField(
        child=serializers.DictField(), help_text="`{weekday, from, until}` in Taipei, or `{from, until}`"
    )
    status = serializers.CharField(help_text="`available`, `maintenance`, or `planned` where it cannot be had yet")

    def get_fields(self) -> dict[str, Any]:
        """Add `fields`, a name that DRF keeps for itself."""
        return super().get_fields() | {"fields": Fields(source="*")}


class ListedService(Answer):
    """A service of an agency, as it is listed; what it may ask for is there once it has been admitted."""

    id = serializers.CharField()
    agency = serializers.CharField()
    mode = serializers.CharField(help_text="`counter` or `online`")
    name = serializers.CharField()
    group = serializers.CharField()
    open_months = serializers.ListField(child=serializers.IntegerField())
    status = serializers.CharField(help_text="`listed`, or `planned` where it is only announced")


class Datasets(Operation):
    """`/datasets`."""

    gate = "anyone"

    @tells(
        "listDatasets",
        "What data can be had",
        answers={200: page_of(ListedDataset)},
        parameters=(AFTER,),
        refusals={400: "malformed"},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """List the datasets in the catalogue's order, the available and the planned ones."""
        rows, cursor = cursors.page(datasets.offered(), after=cursors.after(self.http), name=lambda row: row.pk)
        return Response(cursors.listing(ListedDataset(rows, many=True).data, cursor))


class Services(Operation):
    """`/services`."""

    gate = "anyone"

    @tells(
        "listServices",
        "Which services exist",
        answers={200: page_of(ListedService)},
        parameters=(AFTER,),
        refusals={400: "malformed"},
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """List the services in the catalogue's order."""
        rows, cursor = cursors.page(services.services(), after=cursors.after(self.http), name=lambda row: row.pk)
        return Response(cursors.listing(ListedService(rows, many=True).data, cursor))
