"""資料取用後自動刪除: whatever a purge is cut off at, it ends once, leaves nothing, and proves it (DESIGN, D2)."""

import datetime as dt
import hashlib
from types import ModuleType
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from audit.models import Event
from consent import grants
from consent.models import Grant
from dataproviders import tokens
from dataproviders.models import FetchToken
from mydata.core import clock, signing, states
from mydata.core.errors import Gone, IllegalMove
from personal_cloud import purging, receipts, rounds, spool, vault
from personal_cloud.models import Item, Parcel
from personal_cloud.purging import Because
from tests.identity.conftest import Clock
from tests.personal_cloud import errands
from tests.personal_cloud.errands import Agencies, again, claimed, collected, given, half, item_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agencies")]
ENDINGS = ("consent:spent", "consent:withdrawn", "consent:expired")
STEPS = [
    pytest.param(vault, "destroy_share", id="before the share is destroyed"),
    pytest.param(tokens, "end", id="before the tokens are destroyed"),
    pytest.param(spool, "unlink", id="before the files are unlinked"),
    pytest.param(receipts, "deletion", id="before the receipt is signed"),
    pytest.param(purging, "record", id="before the log is written"),
    pytest.param(grants, "end", id="before the grant is ended"),
]


class Died(Exception):
    """The process is gone in the middle of something."""


@pytest.fixture(autouse=True)
def catalogue() -> None:
    for name in ("paper", "other"):
        errands.dataset(name)


def ended(parcel: Parcel) -> tuple[str, str, list[tuple[str, str]]]:
    """Return how parcel and grant stand, and what the log says of their ends, with who did it."""
    now = again(parcel)
    events = Event.objects.filter(action__in=("parcel:purged", *ENDINGS)).order_by("action")
    return now.state, now.grant.state, list(events.values_list("action", "actor"))


def told(receipt: str) -> dict[str, Any]:
    """Return the claims of a receipt, verified by the published keys."""
    header = jwt.get_unverified_header(receipt)
    assert header["typ"] == "mydata-deletion+jws"
    key = jwt.PyJWKSet.from_dict(signing.jwks())[header["kid"]]
    # The clock that the test moved is not the one that the library reads.
    claims: dict[str, Any] = jwt.decode(receipt, key, algorithms=["ES256"], options={"verify_iat": False})
    return claims


def half_collected(agencies: Agencies) -> Parcel:
    """Return a parcel with one item landed and one still waiting."""
    agencies.answers["other"] = errands.later
    return collected("paper", "other")


def cut_off(monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str, parcel: Parcel, because: Because) -> None:
    """Begin a purge in a process that dies when it comes to `step`."""

    def die(*_: object, **__: object) -> None:
        raise Died

    with monkeypatch.context() as broken:
        broken.setattr(module, step, die)
        with pytest.raises(Died):
            purging.purge(parcel.pk, because=because, now=clock.now())


def purge_what_is_due() -> list[str]:
    found = list(purging.due(clock.now()))
    for parcel_id, because in found:
        purging.purge(parcel_id, because=because, now=clock.now())
    return [because for _, because in found]


@pytest.mark.parametrize(("module", "step"), STEPS)
def test_a_withdrawal_that_was_cut_off_is_finished_once(
    moved: Clock, agencies: Agencies, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
) -> None:
    parcel, began = half_collected(agencies), moved.now
    cut_off(monkeypatch, module, step, parcel, Because.WITHDRAWN)
    assert ended(parcel) == ("collecting", "given", [])
    with pytest.raises(Gone):
        vault.unlock(again(parcel), half(parcel))
    moved.move(seconds=5)
    assert purge_what_is_due() == ["withdrawn"]
    once = ("purged", "withdrawn", [("consent:withdrawn", "citizen"), ("parcel:purged", "citizen")])
    assert ended(parcel) == once
    assert errands.left_of(parcel) == []
    assert not FetchToken.objects.exists()
    claims = told(again(parcel).deletion_receipt)
    assert claims["started_at"] == clock.rfc3339(began)
    assert claims["finished_at"] == clock.rfc3339(moved.now)
    assert purge_what_is_due() == []
    assert ended(parcel) == once


@pytest.mark.parametrize(("module", "step"), STEPS)
def test_an_acknowledgement_that_was_cut_off_takes_the_claimed_file_with_it(
    moved: Clock, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
) -> None:
    parcel = claimed("paper")
    assert spool.path(parcel.file_spool).exists()
    cut_off(monkeypatch, module, step, parcel, Because.RECEIVED)
    moved.move(seconds=5)
    assert purge_what_is_due() == ["received"]
    assert ended(parcel) == ("purged", "spent", [("consent:spent", "citizen"), ("parcel:purged", "citizen")])
    assert errands.left_of(parcel) == []


