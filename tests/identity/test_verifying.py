"""身分驗證: an attempt is decided once, within its time, and who it was about stands nowhere in the database (DESIGN, D7)."""

import datetime as dt
import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from audit.models import Event
from identity import enrolment, verifying
from identity.errors import AlreadyAnswered, BadNationalId
from identity.methods.base import Attempt, AuthorityDown, NotAccepted, Proven
from identity.methods.citizen_certificate import CitizenCertificate
from identity.methods.two_documents import TwoDocuments
from identity.models import Verification
from identity.verifying import Outcome
from mydata.core import clock, keys, references
from mydata.core.errors import Malformed, NotFound
from tests.identity.conftest import Clock

UID = "A123456789"
WRITTEN = " a123456789"
GIVEN = {"cms": "AAAA"}
DOCUMENTS = {
    "national_id": UID,
    "birth_date": "1990-01-31",
    "health_card_no": "000012345678",
    "id_issued_on": "2015-03-02",
}


class Decision:
    """Decides in the methods' place: proven, unless it is told to refuse."""

    def __init__(self) -> None:
        self.refusal: type[Exception] | None = None
        self.seen: list[Attempt] = []
        self.before: Callable[[], object] = lambda: None

    def __call__(self, attempt: Attempt, _given: Mapping[str, Any]) -> Proven:
        self.seen.append(attempt)
        self.before()
        if self.refusal is not None:
            raise self.refusal
        return Proven(name="虛構人", birth_date="1990-01-31")


@pytest.fixture
def decision(monkeypatch: pytest.MonkeyPatch) -> Decision:
    made = Decision()
    for method in (CitizenCertificate, TwoDocuments):
        monkeypatch.setattr(method, "decide", made)
    return made


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> keys.DirectoryKeyStore:
    own = keys.DirectoryKeyStore(tmp_path / "keys")
    monkeypatch.setattr(keys, "store", lambda: own)
    return own


def start() -> Outcome:
    return verifying.start("citizen_certificate", {"national_id": WRITTEN}, now=clock.now())


def answer(attempt: Outcome) -> Outcome:
    return verifying.answer(attempt.id, GIVEN, now=clock.now())


def claims() -> list[str]:
    return list(keys.store().names(verifying.CLAIMS, older_than=-9e9))


def events() -> Counter[str]:
    return Counter(Event.objects.values_list("action", flat=True))


def rows_that_hold(text: str) -> list[str]:
    """Name every column of the database in which some row holds `text`, as it is or as bytes."""
    found = []
    for model in apps.get_models():
        for row in model._default_manager.values():
            found += [f"{model.__name__}.{name}" for name, value in row.items() if text in readable(value)]
    return found


