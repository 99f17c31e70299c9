"""A small catalogue, and people at their browsers."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse
from django.utils import translation

from identity.levels import AssuranceLevel
from tests.portal.citizen.visiting import Visitor

if TYPE_CHECKING:
    from consent.models import Grant
    from personal_cloud.models import Parcel

WEAK, OTHER, STRONG, PLANNED = "vehicle", "licence", "income", "property"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "車籍資料",
    "description": "您名下的車輛。",
    "properties": {
        "plate": {"type": "string", "title": "車號", "description": "車牌號碼。"},
        "fees": {
            "type": "array",
            "title": "規費",
            "items": {
                "type": "object",
                "properties": {
                    "on": {"type": "string", "format": "date", "title": "日期"},
                    "amount": {"type": "integer", "title": "金額", "x-unit": "TWD"},
                },
            },
        },
    },
}
YEAR: dict[str, Any] = {
    "type": "object",
    "properties": {
        "year": {"type": "integer", "minimum": 110, "maximum": 114, "default": 114, "title": "年度"},
        "since": {"type": "string", "format": "date", "title": "起始日期"},
        "kind": {"title": "種類", "oneOf": [{"const": "all", "title": "全部"}, {"const": "pay", "title": "薪資"}]},
    },
    "additionalProperties": False,
}


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Begin each test in Chinese, whatever a page of another test spoke last."""
    with translation.override("zh-hant"):
        yield


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:  # noqa: ARG001 - asked for by name
    """`WEAK` and `OTHER` ask for two documents, `STRONG` for a card; `PLANNED` has no endpoint. No agency is asked."""
    from dataproviders.models import Dataset, Endpoint, Provider  # noqa: PLC0415 - not before Django is set up

    provider = Provider.objects.create(id="agency", name="某機關", typical_uses="車貸線上申請")
    made: tuple[tuple[str, str, int, dict[str, Any]], ...] = (
        (WEAK, "車籍資料", 4, {}),
        (OTHER, "駕籍資料", 4, {}),
        (STRONG, "個人所得資料", 1, YEAR),
        (PLANNED, "財產資料", 2, {}),
    )
    for name, title, level, parameters in made:
        dataset = Dataset.objects.create(
            id=name, provider=provider, name=title, minimum_level=level, schema=SCHEMA, parameters_schema=parameters
        )
        if name != PLANNED:
            Endpoint.objects.create(dataset=dataset, stage=Endpoint.Stage.LIVE, url="http://127.0.0.1:9/")


@pytest.fixture
def visitor() -> Visitor:
    """A browser in which nobody is signed in."""
    return Visitor()


@pytest.fixture
def citizen() -> Visitor:
    """A browser whose person proved who they are by two documents."""
    found = Visitor()
    found.sign_in()
    return found


@pytest.fixture
def card_holder() -> Visitor:
    """A browser whose person proved who they are by a citizen certificate."""
    found = Visitor()
    found.sign_in(AssuranceLevel.CITIZEN_CERTIFICATE)
    return found


Drafting = Callable[..., "Grant"]


@pytest.fixture
def drafted(citizen: Visitor) -> Drafting:
    """Choose datasets and stand before the question."""
    from consent.models import Grant  # noqa: PLC0415 - not before Django is set up

    def choose(*datasets: str) -> Grant:
        for dataset in datasets or (WEAK,):
            citizen.send(reverse("choose_add"), {"dataset": dataset})
        answer = citizen.send(reverse("choose"))
        assert answer.status_code == 302, answer.content.decode()
        return Grant.objects.latest("drafted_at")

    return choose


@pytest.fixture
def given(citizen: Visitor, drafted: Drafting) -> "Callable[..., Parcel]":
    """Choose datasets and agree; the agencies have not answered yet."""
    from tests.portal.citizen.landing import parcel_of  # noqa: PLC0415 - not before Django is set up

    def agree(*datasets: str) -> "Parcel":
        grant = drafted(*datasets)
        answer = citizen.send(reverse("consent_give", args=[grant.pk]), {"wording_hash": grant.wording_hash})
        assert answer.status_code == 302, answer.content.decode()
        return parcel_of(grant)

    return agree
