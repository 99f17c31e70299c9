"""A remark is sealed while it waits, handed over once, tried for a week, and leaves nothing behind."""

import datetime as dt
import re
import uuid

import pytest

from audit.models import Event
from dataproviders.models import Dataset, Remark
from dataproviders.remarks import answering, desk, sealed, sending
from mydata.core import clock, keys, outbound, references
from tests.dataproviders.remarks.desks import (
    CANARY,
    RIGHT,
    SAID,
    SUBJECT,
    TITLE,
    URL,
    Desk,
    again,
    has_key,
    in_the_clear,
    make,
    told,
    upheld,
)
from tests.identity.conftest import Clock

pytestmark = pytest.mark.django_db


def test_the_words_are_sealed_while_they_wait_and_gone_once_they_are_handed_over(
    dataset: Dataset, moved: Clock
) -> None:
    remark = make(dataset)
    assert not in_the_clear(CANARY)
    assert not in_the_clear(RIGHT)
    assert sealed.open_text(again(remark)).remark == CANARY

    moved.now += dt.timedelta(seconds=1)
    sending.step(remark.pk)

    stands = again(remark)
    assert (stands.state, stands.text_sealed, stands.sent_at) == ("sent", None, moved.now)
    assert not has_key(sealed.TEXTS, remark.pk)
    with pytest.raises(sealed.WordsGone):
        sealed.open_text(remark)
    assert told(remark) == ["remark:made", "remark:sent"]


def test_a_search_of_the_database_finds_what_stands_there(dataset: Dataset) -> None:
    remark = make(dataset)
    Remark.objects.filter(pk=remark.pk).update(title={"zh": CANARY, "en": ""})
    assert in_the_clear(CANARY)
    Remark.objects.filter(pk=remark.pk).update(title=TITLE, text_sealed=CANARY.encode())
    assert in_the_clear(CANARY)


def test_the_desk_is_told_which_paper_and_not_whose(dataset: Dataset, at_desk: Desk, moved: Clock) -> None:
    remark = make(dataset)
    sending.step(remark.pk)
    (call,) = at_desk.heard
    assert (call.method, call.url, dict(call.headers)) == ("POST", URL, {"Content-Type": "application/jose"})
    claims = at_desk.claims()
    assert claims.pop("iss").startswith("http")
    assert claims == {
        "aud": "tests",
        "iat": int(moved.now.timestamp()),
        "jti": str(remark.pk),
        "dataset": "paper",
        "tx_id": str(remark.tx_id),
        "sub": references.per_transaction(SUBJECT, str(remark.tx_id)),
        "path": "/colour",
        "remark": CANARY,
        "proposed": RIGHT,
    }


def test_nothing_personal_is_in_the_log_or_the_calls_address(dataset: Dataset, at_desk: Desk) -> None:
    remark = make(dataset)
    sending.step(remark.pk)
    answering.answer(dataset.provider, remark.pk, upheld(), now=clock.now())
    written = str([event.payload for event in Event.objects.all()])
    assert not re.search(f"{CANARY}|{RIGHT}|{SAID}", written + at_desk.heard[0].url)


def test_it_is_handed_over_once_however_often_the_bell_rings(dataset: Dataset, at_desk: Desk) -> None:
    remark = make(dataset)
    for _ in range(3):
        sending.step(remark.pk)
    assert len(at_desk.heard) == 1


def test_one_in_another_worker_s_hands_is_left_alone(dataset: Dataset, at_desk: Desk, moved: Clock) -> None:
    remark = make(dataset)
    Remark.objects.update(lease_until=moved.now + dt.timedelta(seconds=30))
    sending.step(remark.pk)
    assert (at_desk.heard, sending.due(moved.now)) == ([], [])
    assert sending.due(moved.now + dt.timedelta(seconds=31)) == [remark.pk]


