"""The OpenAPI document: valid, whole, and of the contract's names."""

import json

import pytest
from drf_spectacular.validation import validate_schema

from portal.api.document import document
from tests.portal.api.calling import Program
from tests.portal.api.operations import OPERATIONS, SOMETHING, Call, named

pytestmark = pytest.mark.django_db


def test_anybody_may_read_the_document(program: Program) -> None:
    answer = program.get("/openapi.json")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == document()


def test_the_document_is_valid_openapi_3_1_and_needed_no_guess(capsys: pytest.CaptureFixture[str]) -> None:
    document.cache_clear()

    validate_schema(document())  # type: ignore[no-untyped-call]  # the library's own, without types

    assert document()["openapi"] == "3.1.0"
    assert "Warning" not in capsys.readouterr().err


def test_the_document_names_every_operation_that_exists_and_no_other() -> None:
    told = [operation["operationId"] for path in document()["paths"].values() for operation in path.values()]

    assert sorted(told) == sorted(operation.id for operation in OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_an_operation_stands_where_the_contract_puts_it_with_what_it_needs(operation: Call) -> None:
    path = operation.path.replace(SOMETHING, "{id}").replace("personal-income", "{dataset}")
    told = document()["paths"][path][operation.method.lower()]

    needed = {name for requirement in told.get("security", []) for name in requirement}
    assert told["operationId"] == operation.id
    assert ("session" in needed) == (operation.gate == "citizen")
    assert ("csrf" in needed) == (operation.method != "GET")
    assert ("401" in told["responses"]) == (operation.gate == "citizen")
    assert all(answer["description"] for answer in told["responses"].values())


def test_every_creating_operation_takes_an_idempotency_key() -> None:
    creating = {
        operation["operationId"]: [parameter["name"] for parameter in operation["parameters"]]
        for path in document()["paths"].values()
        for operation in path.values()
        if "201" in operation["responses"]
    }

    assert creating.keys() == {
        "startVerification",
        "draftGrant",
        "giveGrant",
        "claimParcel",
        "createCode",
        "pickUp",
        "makeRemark",
    }
    assert all("Idempotency-Key" in names for names in creating.values())


def test_refusals_are_problem_documents_with_examples() -> None:
    refusals = [
        answer["content"]
        for path in document()["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
        if status >= "400"
    ]

    assert refusals
    assert all(list(content) == ["application/problem+json"] for content in refusals)
    assert all(content["application/problem+json"]["examples"] for content in refusals)


def test_the_document_holds_nobody(program: Program) -> None:
    written = json.dumps(program.get("/openapi.json").json())

    assert "127.0.0.1" not in written