def readable(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


@pytest.mark.django_db
def test_a_proof_that_holds_is_taken_once(decision: Decision) -> None:
    attempt = start()
    assert (attempt.state, attempt.level, attempt.envelope) == ("pending", None, None)
    assert claims() == [str(attempt.id)]
    done = answer(attempt)
    assert (done.state, done.level, done.subject) == ("verified", 1, references.of_subject(UID))
    assert done.envelope is not None
    assert (done.envelope.uid, done.envelope.name, done.envelope.birth_date) == (UID, "虛構人", "1990-01-31")
    assert claims() == []
    with pytest.raises(AlreadyAnswered):
        answer(attempt)
    assert len(decision.seen) == 1, "a proof that came again was not even looked at"
    assert events() == {"identity:verified": 1}
    row = Verification.objects.get()
    assert (row.state, row.challenge) == ("verified", None)
    assert verifying.look(attempt.id).envelope is None


@pytest.mark.django_db
@pytest.mark.parametrize(("refusal", "reason"), [(NotAccepted, "not_accepted"), (AuthorityDown, "authority_down")])
def test_a_proof_that_does_not_hold_ends_the_attempt(decision: Decision, refusal: type[Exception], reason: str) -> None:
    attempt, decision.refusal = start(), refusal
    done = answer(attempt)
    assert (done.state, done.reason, done.level, done.envelope, done.next) == ("failed", reason, None, None, None)
    decision.refusal = None
    with pytest.raises(AlreadyAnswered):
        answer(attempt)
    assert events() == {"identity:refused": 1}
    assert Event.objects.get().payload == {"method": "citizen_certificate", "reason": reason}
    assert claims() == []
    assert verifying.look(attempt.id).reason == reason


@pytest.mark.django_db
def test_every_attempt_has_a_challenge_of_its_own(decision: Decision) -> None:
    first, second = start(), start()
    assert first.challenge is not None
    assert second.challenge is not None
    assert not {*first.challenge.values()} & {*second.challenge.values()}
    assert verifying.look(first.id).challenge == first.challenge
    answer(second)
    answer(first)
    assert decision.seen[0].nonce != decision.seen[1].nonce
    assert {len(attempt.nonce) for attempt in decision.seen} == {32}
    assert {attempt.claim["national_id"] for attempt in decision.seen} == {UID}


@pytest.mark.django_db
def test_an_attempt_takes_an_answer_until_its_time_is_over(moved: Clock, decision: Decision) -> None:
    late, attempt = start(), start()
    moved.move(seconds=settings.VERIFICATION_TTL - 1)
    assert answer(attempt).state == "verified"
    moved.move(seconds=1)
    with pytest.raises(AlreadyAnswered):
        answer(late)
    assert len(decision.seen) == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("decision")
def test_the_claim_of_an_attempt_that_nobody_answered_is_forgotten(moved: Clock) -> None:
    done = start()
    answer(done)
    attempt = start()
    moved.move(seconds=settings.VERIFICATION_TTL)
    verifying.expire(clock.now())
    assert claims() == [str(attempt.id)]
    moved.move(seconds=1)
    young = start()
    verifying.expire(clock.now())
    assert claims() == [str(young.id)]
    states = {str(pk): state for pk, state in Verification.objects.values_list("pk", "state")}
    assert states == {str(done.id): "verified", str(attempt.id): "failed", str(young.id): "pending"}
    with pytest.raises(AlreadyAnswered):
        answer(attempt)
    assert verifying.look(attempt.id).state == "failed"


@pytest.mark.django_db
def test_an_attempt_whose_claim_was_lost_has_to_be_begun_again(decision: Decision) -> None:
    attempt = start()
    keys.store().destroy(verifying.CLAIMS, str(attempt.id))
    with pytest.raises(AlreadyAnswered):
        answer(attempt)
    with pytest.raises(AlreadyAnswered):
        verifying.look(attempt.id)
    assert decision.seen == []
    assert Verification.objects.get().state == "pending"


@pytest.mark.django_db
def test_a_claim_that_outlived_its_decision_opens_nothing(decision: Decision) -> None:
    attempt = start()
    answer(attempt)
    keys.store().put(verifying.CLAIMS, str(attempt.id), json.dumps({"national_id": UID}).encode())
    with pytest.raises(AlreadyAnswered):
        answer(attempt)
    assert len(decision.seen) == 1
    assert verifying.look(attempt.id).challenge is None


@pytest.mark.django_db
@pytest.mark.usefixtures("decision")
def test_a_malformed_answer_uses_nothing_up() -> None:
    attempt = start()
    for wrong in ({}, {"cms": 7}, {"cms": "AAAA", "more": 1}, {"cms": "A" * 65537}):
        with pytest.raises(Malformed):
            verifying.answer(attempt.id, wrong, now=clock.now())
    assert answer(attempt).state == "verified"
    with pytest.raises(NotFound):
        verifying.answer(uuid.uuid4(), GIVEN, now=clock.now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "claim", "refusal"),
    [
        ("palm_reading", {"national_id": UID}, Malformed),
        ("citizen_certificate", {}, Malformed),
        ("citizen_certificate", {"national_id": 7}, Malformed),
        ("citizen_certificate", {"national_id": UID, "more": "x"}, Malformed),
        ("citizen_certificate", {"national_id": "A123456788"}, BadNationalId),
        ("two_documents", {**DOCUMENTS, "household_no": "F1234567"}, Malformed),
        ("two_documents", {name: value for name, value in DOCUMENTS.items() if name != "id_issued_on"}, Malformed),
        ("two_documents", {**DOCUMENTS, "birth_date": "1990-02-30"}, Malformed),
        ("two_documents", {**DOCUMENTS, "health_card_no": "12345"}, Malformed),
    ],
)
def test_a_claim_that_is_none_begins_nothing(
    decision: Decision, method: str, claim: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        verifying.start(method, claim, now=clock.now())
    assert not Verification.objects.exists()
    assert claims() == []
    assert decision.seen == []


@pytest.mark.django_db
@pytest.mark.usefixtures("decision")
def test_two_documents_are_decided_at_once_and_leave_no_claim() -> None:
    done = verifying.start("two_documents", DOCUMENTS, now=clock.now())
    assert (done.state, done.level, done.challenge) == ("verified", 4, None)
    assert claims() == []
    with pytest.raises(AlreadyAnswered):
        answer(done)


@pytest.mark.django_db
@pytest.mark.usefixtures("decision")
def test_who_is_no_member_yet_is_asked_for_a_second_method() -> None:
    assert answer(start()).next == "second_method"
    enrolment.enrol(written_id=UID, email="a@example.tw", mobile=None, now=clock.now())
    assert answer(start()).next is None


def together(*acts: Callable[[], Outcome]) -> list[str]:
    """Run acts at the same moment; return the state that each brought, or the name of its refusal."""
    brought: list[str] = []

    def run(act: Callable[[], Outcome]) -> None:
        try:
            brought.append(act().state)
        except AlreadyAnswered:
            brought.append("already_answered")
        finally:
            connection.close()

    runners = [threading.Thread(target=run, args=(act,)) for act in acts]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return sorted(brought)


@pytest.mark.django_db(transaction=True)
def test_of_answers_that_come_at_once_one_wins(decision: Decision) -> None:
    for _ in range(5):
        attempt, line = start(), threading.Barrier(4, timeout=20)
        decision.before = line.wait
        assert together(*[lambda attempt=attempt: answer(attempt)] * 4) == ["already_answered"] * 3 + ["verified"]
    assert events() == {"identity:verified": 5}


@pytest.mark.django_db(transaction=True)
def test_of_an_answer_that_holds_and_one_that_does_not_only_one_is_written_down(decision: Decision) -> None:
    for turn in range(5):
        attempt, line = start(), threading.Barrier(2, timeout=20)
        verdicts = iter([None, NotAccepted])

        def before(line: threading.Barrier = line, verdicts: Iterator[type[Exception] | None] = verdicts) -> None:
            verdict = next(verdicts)
            line.wait()
            if verdict is not None:
                raise verdict

        decision.before = before
        lost, won = together(*[lambda attempt=attempt: answer(attempt)] * 2)
        assert (lost, won in {"verified", "failed"}) == ("already_answered", True)
        row = Verification.objects.get(pk=attempt.id)
        assert row.state == won
        assert events().total() == turn + 1


@pytest.mark.django_db
def test_the_national_id_stands_in_no_row_at_any_time(decision: Decision) -> None:
    pending, verified, refused = start(), start(), start()
    answer(verified)
    decision.refusal = NotAccepted
    answer(refused)
    decision.refusal = None
    verifying.start("two_documents", DOCUMENTS, now=clock.now())
    enrolment.enrol(written_id=UID, email="a@example.tw", mobile="0912345678", now=clock.now())
    for told in (*DOCUMENTS.values(), WRITTEN.strip(), "虛構人", "0912345678", "a@example.tw"):
        assert rows_that_hold(told) == []
    assert rows_that_hold(references.of_subject(UID)), "the search finds what is there"
    kept = json.loads(keys.store().get(verifying.CLAIMS, str(pending.id)))
    assert kept == {"national_id": UID}
    Verification.objects.filter(pk=pending.id).update(challenge=UID.encode(), reason=UID)
    assert rows_that_hold(UID) == ["Verification.reason", "Verification.challenge"]
    assert clock.now() - Verification.objects.get(pk=pending.id).started_at < dt.timedelta(hours=1)