@pytest.mark.parametrize(
    "reply",
    [
        outbound.Unreachable(),
        outbound.AnswerTooLarge(),
        *(outbound.Reply(status, {}) for status in (200, 204, 401, 500)),
    ],
)
def test_a_desk_that_does_not_take_it_is_tried_ever_later_for_a_week(
    dataset: Dataset, at_desk: Desk, moved: Clock, reply: outbound.Reply | Exception
) -> None:
    remark, at_desk.reply, started, waits = make(dataset), reply, moved.now, []
    while again(remark).state == "queued":
        assert sending.due(moved.now) == [remark.pk]
        sending.step(remark.pk)
        if (due := again(remark).due_at) is not None:
            waits.append(int((due - moved.now).total_seconds()))
            moved.now = due
    assert waits[:4] == [5, 10, 20, 40]
    assert max(waits) == 3600
    assert dt.timedelta(days=7) < moved.now - started < dt.timedelta(days=7, hours=2)
    stands = again(remark)
    assert (stands.state, stands.because, stands.text_sealed) == ("given_up", "not_taken", None)
    assert not has_key(sealed.TEXTS, remark.pk)
    assert told(remark) == ["remark:given_up", "remark:made"]
    assert sending.due(moved.now + dt.timedelta(days=99)) == []


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("99999", 3600),
        ("99999999999", 5),
        ("soon", 5),
        ("Wed, 01 Jan 2020 00:00:00 GMT", 1),
        ("", 5),
    ],
)
def test_a_desk_says_when_to_come_back_an_hour_at_most(
    dataset: Dataset, at_desk: Desk, moved: Clock, written: str, seconds: int
) -> None:
    remark, at_desk.reply = make(dataset), outbound.Reply(503, {"retry-after": written})
    sending.step(remark.pk)
    assert again(remark).due_at == moved.now + dt.timedelta(seconds=seconds)


def test_a_desk_that_comes_back_hears_it(dataset: Dataset, at_desk: Desk, moved: Clock) -> None:
    remark, at_desk.reply = make(dataset), outbound.Unreachable()
    sending.step(remark.pk)
    at_desk.reply = outbound.Reply(202, {})
    moved.now += dt.timedelta(seconds=5)
    sending.step(remark.pk)
    assert again(remark).state == "sent"
    assert at_desk.claims()["remark"] == CANARY


def test_words_lost_with_the_key_store_are_said_to_be_lost(dataset: Dataset, at_desk: Desk) -> None:
    remark = make(dataset)
    sealed.forget_text(remark.pk)
    sending.step(remark.pk)
    assert (again(remark).state, again(remark).because, at_desk.heard) == ("given_up", "text_lost", [])


def test_the_sweep_destroys_the_keys_that_nobody_needs(dataset: Dataset) -> None:
    waiting, ended = make(dataset), make(dataset)
    sending.step(ended.pk)
    answering.answer(dataset.provider, ended.pk, upheld(), now=clock.now())
    name = again(ended).sentence_key
    nobodys = [uuid.uuid4(), ended.pk]
    for kind in (sealed.TEXTS, sealed.SENTENCES):
        for orphan in nobodys:
            keys.store().put(kind, str(orphan), b"k" * 32)
    sealed.sweep(older_than=-60)
    assert set(keys.store().names(sealed.TEXTS, older_than=-60)) == {str(waiting.pk)}
    assert set(keys.store().names(sealed.SENTENCES, older_than=-60)) == {str(name)}


@pytest.mark.parametrize("taken", [True, False])
def test_a_worker_whose_lease_was_taken_over_leaves_the_rest_to_the_other(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, *, taken: bool
) -> None:
    remark, other = make(dataset), uuid.uuid4()

    def too_late(*_: object, **__: object) -> None:
        Remark.objects.update(lease_token=other)
        if not taken:
            raise desk.NotTaken

    monkeypatch.setattr(desk, "hand_over", too_late)
    sending.step(remark.pk)
    assert (again(remark).state, again(remark).lease_token) == ("queued", other)
    assert has_key(sealed.TEXTS, remark.pk)
