"""A worker's round: every ending is honest, only the holder of the lease lands, and a parcel is closed once."""

import asyncio
import datetime as dt
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest
from django.conf import settings

from audit.models import Event
from consent import grants
from dataproviders import tokens
from dataproviders.models import Dataset, FetchToken
from mydata.core import clock, keys, outbound, states
from mydata.core.errors import IllegalMove
from personal_cloud import collecting, purging, rounds, spool, vault
from personal_cloud.models import Item, Parcel
from personal_cloud.purging import Because
from tests.identity.conftest import Clock
from tests.personal_cloud import errands
from tests.personal_cloud.errands import HOLDER, Agencies, again, collected, given, half, has_key, item_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue() -> None:
    for name in ("paper", "other"):
        errands.dataset(name)


def outcomes(parcel: Parcel) -> dict[str, tuple[str, str]]:
    """Return how every item stands, by its dataset: state and reason."""
    rows = Item.objects.filter(parcel=parcel)
    return {item.dataset_id: (item.state, item.reason) for item in rows}


def happened(action: str) -> list[dict[str, object]]:
    return [event.payload or {} for event in Event.objects.filter(action=action).order_by("time")]


def held(parcel: Parcel, name: str) -> rounds.Held:
    """Take an item as a worker does, with its agency's answer at hand."""
    taken = rounds._take(parcel, item_of(parcel, name))
    assert taken is not None
    _, body = errands.right(name, str(taken.item.tx_id))
    asyncio.run(taken.body.write(body))
    return taken


def land(parcel: Parcel, taken: rounds.Held) -> None:
    rounds._land(parcel, taken, outbound.Reply(200, {"content-type": "application/zip"}))


def opened(parcel: Parcel, name: str) -> bytes:
    return vault.open_item(parcel, item_of(parcel, name), vault.unlock(parcel, half(parcel)))[1]


def test_everything_is_asked_once_and_sealed_for_its_holder(agencies: Agencies) -> None:
    agencies.answers["other"] = errands.large
    parcel = collected("paper", "other")
    assert sorted(agencies.asked) == ["other", "paper"]
    assert parcel.state == "sealed"
    assert outcomes(parcel) == {"paper": ("landed", ""), "other": ("landed", "")}
    assert {name: opened(parcel, name) for name in agencies.said} == agencies.said
    assert not FetchToken.objects.exists()
    rounds.run(parcel.pk)
    assert len(agencies.asked) == 2


def test_who_asked_to_come_back_is_asked_again_in_time_and_was_too_slow_when_the_parcel_ends(
    moved: Clock, agencies: Agencies
) -> None:
    agencies.answers["other"] = errands.later
    parcel = collected("paper", "other")
    assert outcomes(parcel) == {"paper": ("landed", ""), "other": ("waiting", "")}
    moved.move(seconds=59)
    assert list(rounds.due_parcels(clock.now())) == []
    moved.move(seconds=1)
    assert list(rounds.due_parcels(clock.now())) == [parcel.pk]
    rounds.run(parcel.pk)
    assert agencies.asked.count("other") == 2
    assert again(parcel).state == "collecting"
    moved.now = parcel.expires_at
    assert dict(purging.due(clock.now())) == {parcel.pk: Because.EXPIRED}
    purging.purge(parcel.pk, because=Because.EXPIRED, now=clock.now())
    assert outcomes(parcel) == {"paper": ("erased", ""), "other": ("erased", "too_slow")}
    assert again(parcel).grant.state == "expired"
    rounds.run(parcel.pk)
    assert agencies.asked.count("other") == 2


def test_an_agency_that_is_down_as_it_announced_is_asked_again_when_it_said(moved: Clock, agencies: Agencies) -> None:
    hour = [(moved.now + dt.timedelta(hours=hours)).isoformat() for hours in (-1, 1)]
    Dataset.objects.filter(pk="other").update(maintenance=[{"from": hour[0], "until": hour[1]}])
    agencies.answers |= {"other": errands.silent}
    parcel = collected("paper", "other")
    assert outcomes(parcel) == {"paper": ("landed", ""), "other": ("waiting", "")}
    assert item_of(parcel, "other").due_at == moved.now + dt.timedelta(hours=1)
    del agencies.answers["other"]
    moved.move(seconds=3600)
    rounds.run(parcel.pk)
    assert outcomes(parcel)["other"] == ("landed", "")


