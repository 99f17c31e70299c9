"""取件碼: opens one parcel, once, for the same person on another device; until then, and afterwards, nothing (DESIGN, D1, D4)."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from audit.models import Event
from identity.errors import OtherBrowser, StepUp
from mydata.core import clock, keys, sealing, states
from mydata.core.errors import Gone, IdempotencyMismatch, IllegalMove, MyDataError, NotFound
from personal_cloud import barcodes, codes, purging, sweeping, tasks, vault, wraps
from personal_cloud.barcodes import Kind
from personal_cloud.codes import Shown
from personal_cloud.delivery import pickup
from personal_cloud.errors import CodeExpired, CodeMistyped, CodeRevoked, CodeUsed, UnknownCode
from personal_cloud.models import CodeTry, CounterCode, Parcel
from personal_cloud.purging import Because
from tests.identity.conftest import Clock
from tests.personal_cloud import errands
from tests.personal_cloud.errands import SUBJECT, again, claimed, collected, given, half, has_key, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agencies")]
HERE, THERE = "192.0.2.1", "2001:db8::1"


@pytest.fixture(autouse=True)
def catalogue(moved: Clock) -> None:  # noqa: ARG001 - the clock stands still from the first act on
    errands.dataset("paper")


@pytest.fixture
def parcel() -> Parcel:
    return collected("paper")


def show(parcel: Parcel, **who: Any) -> Shown:  # noqa: ANN401 - handed on to `sign_in`
    return codes.show(sign_in(**who), parcel, half=half(parcel), now=clock.now())


def pick_up(written: str, **who: Any) -> pickup.PickedUp:  # noqa: ANN401 - handed on to `sign_in`
    return pickup.pick_up(sign_in(**who), written, address=HERE)


def state_of(shown: Shown) -> str:
    return CounterCode.objects.get(pk=shown.id).state


def events() -> list[tuple[str, str]]:
    """Return what the log says of codes, with who did it, the oldest first."""
    return list(Event.objects.filter(action__startswith="code:").order_by("time", "pk").values_list("action", "actor"))


def texts(shown: Shown) -> dict[str, str]:
    return {"qr": shown.qr.text, "spoken": shown.spoken.text}


@pytest.mark.parametrize("writing", ["qr", "spoken"])
def test_either_writing_hands_over_the_half_and_only_once(parcel: Parcel, writing: str) -> None:
    shown = show(parcel)
    opened = pick_up(texts(shown)[writing])
    assert opened.half == half(parcel)
    assert vault.opens(opened.parcel, opened.half)
    for written in texts(shown).values():
        with pytest.raises(CodeUsed):
            pick_up(written)
    assert state_of(shown) == "accepted"
    assert not has_key(wraps.KIND, shown.id)
    assert sorted(events()) == [("code:opened", "citizen"), ("code:shown", "citizen")]


def test_a_code_lives_as_long_as_is_set_and_never_longer_than_its_parcel(parcel: Parcel, moved: Clock) -> None:
    assert show(parcel).expires_at == moved.now + dt.timedelta(seconds=settings.CODE_TTL)
    moved.move(seconds=settings.PARCEL_TTL - 60)
    assert show(parcel).expires_at == parcel.expires_at


def test_a_code_that_ran_out_opens_nothing_whether_it_was_swept_or_not(parcel: Parcel, moved: Clock) -> None:
    shown = show(parcel)
    moved.move(seconds=settings.CODE_TTL - 1)
    assert codes.shown(codes.of(SUBJECT, shown.id), [half(parcel)], now=moved.now).refusal is None
    moved.move(seconds=1)
    with pytest.raises(CodeExpired):
        pick_up(shown.spoken.text)
    assert state_of(shown) == "shown"
    tasks.expire_codes.run()
    tasks.expire_codes.run()
    with pytest.raises(CodeExpired):
        pick_up(shown.qr.text)
    assert state_of(shown) == "expired"
    assert not has_key(wraps.KIND, shown.id)
    assert ("code:expired", "portal") in events()


def test_what_is_not_over_is_left_alone(parcel: Parcel, moved: Clock) -> None:
    shown = show(parcel)
    moved.move(seconds=settings.CODE_TTL - 1)
    tasks.expire_codes.run()
    sweeping.sweep()
    assert pick_up(shown.spoken.text).half == half(parcel)


def test_a_new_code_revokes_the_one_before(parcel: Parcel) -> None:
    first, second = show(parcel), show(parcel)
    assert not set(texts(first).values()) & set(texts(second).values())
    for written in texts(first).values():
        with pytest.raises(CodeRevoked):
            pick_up(written)
    assert not has_key(wraps.KIND, first.id)
    assert pick_up(second.spoken.text).half == half(parcel)
    assert ("code:revoked", "citizen") in events()


def test_one_parcel_has_one_live_code_whatever_happens(parcel: Parcel) -> None:
    show(parcel)
    row = CounterCode.objects.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CounterCode.objects.create(**row | {"id": None, "qr_digest": "x", "spoken_digest": "y"})


def test_a_code_taken_back_opens_nothing_and_is_taken_back_twice_without_complaint(parcel: Parcel) -> None:
    shown = show(parcel)
    for _ in range(2):
        codes.revoke(codes.of(SUBJECT, shown.id), now=clock.now())
    with pytest.raises(CodeRevoked):
        pick_up(shown.spoken.text)
    assert not has_key(wraps.KIND, shown.id)
    assert [action for action, _ in events()].count("code:revoked") == 1


def test_what_has_been_used_or_ran_out_is_not_taken_back(parcel: Parcel, moved: Clock) -> None:
    used = show(parcel)
    pick_up(used.spoken.text)
    with pytest.raises(CodeUsed):
        codes.revoke(codes.of(SUBJECT, used.id), now=clock.now())
    over = show(parcel)
    moved.move(seconds=settings.CODE_TTL)
    tasks.expire_codes.run()
    with pytest.raises(CodeExpired):
        codes.revoke(codes.of(SUBJECT, over.id), now=clock.now())


def test_somebody_elses_code_is_unknown_counted_and_stays_good(parcel: Parcel) -> None:
    shown = show(parcel)
    for written in texts(shown).values():
        with pytest.raises(UnknownCode):
            pick_up(written, subject="somebody-else")
    assert CodeTry.objects.filter(free_at__gt=clock.now()).count() == 4, "two tries, of a person and of a network"
    with pytest.raises(NotFound):
        codes.of("somebody-else", shown.id)
    assert state_of(shown) == "shown"
    assert pick_up(shown.qr.text).half == half(parcel)


def test_a_session_weaker_than_the_consent_asked_for_neither_shows_nor_opens(moved: Clock) -> None:
    errands.dataset("strict", level=1)
    parcel = collected("strict")
    with pytest.raises(StepUp) as refused:
        show(parcel, level=4, method="two_documents")
    assert refused.value.facts == {"required_level": 1}
    shown = show(parcel)
    with pytest.raises(StepUp):
        pick_up(shown.spoken.text, level=4, method="two_documents")
    assert not CodeTry.objects.filter(free_at__gt=moved.now).exists(), "a right code is no wrong one"
    assert pick_up(shown.spoken.text).half == half(parcel)


def test_only_who_holds_the_parcel_shows_a_code(parcel: Parcel) -> None:
    with pytest.raises(OtherBrowser):
        codes.show(sign_in(), parcel, half=b"x" * 32, now=clock.now())
    assert not CounterCode.objects.exists()
    assert list(keys.store().names(wraps.KIND, older_than=-9e9)) == []


def test_the_other_device_may_show_a_code_to_a_third(parcel: Parcel) -> None:
    second = pick_up(show(parcel).qr.text)
    shown = codes.show(sign_in(), parcel, half=second.half, now=clock.now())
    assert pick_up(shown.qr.text).half == half(parcel)


def test_a_parcel_that_is_not_sealed_has_no_code_and_no_wrap_is_left(moved: Clock) -> None:
    for parcel in (given("paper"), claimed("paper")):
        with pytest.raises(IllegalMove):
            show(parcel)
    gone = collected("paper")
    purging.purge(gone.pk, because=Because.WITHDRAWN, now=moved.now)
    with pytest.raises(Gone):
        show(again(gone))
    assert list(keys.store().names(wraps.KIND, older_than=-9e9)) == []


def test_the_claim_of_the_file_ends_the_code(parcel: Parcel) -> None:
    shown = show(parcel)
    errands.claim(parcel)
    assert not has_key(wraps.KIND, shown.id)
    with pytest.raises(CodeRevoked):
        pick_up(shown.qr.text)


@pytest.mark.parametrize(
    ("because", "refusal"),
    [(Because.WITHDRAWN, CodeRevoked), (Because.EXPIRED, CodeExpired), (Because.WINDOW_OVER, CodeRevoked)],
)
def test_a_purge_ends_the_code_with_the_parcel(parcel: Parcel, because: Because, refusal: type[MyDataError]) -> None:
    shown = show(parcel)
    purging.purge(parcel.pk, because=because, now=clock.now())
    assert not has_key(wraps.KIND, shown.id)
    with pytest.raises(refusal):
        pick_up(shown.spoken.text)
    ending = "code:expired" if refusal is CodeExpired else "code:revoked"
    assert sorted(action for action, _ in events()) == sorted(["code:shown", ending])


def test_while_a_parcel_is_being_destroyed_its_code_opens_nothing(parcel: Parcel) -> None:
    shown = show(parcel)
    states.change(states.row(Parcel, parcel.pk), purge_started_at=clock.now(), purge_because=Because.WITHDRAWN)
    with pytest.raises(Gone):
        pick_up(shown.qr.text)
    purging._destroy(parcel, [])
    with pytest.raises(Gone):
        pick_up(shown.qr.text)
    assert state_of(shown) == "shown"


def test_a_repeated_answer_is_made_again_from_the_half_and_by_nobody_without_it(parcel: Parcel) -> None:
    shown = show(parcel)
    code = codes.of(SUBJECT, shown.id)
    assert codes.shown(code, [b"x" * 32, half(parcel)], now=clock.now()) == shown
    for halves in ([], [b"x" * 32]):
        with pytest.raises(OtherBrowser):
            codes.shown(code, halves, now=clock.now())


def test_a_repeated_pick_up_brings_the_same_code(parcel: Parcel) -> None:
    shown = show(parcel)
    code = codes.of(SUBJECT, shown.id)
    for secret in (shown.qr, shown.spoken):
        codes.check_same(code, wraps.key_of(secret))
    with pytest.raises(IdempotencyMismatch):
        codes.check_same(code, wraps.key_of(barcodes.write(shown.qr.kind, bytes(32))))


def test_what_is_mistyped_is_told_so_and_not_counted() -> None:
    with pytest.raises(CodeMistyped):
        pick_up("0000-0000-0001")
    assert not CodeTry.objects.exists()


# -- What is kept ---------------------------------------------------------------------------------------------------------


def test_neither_the_database_nor_the_key_store_holds_the_code_or_the_half(parcel: Parcel) -> None:
    shown = show(parcel)
    store = keys.store()
    assert isinstance(store, keys.DirectoryKeyStore)
    kept = b"\n".join(path.read_bytes() for path in store.root.rglob("*") if path.is_file())
    rows = str([list(model.objects.values()) for model in (CounterCode, Event)])
    for secret in (shown.qr, shown.spoken):
        for text in (secret.symbols, secret.text, secret.bars):
            assert text.encode() not in kept
            assert text not in rows
    assert half(parcel) not in kept
    assert half(parcel).hex() not in rows


def test_database_and_key_store_together_open_nothing_without_the_code(parcel: Parcel) -> None:
    shown = show(parcel)
    for other in (barcodes.write(kind, bytes(32)) for kind in barcodes.Kind):
        with pytest.raises(sealing.CannotOpen):
            wraps.unwrap(shown.id, wraps.key_of(other))


def test_a_code_opens_nothing_under_another_codes_name_or_by_the_other_writing(parcel: Parcel) -> None:
    first, second = show(parcel), show(collected("paper"))
    value = keys.store().get(wraps.KIND, str(first.id))
    keys.store().put(wraps.KIND, str(second.id), value)
    with pytest.raises(sealing.CannotOpen):
        wraps.unwrap(second.id, wraps.key_of(first.qr))
    spoken = wraps.key_of(first.spoken)
    with pytest.raises(sealing.CannotOpen):
        wraps.unwrap(first.id, wraps.Key(barcodes.Kind.QR, spoken.value, spoken.digest))


def test_a_code_is_looked_up_by_a_key_of_the_key_store_and_the_short_one_is_stretched(parcel: Parcel) -> None:
    shown = show(parcel)
    before = {secret.kind: wraps.key_of(secret) for secret in (shown.qr, shown.spoken)}
    assert before[Kind.SPOKEN].value != shown.spoken.symbols.encode()
    keys.store().destroy(wraps.LOOKUP, wraps.FOR_CODES)
    after = {secret.kind: wraps.key_of(secret) for secret in (shown.qr, shown.spoken)}
    assert before[Kind.QR].digest != after[Kind.QR].digest
    assert before[Kind.SPOKEN].value != after[Kind.SPOKEN].value, (
        "what was guessed for one portal is no good for another"
    )
    with pytest.raises(UnknownCode):
        pick_up(shown.qr.text)


def test_wraps_that_no_live_code_names_are_swept(parcel: Parcel, moved: Clock) -> None:
    ended, live = show(parcel), show(collected("paper"))
    for name in (str(ended.id), "0f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10", f".{live.id}.0123456789abcdef"):
        keys.store().put(wraps.KIND, name, b"left")
    CounterCode.LIFE.attempt(states.row(CounterCode, ended.id), CounterCode.State.REVOKED, ended_at=moved.now)
    sweeping.sweep()
    assert has_key(wraps.KIND, ended.id), "it may be on its way"
    moved.move(seconds=sweeping.GRACE + 2)
    sweeping.sweep()
    assert set(keys.store().names(wraps.KIND, older_than=-9e9)) == {str(live.id)}
    assert pick_up(live.spoken.text).code == live.id
