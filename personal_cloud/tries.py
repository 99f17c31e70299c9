"""Guessing codes: five wrong ones in a quarter of an hour for each person and each network, then none is looked at.

A try is taken before the secret is looked at, in a transaction of its own, and given back where the code was not wrong. Where all
are taken and some are not settled yet, the next one waits a moment for them: those who bring the same right code at once are told who
was first, and not that they tried too often.
"""

import contextlib
import datetime as dt
import ipaddress
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from mydata.core import clock, references, states
from mydata.core.errors import Busy, MyDataError
from personal_cloud.errors import TooManyWrongCodes
from personal_cloud.models import CodeTry

MOST = 5
WINDOW = dt.timedelta(minutes=15)
SETTLES_IN = dt.timedelta(seconds=10)
"""A try that is not settled by then was taken by a process that is gone, and stays taken."""
WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""How long one waits for tries that are not settled, in seconds, before being told to come back."""
NETWORK_BITS = 64
"""What one household gets of IPv6 (RFC 6177); of IPv4 it is one address."""


@dataclass(frozen=True, slots=True)
class _Taken:
    pk: int
    free_at: dt.datetime


class _AllTaken(Exception):
    """Somebody has no try left."""

    def __init__(self, who: str) -> None:
        super().__init__()
        self.who = who


def of(subject: str, address: str) -> list[str]:
    """Name whose tries somebody takes who is `subject` and calls from `address`: keyed digests, nothing that tells who."""
    whos = [f"citizen {subject}", f"network {_network(address)}"]
    return [references.digest("code-try", who.encode()) for who in whos]


@contextlib.contextmanager
def counted(whos: Sequence[str], *, wrong: type[MyDataError]) -> Iterator[None]:
    """Take a try of each for what happens inside, and give it back unless that raises `wrong`.

    Raises TooManyWrongCodes where one of them has none left, Busy where that is not settled yet.
    """
    taken = _take(whos)
    try:
        yield
    except wrong:
        for each in taken:
            states.change(_row(each), settles_by=None)
        raise
    except BaseException:
        _give_back(taken)
        raise
    _give_back(taken)


def forget(now: dt.datetime) -> None:
    """Delete the tries that have been free for a while."""
    CodeTry.objects.filter(free_at__lt=now - WINDOW).delete()


def _take(whos: Sequence[str]) -> list[_Taken]:
    for wait in (*WAITS, None):
        try:
            with transaction.atomic():
                return [_take_one(who, clock.now()) for who in whos]
        except _AllTaken as all_taken:
            _check_open(all_taken.who, clock.now())
        if wait is not None:
            time.sleep(wait)
    raise Busy(retry_after=1)


def _take_one(who: str, now: dt.datetime) -> _Taken:
    """Take a free try by a guarded update. Raises _AllTaken."""
    rows = [CodeTry(who=who, slot=slot, free_at=now) for slot in range(MOST)]
    CodeTry.objects.bulk_create(rows, ignore_conflicts=True)
    free_at = now + WINDOW
    for pk in CodeTry.objects.filter(who=who, free_at__lte=now).order_by("slot").values_list("pk", flat=True):
        free = states.row(CodeTry, pk).filter(free_at__lte=now)
        if states.change(free, free_at=free_at, settles_by=now + SETTLES_IN):
            return _Taken(pk, free_at)
    raise _AllTaken(who)


def _check_open(who: str, now: dt.datetime) -> None:
    """Pass where a try may soon come free because it is not settled. Raises TooManyWrongCodes."""
    tries = CodeTry.objects.filter(who=who).order_by("free_at")
    if tries.filter(settles_by__gt=now).exists():
        return
    first = tries.values_list("free_at", flat=True).first() or now
    if first > now:
        raise TooManyWrongCodes(retry_after=math.ceil((first - now).total_seconds()))


def _give_back(taken: Sequence[_Taken]) -> None:
    for each in taken:
        states.change(_row(each), free_at=clock.now(), settles_by=None)


def _row(taken: _Taken) -> "QuerySet[CodeTry]":
    """Return the try as it was taken; one that was taken anew since is somebody else's."""
    return states.row(CodeTry, taken.pk).filter(free_at=taken.free_at)


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((known, NETWORK_BITS), strict=False)) if known.version == 6 else str(known)