def test_maintenance_excuses_nothing_but_being_down_nor_once_it_is_over(moved: Clock, agencies: Agencies) -> None:
    day = [(moved.now + dt.timedelta(days=days)).isoformat() for days in (-2, -1)]
    Dataset.objects.filter(pk="other").update(maintenance=[{"from": day[0], "until": day[1]}])
    Dataset.objects.filter(pk="paper").update(maintenance=[{"from": day[0], "until": "2999-01-01T00:00:00Z"}])
    agencies.answers |= {"other": errands.silent, "paper": lambda *_: (outbound.Reply(403, {}), b"")}
    parcel = collected("paper", "other")
    assert outcomes(parcel) == {"paper": ("failed", "provider_refused"), "other": ("failed", "provider_down")}


def test_a_minimum_that_was_raised_after_the_consent_counts_at_the_fetch(agencies: Agencies) -> None:
    parcel = given("paper", "other", level=4, method="two_documents")
    Dataset.objects.filter(pk="paper").update(minimum_level=1)
    rounds.run(parcel.pk)
    assert agencies.asked == ["other"], "nobody may be asked for what is now out of reach"
    assert outcomes(parcel) == {"paper": ("failed", "level_too_low"), "other": ("landed", "")}
    assert happened("data:failed") == [{"parcel": str(parcel.pk), "dataset": "paper", "reason": "level_too_low"}]
    assert again(parcel).state == "sealed"
    assert not has_key(tokens.KIND, item_of(parcel, "paper").pk)


def test_a_grant_of_the_raised_level_still_fetches(agencies: Agencies) -> None:
    parcel = given("paper", level=1)
    Dataset.objects.filter(pk="paper").update(minimum_level=1)
    rounds.run(parcel.pk)
    assert (agencies.asked, again(parcel).state) == (["paper"], "sealed")


def test_without_the_key_store_no_agency_is_asked_and_nobody_is_blamed_for_refusing(agencies: Agencies) -> None:
    parcel = given("paper", "other")
    for item in Item.objects.filter(parcel=parcel):
        keys.store().destroy(tokens.KIND, str(item.pk))
    rounds.run(parcel.pk)
    assert agencies.asked == []
    assert outcomes(parcel) == {"paper": ("failed", "provider_down"), "other": ("failed", "provider_down")}
    assert again(parcel).state == "failed"
    assert len(happened("parcel:failed")) == 1


def test_a_worker_that_lost_its_lease_lands_nothing_and_takes_its_file_away(moved: Clock, agencies: Agencies) -> None:
    parcel = given("paper")
    late = held(parcel, "paper")
    moved.move(seconds=rounds.LEASE + 1)
    rounds.run(parcel.pk)
    landed = item_of(parcel, "paper")
    land(parcel, late)
    late.body.close()
    assert agencies.asked == ["paper"]
    assert str(late.token) not in landed.spool
    assert errands.files() == {landed.spool}
    assert item_of(parcel, "paper").spool == landed.spool
    assert len(happened("data:landed")) == len(happened("parcel:sealed")) == 1
    assert opened(again(parcel), "paper")


def test_a_worker_that_lost_its_lease_ends_nothing_either(moved: Clock) -> None:
    parcel = given("paper")
    late = held(parcel, "paper")
    moved.move(seconds=rounds.LEASE + 1)
    now_holding = held(parcel, "paper")
    for state in (Item.State.FAILED, Item.State.NONE_HELD):
        assert not rounds._end(parcel, late.item, late.token, state, None)
    rounds._come_back(late, clock.now())
    assert outcomes(parcel) == {"paper": ("fetching", "")}
    assert item_of(parcel, "paper").lease_token == now_holding.token
    assert has_key(tokens.KIND, late.item.pk), "the token belongs to whoever holds the item now"
    land(parcel, now_holding)
    assert outcomes(parcel) == {"paper": ("landed", "")}
    for each in (late, now_holding):
        each.body.close()


def test_nothing_lands_in_a_parcel_that_is_shut() -> None:
    parcel = given("paper")
    late = held(parcel, "paper")
    states.change(states.row(Parcel, parcel.pk), purge_started_at=clock.now(), purge_because="withdrawn")
    land(parcel, late)
    late.body.close()
    assert errands.files() == set()
    assert outcomes(parcel) == {"paper": ("fetching", "")}
    assert happened("data:landed") == []


def test_a_parcel_is_closed_once(agencies: Agencies) -> None:
    parcel = collected("paper", "other")
    assert len(agencies.asked) == 2
    closed = parcel.sealed_at
    for _ in range(3):
        collecting.settle(parcel.pk, now=clock.now())
    assert happened("parcel:sealed") == [{"parcel": str(parcel.pk), "datasets": ["paper", "other"]}]
    assert again(parcel).sealed_at == closed


