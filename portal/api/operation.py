"""What every operation of the API has in common."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity import gates
from portal.api import idempotency, parsing
from portal.api.bodies import Body
from portal.api.describing import ToldSchema
from portal.api.idempotency import Answer, Made


class OneForm(BaseContentNegotiation):
    """Every operation answers in its one form, whatever `Accept` says (RFC 9110, section 12.4.1 allows that)."""

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> None:  # type: ignore[override]  # no parser is a choice too
        """Choose none: bodies are read in `portal.api.parsing` alone."""

    def select_renderer(  # type: ignore[override]  # as above
        self,
        request: Request,  # noqa: ARG002 - DRF's hook
        renderers: list[BaseRenderer],
        format_suffix: str | None = None,  # noqa: ARG002 - DRF's hook
    ) -> tuple[BaseRenderer, str]:
        """Return the first renderer."""
        return renderers[0], str(renderers[0].media_type)


class Operation(APIView):
    """A thin view: reads a body by its shape, calls one act, answers. `gate` says who may pass; without one, nobody."""

    gate: ClassVar[Literal["anyone", "citizen"]]
    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = OneForm
    metadata_class = None
    schema = ToldSchema()
    http: HttpRequest
    """The request as the acts take it: theirs to write cookies and sessions through."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Keep Django's request beside DRF's."""
        super().setup(request, *args, **kwargs)
        self.http = request

    def finalize_response(
        self,
        request: Request,
        response: Response,
        *args: Any,  # noqa: ANN401 - DRF's own signature
        **kwargs: Any,  # noqa: ANN401 - as above
    ) -> Response:
        """Let no cache keep an answer."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished.headers.setdefault("Cache-Control", "no-store")
        return finished

    def body(self, shape: type[Body]) -> dict[str, Any]:
        """Return the body as `shape` describes it. Raises Malformed, ValidationError (answered as the same)."""
        checked = shape(data=parsing.of(self.http))
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def once(
        self,
        asked: Mapping[str, Any],
        make: Callable[[], Made[Answer]],
        again: Callable[[UUID], Answer],
        *,
        known: UUID | None = None,
    ) -> Answer:
        """Create by `make`, or under a repeated `Idempotency-Key` answer by `again` with the id of what was made."""
        key = idempotency.key_of(self.http)
        if key is None:
            return make().answer
        call = idempotency.call_of(key, caller=self._caller(), path=self.http.path, body=asked)
        return idempotency.once(call, make, again, known=known)

    def _caller(self) -> str:
        """Name who may see the answer again: the citizen, or where nobody need be one the browser, by its CSRF secret."""
        if self.gate == "citizen":
            return f"citizen {gates.sign_in(self.http).subject}"
        return f"browser {self.http.META.get('CSRF_COOKIE', '')}"
