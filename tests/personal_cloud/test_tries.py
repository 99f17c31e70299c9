"""Five wrong codes in a quarter of an hour for each person and each network, however many come at once (DESIGN, D8)."""

import itertools
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from mydata.core.errors import Busy, NotFound
from personal_cloud import tries
from personal_cloud.errors import TooManyWrongCodes
from personal_cloud.models import CodeTry
from tests.identity.conftest import Clock

pytestmark = pytest.mark.django_db
PEOPLE, NETWORKS = (f"person-{number}" for number in itertools.count()), (f"192.0.2.{number}" for number in range(250))


@pytest.fixture
def clocked(moved: Clock, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still, and nobody waits in vain for it to move."""
    monkeypatch.setattr(tries, "WAITS", (0.0,))
    return moved


def wrong(subject: str = "", address: str = "") -> str:
    """Enter a wrong code; return the name of the refusal. Somebody new, from somewhere new, unless named."""
    whos = tries.of(subject or next(PEOPLE), address or next(NETWORKS))
    with pytest.raises((NotFound, TooManyWrongCodes, Busy)) as refused, tries.counted(whos, wrong=NotFound):
        raise NotFound
    return refused.typename


def right(subject: str, address: str = "") -> str:
    with tries.counted(tries.of(subject, address or next(NETWORKS)), wrong=NotFound):
        return "right"


def test_a_person_has_five_wrong_codes_and_then_not_even_a_right_one_is_looked_at(clocked: Clock) -> None:
    assert [wrong("alice") for _ in range(6)] == ["NotFound"] * 5 + ["TooManyWrongCodes"]
    with pytest.raises(TooManyWrongCodes) as refused:
        right("alice")
    assert refused.value.facts == {"retry_after": 900}
    assert wrong("bob") == "NotFound"
    clocked.move(minutes=15)
    assert right("alice") == "right"


def test_a_network_has_five_whoever_calls_from_it(clocked: Clock) -> None:  # noqa: ARG001 - the clock stands still
    assert [wrong(address="198.51.100.7") for _ in range(6)] == ["NotFound"] * 5 + ["TooManyWrongCodes"]
    assert wrong(address="198.51.100.8") == "NotFound"
    assert [wrong(address=f"2001:db8:1:2::{number}") for number in range(6)][-1] == "TooManyWrongCodes"
    assert wrong(address="2001:db8:1:3::1") == "NotFound"
    assert [wrong(address="a socket") for _ in range(6)][-1] == "TooManyWrongCodes"


def test_the_window_slides_so_that_five_are_never_exceeded_in_any_quarter_of_an_hour(clocked: Clock) -> None:
    came = []
    for _ in range(60):
        came.append(wrong("alice") == "NotFound")
        clocked.move(minutes=1)
    assert all(sum(came[start : start + 15]) <= 5 for start in range(len(came)))
    assert sum(came) == 20


def test_the_wait_that_is_told_is_the_wait_that_helps(clocked: Clock) -> None:
    for _ in range(5):
        wrong("alice")
        clocked.move(minutes=1)
    with pytest.raises(TooManyWrongCodes) as refused:
        right("alice")
    clocked.move(seconds=int(str(refused.value.facts["retry_after"])) - 1)
    assert wrong("alice") == "TooManyWrongCodes"
    clocked.move(seconds=1)
    assert right("alice") == "right"


def test_right_codes_and_other_refusals_cost_nothing(clocked: Clock) -> None:  # noqa: ARG001 - the clock stands still
    for _ in range(20):
        assert right("alice", "203.0.113.1") == "right"
        with pytest.raises(Busy), tries.counted(tries.of("alice", "203.0.113.1"), wrong=NotFound):
            raise Busy
    assert [wrong("alice", "203.0.113.1") for _ in range(6)] == ["NotFound"] * 5 + ["TooManyWrongCodes"]


def test_a_refusal_takes_nothing_from_the_other(clocked: Clock) -> None:  # noqa: ARG001 - the clock stands still
    for _ in range(5):
        wrong(address="203.0.113.2")
    assert [wrong("alice", "203.0.113.2") for _ in range(9)] == ["TooManyWrongCodes"] * 9
    assert wrong("alice") == "NotFound"


def test_who_finds_all_taken_and_none_settled_is_told_to_come_back_at_once(clocked: Clock) -> None:
    whos = tries.of("alice", "203.0.113.3")
    for _ in range(5):
        tries._take(whos)
    assert wrong("alice", "203.0.113.3") == "Busy"
    clocked.move(seconds=11)
    assert wrong("alice", "203.0.113.3") == "TooManyWrongCodes", "their processes are gone: they stay taken"


def test_who_is_kept_by_keyed_digest_alone_and_not_for_long(clocked: Clock) -> None:
    wrong("alice", "203.0.113.4")
    assert not any(word in str(list(CodeTry.objects.values())) for word in ("alice", "203.0.113.4"))
    clocked.move(minutes=29)
    tries.forget(clocked.now)
    assert CodeTry.objects.count() == 2
    clocked.move(minutes=2)
    tries.forget(clocked.now)
    assert not CodeTry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_forty_wrong_ones_at_once_five_are_looked_at(transactional_db: None) -> None:  # noqa: ARG001 - each thread has a connection of its own
    ready = threading.Barrier(40)

    def guess(_: int) -> str:
        ready.wait()
        try:
            return wrong("alice", "203.0.113.5")
        finally:
            connection.close()

    with ThreadPoolExecutor(40) as pool:
        came = Counter(pool.map(guess, range(40)))
    assert came["NotFound"] == 5, came
    assert came.keys() <= {"NotFound", "TooManyWrongCodes", "Busy"}
