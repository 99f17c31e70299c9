"""A small catalogue, and programs that call the API."""

import pytest

from identity.levels import AssuranceLevel
from tests.portal.api.calling import Program

WEAK, STRONG, PLANNED = "weak", "strong", "planned"


@pytest.fixture
def program(db: None) -> Program:  # noqa: ARG001 - asked for by name
    """A program that nobody is signed in to."""
    return Program()


@pytest.fixture
def citizen(db: None) -> Program:  # noqa: ARG001 - asked for by name
    """A program whose person proved who they are by two documents."""
    found = Program()
    found.sign_in("A123456789", AssuranceLevel.TWO_DOCUMENTS, "two_documents")
    return found


@pytest.fixture
def other(db: None) -> Program:  # noqa: ARG001 - asked for by name
    """A program of somebody else."""
    found = Program()
    found.sign_in("B142610160", AssuranceLevel.TWO_DOCUMENTS, "two_documents")
    return found


@pytest.fixture
def catalogue(db: None) -> None:  # noqa: ARG001 - asked for by name
    """`WEAK` asks for two documents, `STRONG` for a card and a year; `PLANNED` has no endpoint. No agency is asked here."""
    from dataproviders.models import Dataset, Endpoint, Provider  # noqa: PLC0415 - not before Django is set up

    provider = Provider.objects.create(id="agency", name="某機關")
    schema = {"type": "object", "properties": {"plate": {"type": "string", "title": "車號"}}}
    year = {"type": "object", "properties": {"year": {"type": "integer"}}, "required": ["year"]}
    for name, level, parameters in ((WEAK, 4, {}), (STRONG, 1, year), (PLANNED, 4, {})):
        dataset = Dataset.objects.create(
            id=name, provider=provider, name="資料", minimum_level=level, schema=schema, parameters_schema=parameters
        )
        if name != PLANNED:
            Endpoint.objects.create(dataset=dataset, stage=Endpoint.Stage.LIVE, url="http://127.0.0.1:9/")
