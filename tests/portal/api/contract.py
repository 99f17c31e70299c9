"""Whether an answer is what the OpenAPI document says it is."""

from functools import cache
from typing import Any

import jsonschema

from portal.api.document import document


def fits(operation_id: str, status: int, answer: Any) -> None:  # noqa: ANN401 - any JSON
    """See that an answer has the documented shape and no member beyond it. Raises jsonschema.ValidationError, KeyError."""
    content = _operations()[operation_id]["responses"][str(status)]["content"]
    _checker(content["application/json"]["schema"]).validate(answer)


@cache
def _operations() -> dict[str, Any]:
    return {operation["operationId"]: operation for path in document()["paths"].values() for operation in path.values()}


def _checker(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    shapes = {
        name: shape | {"additionalProperties": False} if "properties" in shape else shape
        for name, shape in document()["components"]["schemas"].items()
    }
    return jsonschema.Draft202012Validator(
        schema | {"components": {"schemas": shapes}}, format_checker=jsonschema.FormatChecker(["uuid"])
    )
