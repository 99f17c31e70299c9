"""Same key, same body: same answer, done once. What the table keeps tells nobody anything."""

import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from consent.models import Grant
from mydata.core import clock
from mydata.core.errors import Busy, IdempotencyMismatch, NotFound
from personal_cloud.models import Parcel
from portal.api import idempotency
from portal.api.idempotency import Made
from portal.models import IdempotentCall
from tests.portal.api.calling import Program, problem
from tests.portal.api.conftest import STRONG, WEAK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]
KEY = {"Idempotency-Key": "a-key"}
CALL = idempotency.call_of("a-key", caller="citizen x", path="/grants", body={"a": 1})


def test_a_draft_sent_again_is_the_same_draft(citizen: Program) -> None:
    body = {"datasets": [{"id": WEAK}]}
    first, again = (
        citizen.post("/grants", body, **KEY),
        citizen.post("/grants", b'{ "datasets" :[{"id":"weak"}]}', **KEY),
    )

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert Grant.objects.count() == 1


def test_a_draft_sent_again_answers_the_same_after_it_was_given(citizen: Program) -> None:
    body = {"datasets": [{"id": WEAK}]}
    first = citizen.post("/grants", body, **KEY).json()
    citizen.post(f"/grants/{first['id']}/give", {"wording_hash": first["wording_hash"]})

    assert citizen.post("/grants", body, **KEY).json() == first


def test_giving_sent_again_brings_one_parcel_and_the_same_receipt(citizen: Program) -> None:
    grant = citizen.post("/grants", {"datasets": [{"id": WEAK}]}).json()
    body = {"wording_hash": grant["wording_hash"]}
    first = citizen.post(f"/grants/{grant['id']}/give", body, **KEY)
    again = citizen.post(f"/grants/{grant['id']}/give", body, **KEY)

    assert (again.status_code, again.json()) == (201, first.json())
    assert Parcel.objects.count() == 1
    assert problem(citizen.post(f"/grants/{grant['id']}/give", body)) == (409, "illegal_state")


def test_the_key_with_another_body_is_refused(citizen: Program) -> None:
    citizen.post("/grants", {"datasets": [{"id": WEAK}]}, **KEY)

    other_body = {"datasets": [{"id": STRONG, "parameters": {"year": 113}}]}
    assert problem(citizen.post("/grants", other_body, **KEY)) == (422, "idempotency_mismatch")


def test_the_key_at_another_address_is_another_key(citizen: Program) -> None:
    grants = [citizen.post("/grants", {"datasets": [{"id": WEAK}]}).json() for _ in range(2)]
    given = [
        citizen.post(f"/grants/{grant['id']}/give", {"wording_hash": grant["wording_hash"]}, **KEY).json()
        for grant in grants
    ]

    assert given[0]["parcel"] != given[1]["parcel"]


def test_a_refusal_is_not_kept_so_the_key_may_be_tried_again(citizen: Program) -> None:
    grant = citizen.post("/grants", {"datasets": [{"id": WEAK}]}).json()
    wrong = citizen.post(f"/grants/{grant['id']}/give", {"wording_hash": "0" * 64}, **KEY)

    assert problem(wrong) == (409, "wording_changed")
    right = citizen.post(f"/grants/{grant['id']}/give", {"wording_hash": grant["wording_hash"]}, **KEY)
    assert right.status_code == 201


def test_somebody_elses_key_is_another_key(citizen: Program, other: Program) -> None:
    body = {"datasets": [{"id": WEAK}]}

    assert citizen.post("/grants", body, **KEY).json()["id"] != other.post("/grants", body, **KEY).json()["id"]


def test_the_table_keeps_digests_and_one_id(citizen: Program) -> None:
    claim = {"method": "citizen_certificate", "claim": {"national_id": "A123456789"}}
    started = citizen.post("/verifications", claim, **KEY).json()

    (row,) = IdempotentCall.objects.values()
    assert str(row["resource"]) == started["id"]
    assert not any(
        secret in str(row) for secret in ("A123456789", "a-key", citizen.browser.cookies["mydata_csrf"].value)
    )


def test_a_call_that_does_not_come_to_an_end_is_waited_for_and_then_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAITS", (0.01,))

    def never() -> Made[str]:
        with pytest.raises(Busy) as busy:
            idempotency.once(CALL, impossible, impossible)
        assert busy.value.facts == {"retry_after": 1}
        raise NotFound

    with pytest.raises(NotFound):
        idempotency.once(CALL, never, impossible)
    assert not IdempotentCall.objects.exists()


def test_a_call_whose_process_died_frees_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = clock.now() - idempotency.ABANDONED - dt.timedelta(seconds=1)
    IdempotentCall.objects.create(caller=CALL.caller, key=CALL.key, body=CALL.body, created_at=long_ago)
    monkeypatch.setattr(idempotency, "WAITS", ())

    assert idempotency.once(CALL, lambda: Made(uuid.uuid4(), "made"), impossible) == "made"


def test_what_a_call_made_before_its_process_died_is_answered_at_once(citizen: Program) -> None:
    grant = citizen.post("/grants", {"datasets": [{"id": WEAK}]}).json()
    body = {"wording_hash": grant["wording_hash"]}
    first = citizen.post(f"/grants/{grant['id']}/give", body, **KEY)
    IdempotentCall.objects.update(resource=None)

    again = citizen.post(f"/grants/{grant['id']}/give", body, **KEY)
    assert (again.status_code, again.json()) == (201, first.json())


def test_old_calls_are_forgotten() -> None:
    idempotency.once(CALL, lambda: Made(uuid.uuid4(), "made"), impossible)

    idempotency.forget(clock.now() + idempotency.KEPT - dt.timedelta(minutes=1))
    assert IdempotentCall.objects.exists()
    idempotency.forget(clock.now() + idempotency.KEPT + dt.timedelta(minutes=1))
    assert not IdempotentCall.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_one() -> None:
    made: list[uuid.UUID] = []
    ready = threading.Barrier(8)

    def make() -> Made[uuid.UUID]:
        made.append(uuid.uuid4())
        return Made(made[-1], made[-1])

    def call(_: int) -> uuid.UUID:
        ready.wait()
        try:
            return idempotency.once(CALL, make, lambda again: again)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(call, range(8)))

    assert answers == set(made)
    assert len(made) == 1


def test_another_body_while_the_first_is_running_is_a_mismatch_at_once() -> None:
    other_body = idempotency.call_of("a-key", caller="citizen x", path="/grants", body={"a": 2})

    def make() -> Made[str]:
        with pytest.raises(IdempotencyMismatch):
            idempotency.once(other_body, impossible, impossible)
        return Made(uuid.uuid4(), "made")

    assert idempotency.once(CALL, make, impossible) == "made"


def impossible(*_: object) -> Any:  # noqa: ANN401 - never returns, and fits everywhere
    """Stand for what must not be called."""
    raise AssertionError
