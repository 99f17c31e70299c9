"""`/connect/remarks/{id}`: an agency's desk says what became of a remark, with its own proof and in the one form."""

import base64
import json
import uuid
from typing import Any

import pytest
from django.test import Client

from dataproviders.models import Dataset, Provider, Remark
from mydata.core import clock, references
from tests.strictness import as_strict_as_postgresql

pytestmark = pytest.mark.django_db
OPEN_SESAME = "open sesame"
SAID = {"outcome": "upheld", "sentence": "與原始文件相符。"}


@pytest.fixture
def remark() -> Remark:
    digest = references.digest("desk-secret", OPEN_SESAME.encode())
    provider = Provider.objects.create(
        id="tests", name="測試機關", desk_url="http://127.0.0.1:9/", desk_secret_digest=digest
    )
    dataset = Dataset.objects.create(id="paper", provider=provider, name="測試資料", minimum_level=4)
    now = clock.now()
    return Remark.objects.create(
        dataset=dataset,
        subject="reference",
        tx_id=uuid.uuid4(),
        path="/a",
        title={"zh": "甲", "en": "A"},
        state="sent",
        made_at=now,
        sent_at=now,
        day=now.date(),
        number_of_day=1,
    )


def answer(remark: object, said: object, *, secret: str = OPEN_SESAME, name: str = "tests", **options: Any) -> Any:  # noqa: ANN401 - Django's test answer
    basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    client = Client(enforce_csrf_checks=True)
    options = {"headers": {"Authorization": f"Basic {basic}"}} | options
    return client.generic("POST", f"/connect/remarks/{remark}", body, content_type="application/json", **options)


def test_an_agency_says_what_became_of_it_as_often_as_it_likes(remark: Remark) -> None:
    for _ in range(2):
        told = answer(remark.pk, SAID)
        assert (told.status_code, told["Cache-Control"]) == (200, "no-store")
        assert told.json() == {"id": str(remark.pk), "state": "answered", "outcome": "upheld"}
    another = answer(remark.pk, {"outcome": "forwarded", "sentence": "已轉請。"})
    assert (another.status_code, another.json()["code"]) == (409, "illegal_state")


def test_a_name_that_no_database_could_hold_is_nobodys(remark: Remark) -> None:
    basic = base64.b64encode(f"paper\0:{OPEN_SESAME}".encode()).decode()
    with as_strict_as_postgresql():
        told = answer(remark.pk, SAID, name="tests\0")
        asked = Client().post("/connect/introspect", {"token": "any"}, headers={"Authorization": f"Basic {basic}"})
    assert (told.status_code, asked.status_code) == (401, 401)


@pytest.mark.parametrize(
    "options",
    [
        {"secret": "another"},
        {"name": "nobody"},
        {"secret": ""},
        {"headers": {}},
        {"headers": {"Authorization": "Basic x"}},
    ],
)
def test_whoever_is_not_the_desk_changes_nothing(remark: Remark, options: dict[str, Any]) -> None:
    told = answer(remark.pk, SAID, **options)
    assert (told.status_code, told["WWW-Authenticate"]) == (401, 'Basic realm="connect"')
    assert Remark.objects.get().state == "sent"


def test_what_it_never_heard_of_is_not_there(remark: Remark) -> None:
    told = answer(uuid.uuid4(), SAID)
    assert (told.status_code, told.json()["code"]) == (404, "not_found")
    assert Remark.objects.get(pk=remark.pk).state == "sent"


@pytest.mark.parametrize("said", [b"", b"[]", {"outcome": "upheld"}, {"outcome": "upheld", "sentence": "x" * 201}])
def test_what_cannot_be_read_is_malformed_and_repeated_nowhere(remark: Remark, said: object) -> None:
    told = answer(remark.pk, said)
    assert (told.status_code, told.json()["code"]) == (400, "malformed")
    assert "xxx" not in told.content.decode()
    assert Remark.objects.get().state == "sent"


def test_more_than_an_answer_is_not_read(remark: Remark) -> None:
    assert answer(remark.pk, b'"' + b"x" * 300_000 + b'"').status_code == 413
