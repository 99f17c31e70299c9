"""The bell: tells a worker that a row may be due. Losing a ring loses nothing, for the beat finds what is due.

With Redis it is Celery's `delay`; without, the same task body runs in a pool of threads inside the portal process.
"""

import logging
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from celery import Task
from django.conf import settings
from django.db import close_old_connections, transaction
from kombu.exceptions import OperationalError

from mydata.core import clock

RING_LIVES = 60.0
"""Seconds after which an unheard ring is forgotten: the beat has long found what was due."""

SILENCE = 5.0
"""Seconds for which a queue that did not answer is not asked again."""

logger = logging.getLogger(__name__)


class Embedded:
    """The worker and the beat inside the portal process; started after the fork, so that its threads live."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="worker")
        self._stopping = threading.Event()
        self._waiting: set[tuple[Any, ...]] = set()

    def submit(self, body: Callable[..., Any], *arguments: str) -> None:
        """Run `body` in the pool; a ring that waits already is not heard twice. A failure is logged by name only."""
        ring = (body, *arguments)
        if ring not in self._waiting:
            self._waiting.add(ring)
            self._pool.submit(self._run, body, *arguments).add_done_callback(_report)

    def beat(self, schedule: list[tuple[float, Callable[[], Any]]]) -> None:
        """Run each (every seconds, body) of `schedule` in a thread of its own until `stop`, the first time at once."""
        for every, body in schedule:
            threading.Thread(target=self._tick, args=(every, body), name="beat", daemon=True).start()

    def stop(self) -> None:
        """Take no more work; what is running is left to end or to its lease."""
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, body: Callable[..., Any], *arguments: str) -> None:
        self._waiting.discard((body, *arguments))
        _with_connections(body, *arguments)

    def _tick(self, every: float, body: Callable[[], Any]) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = every
            try:
                _with_connections(body)
            except Exception as error:  # noqa: BLE001 - a beat outlives any one failure; the next tick tries again
                logger.error("a beat failed: %s", _name(error))  # noqa: TRY400 - no values of frames in logs


_embedded: Embedded | None = None


def install(worker: Embedded) -> None:
    """Make `worker` the one that rings are given to in this process."""
    global _embedded  # noqa: PLW0603 - one worker a process is what this module is for
    _embedded = worker


def ring(task: Task[Any, Any], *ids: str) -> None:
    """Ask for `task` with `ids` once the transaction at hand has committed."""
    transaction.on_commit(lambda: _ring(task, *ids))


def _ring(task: Task[Any, Any], *ids: str) -> None:
    if settings.REDIS_URL:
        _queue.ring(task, *ids)
    elif _embedded is not None:
        _embedded.submit(task.run, *ids)


class _Queue:
    """The way to the workers; one that did not answer is left in peace for a while, so that nobody waits for it twice."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def ring(self, task: Task[Any, Any], *ids: str) -> None:
        if clock.monotonic() < self._silent_until:
            return
        try:
            task.apply_async(ids, expires=RING_LIVES, retry=False)
        except OperationalError:
            self._silent_until = clock.monotonic() + SILENCE
            logger.warning("the queue does not answer; the beat will find what is due")


_queue = _Queue()


def _with_connections(body: Callable[..., Any], *arguments: str) -> None:
    close_old_connections()
    try:
        body(*arguments)
    finally:
        close_old_connections()


def _report(future: Future[Any]) -> None:
    if not future.cancelled() and (error := future.exception()) is not None:
        logger.error("a task failed: %s", _name(error))


def _name(error: BaseException) -> str:
    """Name an error by its type and the line it came from, never by its text, which may hold a value."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {frames[-1].name}:{frames[-1].lineno}" if frames else type(error).__name__
