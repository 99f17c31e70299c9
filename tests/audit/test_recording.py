"""The one way into the log: only inside the act's transaction, only with the facts that the vocabulary names."""

import base64
import hashlib
import random
from typing import Any

import pytest
import rfc8785
from django.db import transaction

from audit.actions import MEANINGS, Action, sentence
from audit.models import Event
from audit.reading import trail_for
from audit.recording import NotInTransaction, commitment, record
from mydata.core.errors import Malformed

SUBJECT = "reference-of-somebody"


@pytest.mark.django_db(transaction=True)
def test_an_event_is_written_in_the_transaction_of_its_act_or_not_at_all() -> None:
    with pytest.raises(NotInTransaction):
        record(Action.IDENTITY_SIGNED_OUT, subject=SUBJECT)
    with transaction.atomic():
        record(Action.IDENTITY_SIGNED_OUT, subject=SUBJECT)
        transaction.set_rollback(True)
    assert not Event.objects.filter(subject=SUBJECT).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts", [{}, {"parcel": "p"}, {"parcel": "p", "datasets": [], "more": 1}, {"parcel": "p", "dataset": "d"}]
)
def test_missing_and_unknown_facts_are_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="parcel:sealed carries"):
        record(Action.PARCEL_SEALED, subject=SUBJECT, **facts)
    assert not Event.objects.filter(subject=SUBJECT).exists()


@pytest.mark.django_db
def test_anybody_can_work_the_commitment_out_again_from_a_line_of_use() -> None:
    record(Action.PARCEL_SEALED, subject=SUBJECT, parcel="包裹", datasets=["b", "a"])
    (line,) = trail_for(SUBJECT).items
    salt = base64.urlsafe_b64decode(line.salt + "=" * (-len(line.salt) % 4))
    assert len(salt) == 16
    assert line.payload == {"parcel": "包裹", "datasets": ["b", "a"]}
    canonical = '{"datasets":["b","a"],"parcel":"包裹"}'.encode()
    assert line.commitment == hashlib.sha256(salt + canonical).hexdigest()
    assert line.commitment == commitment(salt, dict(line.payload))
    assert line.commitment != commitment(salt, {**line.payload, "datasets": ["a", "b"]})


@pytest.mark.django_db
def test_equal_events_have_salts_of_their_own() -> None:
    events = [record(Action.IDENTITY_SIGNED_OUT, subject=SUBJECT) for _ in range(20)]
    assert len({bytes(event.salt or b"") for event in events}) == 20
    assert len({event.commitment for event in events}) == 20


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_its_sentence_in_both_languages_with_and_without_its_payload(action: Action) -> None:
    facts: dict[str, object] = dict.fromkeys(MEANINGS[action].facts, "x")
    for payload in (facts, None):
        told = sentence(action, payload)
        assert all(told.values())
        assert not set("{}") & set("".join(told.values()))
    assert told["en"].isascii() or "—" in told["en"]


@pytest.mark.django_db
def test_the_trail_comes_page_by_page_without_gap_or_repetition() -> None:
    written = [record(Action.IDENTITY_SIGNED_OUT, subject=SUBJECT) for _ in range(23)]
    record(Action.IDENTITY_SIGNED_OUT, subject="somebody-else")
    found, after = [], None
    while True:
        page = trail_for(SUBJECT, after=after, limit=5)
        found += [line.event for line in page.items]
        if (after := page.next) is None:
            break
    assert sorted(found) == sorted(str(event.pk) for event in written)


@pytest.mark.django_db
def test_a_cursor_that_is_none_is_refused() -> None:
    chance = random.Random(3)
    for cursor in ("", ".", "1.2", "x" * 99, *(chance.randbytes(9).hex() for _ in range(20))):
        with pytest.raises(Malformed):
            trail_for(SUBJECT, after=cursor)


def test_canonical_json_is_the_one_of_the_standard() -> None:
    assert rfc8785.dumps({"b": 1.0, "a": "é\u2028"}) == '{"a":"é\u2028","b":1}'.encode()
