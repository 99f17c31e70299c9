"""Guarded updates: of two who move a thing one wins, and who lost a lease moves nothing (DESIGN, D4, D5)."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from audit.actions import Action
from audit.recording import record
from consent.models import Grant
from identity.models import Verification
from mydata.core import clock, leases, states
from mydata.core.errors import IllegalMove
from portal.notices.models import Notice

NOW = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)


def attempt() -> Verification:
    ends = NOW + dt.timedelta(minutes=10)
    return Verification.objects.create(method="two_documents", subject="s", started_at=NOW, expires_at=ends)


def notice() -> Notice:
    with transaction.atomic():
        event = record(Action.IDENTITY_SIGNED_OUT)
    return Notice.objects.create(
        event=event, subject="s", channel="sms", template="t", created_at=NOW, due_at=NOW, state=Notice.State.QUEUED
    )


def at_once(act: Callable[[], object], count: int = 8) -> list[object]:
    """Run `act` in so many threads at the same moment and return what each returned."""
    gate, found = threading.Barrier(count), []

    def run() -> None:
        gate.wait()
        try:
            found.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("life", [Grant.LIFE, Verification.LIFE, Notice.LIFE])
def test_no_life_has_a_way_back_to_its_beginning(life: states.Life) -> None:
    first = {"drafted", "pending", "queued"}
    assert not first & {str(state) for state in life.moves}


@pytest.mark.django_db
def test_only_the_moves_of_the_table_are_made() -> None:
    row = states.row(Verification, attempt().pk)
    Verification.LIFE.move(row, Verification.State.VERIFIED, level=4)
    assert (row.get().state, row.get().level) == ("verified", 4)
    for state in (Verification.State.FAILED, Verification.State.VERIFIED):
        with pytest.raises(IllegalMove):
            Verification.LIFE.move(row, state, level=1)
        assert not Verification.LIFE.attempt(row, state, level=1)
    assert (row.get().state, row.get().level) == ("verified", 4)
    with pytest.raises(KeyError):
        Verification.LIFE.move(row, Verification.State.PENDING)
    with pytest.raises(IllegalMove):
        Verification.LIFE.move(states.row(Verification, uuid.uuid4()), Verification.State.FAILED)


@pytest.mark.django_db(transaction=True)
def test_of_many_movers_one_wins() -> None:
    for _ in range(10):
        row = attempt().pk
        moves = at_once(lambda row=row: Verification.LIFE.attempt(states.row(Verification, row), "failed"))  # type: ignore[misc]  # bound for this turn
        assert sorted(map(bool, moves)) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_holds_the_row() -> None:
    for _ in range(5):
        pk = notice().pk
        held = at_once(lambda pk=pk: leases.claim(states.row(Notice, pk), now=NOW, seconds=20))  # type: ignore[misc]  # as above
        assert sum(token is not None for token in held) == 1
        assert Notice.objects.get(pk=pk).attempts == 1


@pytest.mark.django_db
def test_a_lease_is_held_renewed_and_runs_out() -> None:
    rows = states.row(Notice, notice().pk)
    assert leases.claim(rows, now=NOW - dt.timedelta(seconds=1), seconds=20) is None, "not due yet"
    token = leases.claim(rows, now=NOW, seconds=20)
    assert token is not None
    assert leases.claim(rows, now=NOW + dt.timedelta(seconds=19), seconds=20) is None
    assert leases.renew(rows, token, now=NOW + dt.timedelta(seconds=19), seconds=20)
    assert leases.claim(rows, now=NOW + dt.timedelta(seconds=38), seconds=20) is None
    other = leases.claim(rows, now=NOW + dt.timedelta(seconds=40), seconds=20)
    assert other not in {None, token}
    assert not leases.renew(rows, token, now=NOW + dt.timedelta(seconds=41), seconds=20), "the lease was lost"
    assert rows.get().attempts == 2
    assert clock.now().tzinfo is dt.UTC
