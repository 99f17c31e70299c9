"""What the OpenAPI document says about an operation stands above the method that does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from mydata.core import problems
from portal.api.answers import Problem

Method = TypeVar("Method", bound=Callable[..., Any])
SAFE = {"GET", "HEAD"}
EXAMPLE_TRACE = "9f2c41d07ab3e650"
SECURITY = {
    "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "`csrf` of `getSession`, together with every cookie; also before anybody is signed in",
    },
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="same key and same body: same answer, nothing is done twice; other body: 422 `idempotency_mismatch`",
)
AFTER = OpenApiParameter("after", OpenApiTypes.STR, OpenApiParameter.QUERY, description="`next` of the page before")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of one operation.

    `answers`: shape by status, or by (status, media type). `refusals`: codes by status, beyond those every operation has.
    `example`: the answer's example, `asks`: the body's.
    """

    operation_id: str
    summary: str
    answers: Mapping[Any, Any]
    body: Any = None
    refusals: Mapping[int, str] = field(default_factory=dict)
    parameters: tuple[OpenApiParameter, ...] = ()
    asks: Any = None
    example: Any = None


def tells(operation_id: str, summary: str, **rest: Any) -> Callable[[Method], Method]:  # noqa: ANN401 - the fields of `Told`
    """Put what the document says of an operation on its method."""
    told = Told(operation_id=operation_id, summary=summary, **rest)

    def put(method: Method) -> Method:
        method.told = told  # type: ignore[attr-defined]  # a method carries its description as an attribute
        return method

    return put


class ToldSchema(AutoSchema):
    """Reads `Told` off the method, and adds what follows from the view's gate."""

    def is_excluded(self) -> bool:
        """Leave out what nobody described."""
        return self._told is None

    def get_operation_id(self) -> str:
        """Return the contract's name."""
        return self._tell.operation_id

    def get_summary(self) -> str:
        """Return the one line."""
        return self._tell.summary

    def get_request_serializer(self) -> Any:  # noqa: ANN401 - DRF spectacular's own kinds
        """Return the body's shape."""
        return self._tell.body

    def get_response_serializers(self) -> Any:  # noqa: ANN401 - as above
        """Return the answers and the refusals by status."""
        refusals = {
            (status, problems.MEDIA_TYPE): _refusal(status, codes) for status, codes in sorted(self._refusals().items())
        }
        answers = {
            status: OpenApiResponse(shape, description=self._tell.summary)
            for status, shape in self._tell.answers.items()
        }
        return {**answers, **refusals}

    def get_override_parameters(self) -> list[Any]:
        """Return headers and cursors."""
        return list(self._tell.parameters)

    def get_examples(self) -> list[OpenApiExample]:
        """Return one example of the body and one of the answer, where there are."""
        told = self._tell
        found = []
        if told.asks is not None:
            found.append(OpenApiExample("body", told.asks, request_only=True))
        if told.example is not None:
            statuses = [str(status) for status in told.answers if isinstance(status, int)]
            found.append(OpenApiExample("answer", told.example, response_only=True, status_codes=statuses))
        return found

    def get_auth(self) -> list[dict[str, Any]]:
        """Return the schemes that this gate and this method ask for."""
        for name, definition in SECURITY.items():
            self.registry.register_on_missing(
                ResolvedComponent(  # type: ignore[no-untyped-call]  # the library's own class, without types
                    name=name, type=ResolvedComponent.SECURITY_SCHEMA, object=name, schema=definition
                )
            )
        needed = ["session"] if getattr(self.view, "gate", None) == "citizen" else []
        needed += [] if self.method in SAFE else ["csrf"]
        return [{name: [] for name in needed}]

    @property
    def _told(self) -> Told | None:
        return getattr(getattr(self.view, self.method.lower(), None), "told", None)

    @property
    def _tell(self) -> Told:
        if self._told is None:
            raise LookupError(self.method)
        return self._told

    def _refusals(self) -> dict[int, str]:
        found = dict(self._tell.refusals)
        if getattr(self.view, "gate", None) == "citizen":
            found[401] = "not_signed_in"
        if self.method not in SAFE:
            found[403] = " ".join(["csrf_failed", *found.get(403, "").split()])
        if self._tell.body is not None:
            found |= {400: "malformed", 413: "too_large"}
        return found


def _refusal(status: int, codes: str) -> OpenApiResponse:
    """Describe the problem documents of one status, with an example of each code."""
    return OpenApiResponse(
        Problem,
        description=", ".join(f"`{code}`" for code in codes.split()),
        examples=[OpenApiExample(code, _problem(status, code), response_only=True) for code in codes.split()],
    )


def _problem(status: int, code: str) -> dict[str, Any]:
    title = code.replace("_", " ")
    return {
        "type": f"urn:mydata:problem:{code}",
        "title": title,
        "status": status,
        "detail": title,
        "code": code,
        "trace": EXAMPLE_TRACE,
    }
