"""What an agency says is read as hostile, kept sealed, taken once, and forgotten after thirty days."""

import datetime as dt
import json
from typing import Any

import pytest

from dataproviders.models import Dataset, Provider, Remark
from dataproviders.remarks import answering, desk, reading, sealed, sending
from dataproviders.remarks.answering import Answer
from mydata.core import clock, keys
from mydata.core.errors import IllegalMove, Malformed, NotFound
from tests.dataproviders.remarks.desks import (
    SAID,
    SUBJECT,
    again,
    has_key,
    in_the_clear,
    make,
    told,
    upheld,
)
from tests.identity.conftest import Clock

pytestmark = pytest.mark.django_db


def test_an_agency_that_never_answers_is_waited_for_thirty_days(dataset: Dataset, moved: Clock) -> None:
    remark = make(dataset)
    sending.step(remark.pk)
    moved.now += dt.timedelta(days=30) - dt.timedelta(seconds=1)
    assert sending.due(moved.now) == []
    moved.now += dt.timedelta(seconds=1)
    sending.step(remark.pk)
    assert (again(remark).state, again(remark).because) == ("given_up", "no_answer")
    with pytest.raises(IllegalMove):
        answering.answer(dataset.provider, remark.pk, upheld(), now=moved.now)
    assert not list(keys.store().names(sealed.SENTENCES, older_than=-60))


def test_an_answer_is_kept_sealed_for_thirty_days_and_its_outcome_for_good(dataset: Dataset, moved: Clock) -> None:
    remark = make(dataset)
    sending.step(remark.pk)
    answering.answer(dataset.provider, remark.pk, upheld(), now=moved.now)
    assert not in_the_clear(SAID)
    assert reading.of(SUBJECT, remark.pk).sentence == SAID
    assert told(remark) == ["remark:answered", "remark:made", "remark:sent"]

    moved.now += dt.timedelta(days=30)
    name = again(remark).sentence_key
    sending.step(remark.pk)
    seen = reading.of(SUBJECT, remark.pk)
    assert (seen.state, seen.outcome, seen.sentence) == ("answered", "upheld", None)
    assert not has_key(sealed.SENTENCES, name)
    assert sending.due(moved.now + dt.timedelta(days=99)) == []


def test_an_answer_is_taken_once_the_same_again_is_the_same_and_another_is_refused(
    dataset: Dataset, moved: Clock
) -> None:
    remark = make(dataset)
    sending.step(remark.pk)
    for _ in range(2):
        assert answering.answer(dataset.provider, remark.pk, upheld(), now=moved.now).outcome == "upheld"
    corrected = Answer(outcome=Remark.Outcome.CORRECTED, available_from=moved.now.date(), sentence="")
    with pytest.raises(IllegalMove):
        answering.answer(dataset.provider, remark.pk, corrected, now=moved.now)
    assert reading.of(SUBJECT, remark.pk).sentence == SAID
    assert told(remark).count("remark:answered") == 1


def test_an_answer_that_overtakes_its_receipt_proves_that_it_arrived(dataset: Dataset) -> None:
    remark = make(dataset)
    taken = desk.hand_over

    def overtaken(*arguments: Any, **named: Any) -> None:  # noqa: ANN401 - handed on
        taken(*arguments, **named)
        answering.answer(dataset.provider, remark.pk, upheld(), now=clock.now())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "hand_over", overtaken)
        sending.step(remark.pk)
    assert again(remark).state == "answered"
    assert told(remark) == ["remark:answered", "remark:made", "remark:sent"]
    assert not has_key(sealed.TEXTS, remark.pk)


def test_another_agency_s_remark_is_not_there(dataset: Dataset) -> None:
    remark = make(dataset)
    sending.step(remark.pk)
    stranger = Provider.objects.create(id="stranger", name="別的機關")
    with pytest.raises(NotFound):
        answering.answer(stranger, remark.pk, upheld(), now=clock.now())


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"outcome": "upheld"}, "sentence"),
        ({"outcome": "upheld", "sentence": ""}, "sentence"),
        ({"outcome": "upheld", "sentence": "  \n "}, "sentence"),
        ({"outcome": "upheld", "sentence": "x" * 201}, "sentence"),
        ({"outcome": "upheld", "sentence": ["x"]}, "sentence"),
        ({"outcome": "upheld", "sentence": "a\u202egnp.exe"}, "sentence"),
        ({"outcome": "upheld", "sentence": "a\u0000b"}, "sentence"),
        ({"outcome": "upheld", "sentence": "a", "available_from": "2026-01-01"}, "available_from"),
        ({"outcome": "corrected"}, "available_from"),
        ({"outcome": "corrected", "available_from": "2026-02-30"}, "available_from"),
        ({"outcome": "corrected", "available_from": "20261125"}, "available_from"),
        ({"outcome": "corrected", "available_from": "2999-01-01"}, "available_from"),
        ({"outcome": "corrected", "available_from": 7}, "available_from"),
        ({"outcome": "deleted", "sentence": "a"}, "outcome"),
        ({"sentence": "a"}, "outcome"),
        ({"outcome": "upheld", "sentence": "a", "link": "http://x"}, None),
        ([], None),
    ],
)
def test_an_answer_in_another_form_is_refused_by_the_member(said: object, path: str | None) -> None:
    with pytest.raises(Malformed) as refusal:
        answering.read(json.dumps(said).encode(), today=dt.date(2026, 11, 25))
    assert refusal.value.facts.get("path") == path


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'{"outcome":"upheld","outcome":"upheld","sentence":"a"}', b"[" * 9999]
)
def test_what_is_no_json_is_no_answer(body: bytes) -> None:
    with pytest.raises(Malformed):
        answering.read(body, today=dt.date(2026, 11, 25))


def test_a_sentence_is_laid_on_one_line_and_its_rare_characters_stay() -> None:
    body = json.dumps({"outcome": "upheld", "sentence": " 與𠮷永明\n的\t文件 <b>相符</b> "}).encode()
    assert answering.read(body, today=dt.date(2026, 11, 25)).sentence == "與𠮷永明 的 文件 <b>相符</b>"


def test_a_desk_proves_itself_by_its_secret(dataset: Dataset) -> None:
    assert desk.provider_of("tests", "open sesame") == dataset.provider
    assert desk.provider_of("tests", "another") is None
    assert desk.provider_of("nobody", "open sesame") is None
    Provider.objects.create(id="closed", name="沒有窗口")
    assert desk.provider_of("closed", "") is None