def test_whoever_finishes_it_keeps_to_the_reason_for_which_it_began(
    agencies: Agencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = half_collected(agencies)
    cut_off(monkeypatch, receipts, "deletion", parcel, Because.WITHDRAWN)
    purged = purging.purge(parcel.pk, because=Because.EXPIRED, now=clock.now())
    assert (purged.purge_because, purged.grant.state) == ("withdrawn", "withdrawn")
    assert told(purged.deletion_receipt)["because"] == "withdrawn"


def test_what_is_purged_already_is_returned_as_it_is(moved: Clock, agencies: Agencies) -> None:
    parcel = half_collected(agencies)
    first = purging.purge(parcel.pk, because=Because.WITHDRAWN, now=clock.now())
    before = ended(parcel)
    moved.move(hours=9)
    for because in Because:
        second = purging.purge(parcel.pk, because=because, now=clock.now())
        assert (second.deletion_receipt, second.purged_at) == (first.deletion_receipt, first.purged_at)
    assert ended(parcel) == before


@pytest.mark.parametrize(
    ("brought_to", "because", "grant", "actor"),
    [
        ("given", Because.WITHDRAWN, "withdrawn", "citizen"),
        ("given", Because.EXPIRED, "expired", "portal"),
        ("sealed", Because.WITHDRAWN, "withdrawn", "citizen"),
        ("sealed", Because.EXPIRED, "expired", "portal"),
        ("failed", Because.WITHDRAWN, "withdrawn", "citizen"),
        ("failed", Because.EXPIRED, "expired", "portal"),
        ("released", Because.RECEIVED, "spent", "citizen"),
        ("released", Because.WINDOW_OVER, "spent", "portal"),
        ("released", Because.EXPIRED, "spent", "portal"),
    ],
)
def test_every_reason_ends_the_grant_in_its_own_way(
    agencies: Agencies, brought_to: str, because: Because, grant: str, actor: str
) -> None:
    agencies.answers["other"] = errands.silent
    bring = {
        "given": lambda: given("paper"),
        "sealed": lambda: collected("paper", "other"),
        "failed": lambda: collected("other"),
        "released": lambda: claimed("paper"),
    }
    parcel = bring[brought_to]()
    assert parcel.state == brought_to.replace("given", "collecting")
    purged = purging.purge(parcel.pk, because=because, now=clock.now())
    assert ended(parcel) == ("purged", grant, [(f"consent:{grant}", actor), ("parcel:purged", actor)])
    assert told(purged.deletion_receipt)["because"] == because
    assert Event.objects.get(action="parcel:purged").payload == {
        "parcel": str(parcel.pk),
        "because": because,
        "datasets": parcel.grant.dataset_ids,
    }
    assert errands.left_of(parcel) == []


def test_what_was_released_is_no_longer_withdrawn_and_stays_whole() -> None:
    parcel = claimed("paper")
    before = errands.left_of(parcel)
    with pytest.raises(IllegalMove):
        purging.purge(parcel.pk, because=Because.WITHDRAWN, now=clock.now())
    assert ended(parcel) == ("released", "given", [])
    assert again(parcel).purge_started_at is None
    assert errands.left_of(parcel) == before
    vault.unlock(again(parcel), half(parcel))


def test_a_parcel_is_due_when_its_life_is_over_and_not_a_second_before(moved: Clock) -> None:
    parcel = collected("paper")
    moved.now = parcel.expires_at - dt.timedelta(seconds=1)
    assert purge_what_is_due() == []
    moved.move(seconds=1)
    assert purge_what_is_due() == ["expired"]


def test_a_file_that_was_sent_is_due_when_the_window_after_it_is_over(moved: Clock) -> None:
    parcel = claimed("paper")
    moved.move(seconds=settings.RESUME_WINDOW * 2)
    assert purge_what_is_due() == [], "nothing was sent yet"
    states.change(states.row(Parcel, parcel.pk), last_sent_at=clock.now())
    moved.move(seconds=settings.RESUME_WINDOW)
    assert purge_what_is_due() == []
    moved.move(seconds=1)
    assert purge_what_is_due() == ["window_over"]


def test_the_receipt_names_the_destroyed_ciphertext_and_nobody_can_change_a_word(
    moved: Clock, agencies: Agencies
) -> None:
    parcel, began = half_collected(agencies), moved.now
    digest = hashlib.sha256(spool.path(item_of(parcel, "paper").spool).read_bytes()).hexdigest()
    receipt = purging.purge(parcel.pk, because=Because.WITHDRAWN, now=began).deletion_receipt
    claims = told(receipt)
    assert len(claims.pop("jti")) == 36
    assert claims == {
        "iss": settings.ISSUER,
        "iat": int(began.timestamp()),
        "parcel": str(parcel.pk),
        "grant": str(parcel.grant_id),
        "because": "withdrawn",
        "started_at": clock.rfc3339(began),
        "finished_at": clock.rfc3339(began),
        "destroyed": [{"item": "paper", "commitment": digest}],
    }
    head, body, signature = receipt.split(".")
    forged = f"{head}.{body[:-3]}{'AAA' if body[-3:] != 'AAA' else 'BBB'}.{signature}"
    with pytest.raises(jwt.InvalidTokenError):
        told(forged)


def test_what_never_came_was_too_slow_and_what_came_keeps_its_outcome(moved: Clock, agencies: Agencies) -> None:
    agencies.answers |= {"other": errands.later, "third": errands.no_record, "fourth": errands.silent}
    for name in ("third", "fourth", "fifth"):
        errands.dataset(name)
    parcel = collected("paper", "other", "third", "fourth", "fifth")
    Item.objects.filter(parcel=parcel, dataset_id="fifth").update(
        state="fetching", outcome="", spool="", sealed_key=None, lease_until=moved.now
    )
    moved.move(seconds=7)
    purging.purge(parcel.pk, because=Because.WITHDRAWN, now=clock.now())
    rows = Item.objects.filter(parcel=parcel).values_list("dataset_id", "state", "outcome", "reason")
    assert list(rows) == [
        ("paper", "erased", "landed", ""),
        ("other", "erased", "failed", "too_slow"),
        ("third", "erased", "none_held", "no_record"),
        ("fourth", "erased", "failed", "provider_down"),
        ("fifth", "erased", "failed", "too_slow"),
    ]
    assert item_of(parcel, "other").ended_at == moved.now
    assert item_of(parcel, "paper").ended_at != moved.now
    assert not Item.objects.filter(parcel=parcel).exclude(due_at=None, lease_token=None, lease_until=None).exists()


def test_what_lands_in_the_very_moment_is_met_again_and_destroyed(
    agencies: Agencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    agencies.answers["paper"] = errands.later
    parcel = collected("paper")
    item, destroy = item_of(parcel, "paper"), vault.destroy_share
    name = f"item.{item.pk}.late"

    def destroy_while_it_lands(parcel_id: Any) -> None:  # noqa: ANN401 - handed on
        if item_of(parcel, "paper").state == "waiting":
            spool.create(name).close()
            Item.objects.filter(pk=item.pk).update(state="landed", outcome="landed", spool=name, sealed_key=b"k")
        destroy(parcel_id)

    monkeypatch.setattr(vault, "destroy_share", destroy_while_it_lands)
    purging.purge(parcel.pk, because=Because.WITHDRAWN, now=clock.now())
    assert ended(parcel) == (
        "purged",
        "withdrawn",
        [("consent:withdrawn", "citizen"), ("parcel:purged", "citizen")],
    )
    assert (item_of(parcel, "paper").state, item_of(parcel, "paper").outcome) == ("erased", "landed")
    assert errands.left_of(parcel) == []


def test_a_worker_finds_nothing_to_do_in_a_parcel_that_is_shut(
    agencies: Agencies, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = given("paper")
    cut_off(monkeypatch, vault, "destroy_share", parcel, Because.WITHDRAWN)
    assert parcel.pk not in set(rounds.due_parcels(clock.now()))
    rounds.run(parcel.pk)
    assert agencies.asked == []
    assert again(parcel).state == "collecting"


@pytest.mark.parametrize(
    "changes",
    [
        {"file_sealed_key": b"key"},
        {"file_spool": "file.of.it"},
        {"deletion_receipt": ""},
        {"purged_at": None},
    ],
)
def test_the_database_refuses_a_purged_parcel_with_a_file_or_without_its_proof(
    agencies: Agencies, changes: dict[str, Any]
) -> None:
    parcel = half_collected(agencies)
    whole = {"state": "purged", "purged_at": clock.now(), "deletion_receipt": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Parcel.objects.filter(pk=parcel.pk).update(**whole | changes)
    Parcel.objects.filter(pk=parcel.pk).update(**whole)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "erased", "spool": ""},
        {"state": "erased", "sealed_key": None},
        {"state": "landed", "spool": ""},
        {"state": "landed", "sealed_key": None},
    ],
)
def test_the_database_refuses_an_erased_item_with_content_and_a_landed_one_without(
    agencies: Agencies, changes: dict[str, Any]
) -> None:
    parcel = half_collected(agencies)
    rows = Item.objects.filter(parcel=parcel, dataset_id="paper")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**changes)
    assert rows.update(state="erased", spool="", sealed_key=None) == 1


def test_a_grant_is_ended_by_nothing_but_its_three_ends() -> None:
    parcel = given("paper")
    for how in (Grant.State.GIVEN, Grant.State.REFUSED, Grant.State.DRAFTED):
        with pytest.raises((IllegalMove, KeyError)), transaction.atomic():
            grants.end(parcel.grant_id, how, actor="portal", now=clock.now())
    assert again(parcel).grant.state == "given"
