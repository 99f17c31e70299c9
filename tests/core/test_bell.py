"""The bell: rings once the act has happened, never for one that did not, and its loss stops nobody (DESIGN, D5)."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from celery import Celery
from django.db import transaction
from pytest_django.fixtures import Settings

from consent import grants
from consent.models import Grant
from mydata.celery import app
from mydata.core import bell, clock
from personal_cloud import collecting, rounds, tasks
from personal_cloud.models import Parcel
from runner import waiting
from tests.house.standing import until
from tests.personal_cloud import errands

SECRET = "A123456789"


class Worker:
    """A worker of one thread that notes what it hears and can be held back."""

    def __init__(self) -> None:
        self.embedded = bell.Embedded(1)
        self.heard: list[str] = []
        self._free = threading.Event()

    def body(self, *arguments: str) -> None:
        self.heard.append("+".join(arguments))

    def hold(self) -> None:
        self._free.clear()
        busy = threading.Event()

        def wait(_: str) -> None:
            busy.set()
            self._free.wait(10)

        self.embedded.submit(wait, "hold")
        assert busy.wait(10)

    def free(self) -> None:
        self._free.set()
        done = threading.Event()
        self.embedded.submit(lambda _: done.set(), "done")
        assert done.wait(10)

    def stop(self) -> None:
        self._free.set()
        self.embedded.stop()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    made = Worker()
    monkeypatch.setattr(bell, "_embedded", made.embedded)
    monkeypatch.setattr(tasks.collect, "run", made.body)
    yield made
    made.stop()


@pytest.mark.django_db(transaction=True)
def test_a_ring_waits_for_the_commit(worker: Worker) -> None:
    with transaction.atomic():
        bell.ring(tasks.collect, "one")
        worker.free()
        assert worker.heard == []
    worker.free()
    assert worker.heard == ["one"]


@pytest.mark.django_db(transaction=True)
def test_a_ring_is_dropped_where_the_act_did_not_happen(worker: Worker) -> None:
    with transaction.atomic():
        bell.ring(tasks.collect, "one")
        transaction.set_rollback(True)
    with transaction.atomic():
        bell.ring(tasks.collect, "two")
    worker.free()
    assert worker.heard == ["two"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_rings_at_once(worker: Worker) -> None:
    bell.ring(tasks.collect, "one")
    worker.free()
    assert worker.heard == ["one"]


def test_a_ring_that_waits_already_is_not_heard_twice_and_is_heard_again_later(worker: Worker) -> None:
    worker.hold()
    for name in ("one", "two", "one", "two", "one"):
        worker.embedded.submit(worker.body, name)
    worker.embedded.submit(worker.body, "one", "more")
    worker.free()
    assert worker.heard == ["one", "two", "one+more"]
    worker.embedded.submit(worker.body, "one")
    worker.free()
    assert worker.heard == ["one", "two", "one+more", "one"]


def test_what_becomes_due_while_the_body_runs_is_heard_after_it(worker: Worker) -> None:
    runs, entered, go_on = [], threading.Event(), threading.Event()

    def body(name: str) -> None:
        runs.append(name)
        entered.set()
        go_on.wait(10)

    worker.embedded.submit(body, "one")
    assert entered.wait(10)
    worker.embedded.submit(body, "one")
    go_on.set()
    worker.free()
    assert runs == ["one", "one"]


def failing(*_: str) -> None:
    raise ValueError(SECRET)


def test_a_body_that_fails_is_named_in_the_log_without_its_words_and_the_worker_goes_on(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    worker.embedded.submit(failing, "one")
    worker.embedded.submit(worker.body, "two")
    worker.free()
    assert worker.heard == ["two"]
    assert "a task failed: ValueError at failing:" in caplog.text
    assert SECRET not in caplog.text


def test_the_beat_outlives_a_failure(worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    ticks = []

    def tick() -> None:
        ticks.append(1)
        failing()

    worker.embedded.beat([(0.01, tick)])
    until(lambda: len(ticks) > 2, what="a third tick", seconds=10)
    assert "a beat failed: ValueError at failing:" in caplog.text
    assert SECRET not in caplog.text


def test_a_worker_that_was_stopped_takes_no_more_work(worker: Worker) -> None:
    ticks: list[int] = []
    worker.embedded.beat([(0.01, lambda: ticks.append(1))])
    until(lambda: bool(ticks), what="a tick", seconds=10)
    worker.stop()
    time.sleep(0.05)
    seen = len(ticks)
    time.sleep(0.1)
    assert len(ticks) == seen


def test_the_beat_begins_at_once(worker: Worker) -> None:
    ticks: list[int] = []
    worker.embedded.beat([(600.0, lambda: ticks.append(1))])
    until(lambda: bool(ticks), what="the first tick", seconds=10)


@pytest.fixture
def queue_at(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Have the queue stand at a port of this machine, under the portal's own deadlines."""
    monkeypatch.setattr(bell, "_queue", bell._Queue())
    elsewhere = Celery("elsewhere", set_as_current=False)

    def stand(port: int) -> None:
        settings.REDIS_URL = f"redis://{waiting.HOST}:{port}/0"
        elsewhere.conf.update(broker_url=settings.REDIS_URL, broker_transport_options=app.conf.broker_transport_options)
        elsewhere.set_current()

    yield stand
    app.set_current()
    elsewhere.close()


def agreed() -> Parcel:
    """Agree to have a dataset fetched, as a face does."""
    now, who = clock.now(), errands.sign_in()
    errands.dataset("paper")
    grant = grants.draft(who, [grants.Choice("paper")], language="zh", now=now)
    return collecting.begin(who, grant, envelope=errands.WHO, holder_secret=errands.HOLDER, now=now)[1]


@pytest.mark.django_db(transaction=True)
def test_without_its_queue_the_act_succeeds_and_the_beat_finds_what_is_due(
    queue_at: Callable[[int], None], caplog: pytest.LogCaptureFixture
) -> None:
    queue_at(waiting.free_port())
    started = time.monotonic()
    parcel = agreed()
    assert time.monotonic() - started < 4
    assert "the queue does not answer" in caplog.text
    assert Grant.objects.get(pk=parcel.grant_id).state == "given"
    assert list(rounds.due_parcels(clock.now())) == [parcel.pk]


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_silent_holds_the_act_up_for_seconds_only(
    queue_at: Callable[[int], None], caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as deaf:
        deaf.bind((waiting.HOST, 0))
        deaf.listen()
        queue_at(deaf.getsockname()[1])
        started = time.monotonic()
        parcel = agreed()
    assert time.monotonic() - started < 15
    assert "the queue does not answer" in caplog.text
    assert Grant.objects.get(pk=parcel.grant_id).state == "given"


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_did_not_answer_is_not_waited_for_again_at_once(
    queue_at: Callable[[int], None], caplog: pytest.LogCaptureFixture
) -> None:
    queue_at(waiting.free_port())
    bell.ring(tasks.collect, "one")
    started = time.monotonic()
    bell.ring(tasks.collect, "two")
    assert time.monotonic() - started < 0.5
    assert caplog.text.count("the queue does not answer") == 1
