"""Who may say what is wrong, how often, about what, and who may read what became of it."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from dataproviders.errors import AlreadyRemarked, NoDesk, TooManyRemarks
from dataproviders.models import MOST_REMARKS_A_DAY, Dataset, Provider, Remark
from dataproviders.remarks import answering, making, reading, sealed, sending
from mydata.core import clock, keys
from mydata.core.errors import Malformed, NotFound
from tests.dataproviders.remarks.desks import (
    SUBJECT,
    TITLE,
    make,
    place,
    upheld,
)
from tests.identity.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("remark", "proposed", "path"),
    [("", None, "remark"), (" \n", None, "remark"), ("字" * 501, None, "remark"), ("字", "字" * 201, "proposed")],
)
def test_words_are_neither_none_nor_too_many(remark: str, proposed: str | None, path: str) -> None:
    with pytest.raises(Malformed) as refusal:
        making.written(remark, proposed)
    assert refusal.value.facts == {"path": path}
    assert making.written(" 字\r\n" * 166 + "字", "字" * 200).remark.count("字") == 167


def test_one_open_remark_a_place_and_a_new_one_once_it_has_ended(dataset: Dataset) -> None:
    where = place(dataset)
    first = make(dataset, where)
    for _ in range(2):
        with pytest.raises(AlreadyRemarked) as refusal:
            make(dataset, where)
        assert refusal.value.facts == {"remark": str(first.pk)}
        sending.step(first.pk)
    assert len(list(keys.store().names(sealed.TEXTS, older_than=-60))) == 0, "a refused one leaves no key"
    make(dataset, place(dataset, "/plate", where.tx_id))
    answering.answer(dataset.provider, first.pk, upheld(), now=clock.now())
    make(dataset, where)


def test_a_citizen_makes_twenty_a_day_and_others_are_not_touched_by_it(dataset: Dataset, moved: Clock) -> None:
    moved.now = dt.datetime(2026, 11, 25, 15, 0, tzinfo=dt.UTC)
    for _ in range(MOST_REMARKS_A_DAY):
        make(dataset)
    with pytest.raises(TooManyRemarks) as refusal:
        make(dataset)
    assert refusal.value.facts == {"retry_after": 3600}
    make(dataset, subject="somebody-else")
    moved.now += dt.timedelta(hours=1)
    make(dataset)


def test_the_database_takes_no_second_remark_of_a_number_nor_a_twenty_first(dataset: Dataset) -> None:
    remark = make(dataset)
    for number in (remark.number_of_day, MOST_REMARKS_A_DAY + 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            Remark.objects.create(
                dataset=dataset,
                subject=SUBJECT,
                tx_id=uuid.uuid4(),
                title=TITLE,
                made_at=clock.now(),
                day=remark.day,
                number_of_day=number,
            )


def test_a_number_that_was_taken_meanwhile_is_stepped_over(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    make(dataset)
    numbers = iter([1, 2])
    monkeypatch.setattr(making, "_number", lambda *_: next(numbers))
    assert make(dataset).number_of_day == 2


def test_an_agency_without_a_desk_takes_none(dataset: Dataset) -> None:
    Provider.objects.update(desk_url="")
    with pytest.raises(NoDesk):
        make(Dataset.objects.get(pk=dataset.pk))
    assert not list(keys.store().names(sealed.TEXTS, older_than=-60))


def test_somebody_else_s_remark_is_not_there(dataset: Dataset) -> None:
    remark = make(dataset)
    with pytest.raises(NotFound):
        reading.of("somebody-else", remark.pk)
    assert reading.remarks_of("somebody-else").items == []
    assert [seen.id for seen in reading.remarks_of(SUBJECT).items] == [remark.pk]


def test_a_long_list_goes_on_behind_its_cursor(dataset: Dataset, moved: Clock) -> None:
    made = []
    for _ in range(3):
        made.append(make(dataset).pk)
        moved.now += dt.timedelta(seconds=1)
    first = reading.remarks_of(SUBJECT, limit=2)
    rest = reading.remarks_of(SUBJECT, after=first.next, limit=2)
    assert [seen.id for seen in [*first.items, *rest.items]] == made[::-1]
    assert rest.next is None