def test_a_parcel_is_not_closed_while_anything_is_open_nor_once_it_is_shut(agencies: Agencies) -> None:
    agencies.answers["other"] = errands.later
    parcel = collected("paper", "other")
    collecting.settle(parcel.pk, now=clock.now())
    assert again(parcel).state == "collecting"
    Item.objects.filter(parcel=parcel, dataset_id="other").update(state="failed")
    states.change(states.row(Parcel, parcel.pk), purge_started_at=clock.now())
    collecting.settle(parcel.pk, now=clock.now())
    assert again(parcel).state == "collecting"
    states.change(states.row(Parcel, parcel.pk), purge_started_at=None)
    assert list(rounds.due_parcels(clock.now())) == [parcel.pk], "a parcel whose closing was lost is found again"
    rounds.run(parcel.pk)
    assert happened("parcel:sealed") == [{"parcel": str(parcel.pk), "datasets": ["paper"]}]


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ((errands.no_record, errands.silent), "sealed"),
        ((errands.no_record, errands.no_record), "sealed"),
        ((errands.right, errands.silent), "sealed"),
        ((errands.silent, errands.silent), "failed"),
    ],
)
def test_nothing_held_is_an_answer_and_only_silence_all_round_is_a_failure(
    agencies: Agencies, answers: tuple[errands.Answer, errands.Answer], state: str
) -> None:
    agencies.answers = dict(zip(("paper", "other"), answers, strict=True))
    assert collected("paper", "other").state == state


def full(_name: str) -> BinaryIO:
    """Open no file: the disk is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def filling(name: str) -> BinaryIO:
    """Open a file on a disk that is full at the first byte."""
    settings.SPOOL_DIR.mkdir(exist_ok=True)
    spool.path(name).touch(exist_ok=False)
    return Path("/dev/full").open("r+b")


@pytest.mark.parametrize("create", [full, filling])
@pytest.mark.parametrize("answer", [errands.right, errands.large])
def test_a_full_disk_is_nobody_s_fault_and_the_item_comes_back(
    moved: Clock,
    agencies: Agencies,
    monkeypatch: pytest.MonkeyPatch,
    answer: errands.Answer,
    create: Callable[[str], BinaryIO],
) -> None:
    agencies.answers = {"paper": answer, "other": errands.no_record}
    parcel = given("paper", "other")
    with monkeypatch.context() as broken:
        broken.setattr(spool, "create", create)
        for _ in range(rounds.MOST_ATTEMPTS_CUT_SHORT + 1):
            rounds.run(parcel.pk)
            assert outcomes(parcel) == {"paper": ("waiting", ""), "other": ("none_held", "no_record")}
            assert errands.files() == set()
            assert item_of(parcel, "paper").due_at == moved.now + rounds.WITHOUT_ROOM
            moved.move(seconds=rounds.WITHOUT_ROOM.total_seconds())
    assert has_key(tokens.KIND, item_of(parcel, "paper").pk)
    rounds.run(parcel.pk)
    assert again(parcel).state == "sealed"
    assert opened(again(parcel), "paper") == agencies.said["paper"]
    assert happened("data:failed") == []


def test_a_disk_that_fills_up_under_the_last_bytes_of_a_body_is_no_bad_answer(
    moved: Clock, agencies: Agencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    agencies.answers["paper"] = errands.large
    parcel = given("paper", "other")
    with monkeypatch.context() as broken:
        broken.setattr(spool.Incoming, "reader", lambda _: full(""))
        rounds.run(parcel.pk)
    assert {state for state, _ in outcomes(parcel).values()} == {"waiting"}
    moved.move(seconds=rounds.WITHOUT_ROOM.total_seconds())
    rounds.run(parcel.pk)
    assert again(parcel).state == "sealed"


def test_an_item_whose_workers_die_again_and_again_is_given_up(moved: Clock, agencies: Agencies) -> None:
    parcel = given("paper")
    for _ in range(rounds.MOST_ATTEMPTS_CUT_SHORT):
        taken = rounds._take(parcel, item_of(parcel, "paper"))
        assert taken is not None
        taken.body.close()
        moved.move(seconds=rounds.LEASE + 1)
    rounds.run(parcel.pk)
    assert agencies.asked == []
    assert outcomes(parcel) == {"paper": ("failed", "provider_down")}


def test_a_grant_that_was_answered_meanwhile_leaves_no_key_behind(agencies: Agencies) -> None:
    parcel = given("paper")
    drafted = again(parcel).grant
    with pytest.raises(IllegalMove):
        collecting.begin(errands.sign_in(), drafted, envelope=errands.WHO, holder_secret=HOLDER, now=clock.now())
    assert list(keys.store().names(vault.SHARES, older_than=-60)) == [str(parcel.pk)]
    assert list(keys.store().names(tokens.KIND, older_than=-60)) == [str(item_of(parcel, "paper").pk)]
    assert (Parcel.objects.count(), agencies.asked) == (1, [])
    assert grants.level_on(drafted) == 1
