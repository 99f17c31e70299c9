"""Who may call what, from where, and how everything else is refused."""

import pytest
from django.test import RequestFactory, override_settings
from rest_framework.request import Request
from rest_framework.response import Response

from identity.errors import NotSignedIn
from portal.api.operation import Operation
from tests.portal.api.calling import Program, problem
from tests.portal.api.operations import OPERATIONS, PRIVATE, SOMETHING, UNSAFE, Call, named

pytestmark = pytest.mark.django_db


class WithoutGate(Operation):
    """A view whose author forgot to say who may pass."""

    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's hook
        """Give away what nobody guards."""
        return Response({"given": "away"})


def test_a_view_that_names_no_gate_lets_nobody_pass() -> None:
    request = RequestFactory().get("/forgotten")
    request.session = {}  # type: ignore[assignment]  # nobody is signed in

    answer = WithoutGate.as_view()(request)

    assert answer.status_code == 404


@pytest.mark.parametrize("operation", [one for one in PRIVATE if one.method != "GET"], ids=named)
def test_the_gate_decides_before_anything_is_read(program: Program, operation: Call) -> None:
    assert problem(program.send(operation.method, operation.path, b"{")) == (401, "not_signed_in")


@pytest.mark.parametrize("operation", PRIVATE, ids=named)
def test_nobody_signed_in_is_told_so(program: Program, operation: Call) -> None:
    answer = program.send(operation.method, operation.path, operation.body or b"")

    assert problem(answer) == (401, "not_signed_in")


@pytest.mark.parametrize("operation", UNSAFE, ids=named)
@pytest.mark.parametrize("token", ["", "x" * 64, "短"])
def test_an_unsafe_call_without_the_token_is_refused_signed_in_or_not(
    program: Program, citizen: Program, operation: Call, token: str
) -> None:
    for caller in (program, citizen):
        answer = caller.send(operation.method, operation.path, operation.body, token=token)

        assert problem(answer) == (403, "csrf_failed")


def test_a_token_from_another_site_is_refused(citizen: Program) -> None:
    answer = citizen.post("/grants", {"datasets": []}, Origin="https://elsewhere.example")

    assert problem(answer) == (403, "csrf_failed")


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_no_answer_may_be_kept_by_a_cache(citizen: Program, operation: Call) -> None:
    answer = citizen.send(operation.method, operation.path, operation.body or b"")

    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_a_method_that_an_address_does_not_have_is_405(citizen: Program, operation: Call) -> None:
    answer = citizen.send("PROPFIND", operation.path, {})

    assert problem(answer) == (405, "malformed")
    assert operation.method in answer["Allow"]


@pytest.mark.parametrize(
    "path", ["/nothing", "/parcels/not-a-uuid", "/grants/1/give", f"/parcels/{SOMETHING}/items/%00", "/contact"]
)
def test_what_does_not_exist_is_a_problem_document_too(citizen: Program, path: str) -> None:
    assert problem(citizen.get(path)) == (404, "not_found")


def test_asking_for_another_form_gets_json_all_the_same(program: Program) -> None:
    answer = program.get("/session?format=xml", Accept="text/html")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")


@override_settings(LANGUAGES=[("zh-hant", "中文"), ("en", "English")])
def test_a_refusal_is_told_in_the_language_of_who_asks(program: Program) -> None:
    for language, asked in (("zh", "zh-TW"), ("en", "en-GB")):
        answer = program.get("/usage", **{"Accept-Language": asked})

        assert answer.json()["detail"] == NotSignedIn().explain(language)
