"""The OpenAPI document of this API, written from the operations themselves."""

import functools
import json
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.operation import Operation


class Document(Operation):
    """`/api/v1/openapi.json`."""

    gate = "anyone"

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """Return the document."""
        return Response(document())


@functools.cache
def document() -> dict[str, Any]:
    """Write the document once a process: it changes only with the code."""
    generator: Any = SchemaGenerator
    written = generator(urlconf="portal.api.urls").get_schema(request=None, public=True)
    plain: dict[str, Any] = json.loads(OpenApiJsonRenderer().render(written))
    return plain
