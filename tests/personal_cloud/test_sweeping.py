"""Sweeping: what nobody names goes after a grace; what is named, or being made, stays however old (DESIGN, D2, D5)."""

import datetime as dt
import os
import uuid

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from dataproviders import tokens
from dataproviders.models import FetchToken
from identity import sessions, verifying
from mydata.core import clock, keys, states
from personal_cloud import purging, spool, sweeping, vault
from personal_cloud.models import Item, Parcel
from personal_cloud.purging import Because
from tests.identity.conftest import Clock
from tests.personal_cloud import errands
from tests.personal_cloud.errands import Agencies, claimed, collected, given, has_key, item_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("agencies")]
YOUNG, OLD = sweeping.GRACE - 1, sweeping.GRACE + 1


@pytest.fixture(autouse=True)
def catalogue(moved: Clock) -> None:  # noqa: ARG001 - the clock stands still from the first act on
    errands.dataset("paper")


def left_behind(name: str, age: float) -> str:
    """Leave a file in the spool, so many seconds old."""
    spool.create(name).close()
    written = clock.now().timestamp() - age
    os.utime(spool.path(name), (written, written))
    return name


def put(kind: str, name: object, age: float) -> str:
    """Leave a key in the store, so many seconds old."""
    store = keys.store()
    assert isinstance(store, keys.DirectoryKeyStore)
    store.put(kind, str(name), b"key")
    written = clock.now().timestamp() - age
    os.utime(store.root / kind / str(name), (written, written))
    return str(name)


def names(kind: str) -> set[str]:
    return set(keys.store().names(kind, older_than=-9e9))


def test_a_file_that_no_row_names_goes_after_the_grace() -> None:
    young = left_behind(f"item.{uuid.uuid4()}.{uuid.uuid4()}", YOUNG)
    for name in (
        f"item.{uuid.uuid4()}.{uuid.uuid4()}",
        f"file.{uuid.uuid4()}.{uuid.uuid4()}",
        "x",
        "a.b.c",
        "probe.1.f",
    ):
        left_behind(name, OLD)
    sweeping.sweep()
    assert errands.files() == {young}


def test_what_a_row_names_stays_however_old(moved: Clock) -> None:
    parcel = claimed("paper")
    named = errands.files()
    assert named == {parcel.file_spool, item_of(parcel, "paper").spool}
    moved.move(hours=7)
    sweeping.sweep()
    assert errands.files() == named
    assert has_key(vault.SHARES, parcel.pk)


def test_a_file_that_a_worker_is_making_stays_while_the_lease_lives() -> None:
    item = item_of(given("paper"), "paper")
    token, until = uuid.uuid4(), clock.now() + dt.timedelta(seconds=1)
    states.change(states.row(Item, item.pk), lease_token=token, lease_until=until, state="fetching")
    name = left_behind(f"item.{item.pk}.{token}", OLD)
    left_behind(f"item.{item.pk}.{uuid.uuid4()}", OLD)
    sweeping.sweep()
    assert errands.files() == {name}, "of two workers only one holds the lease"
    states.change(states.row(Item, item.pk), lease_until=clock.now())
    sweeping.sweep()
    assert errands.files() == set()


def test_a_file_that_is_being_claimed_stays_while_the_claim_lives() -> None:
    parcel = collected("paper")
    kept = {item_of(parcel, "paper").spool}
    token, until = uuid.uuid4(), clock.now() + dt.timedelta(seconds=1)
    states.change(states.row(Parcel, parcel.pk), claim_token=token, claim_until=until)
    name = left_behind(f"file.{parcel.pk}.{token}", OLD)
    sweeping.sweep()
    assert errands.files() == kept | {name}
    states.change(states.row(Parcel, parcel.pk), claim_until=clock.now())
    sweeping.sweep()
    assert errands.files() == kept


def test_a_share_stays_as_long_as_its_parcel_and_no_longer() -> None:
    parcel, other = given("paper"), given("paper")
    for each in (parcel, other):
        put(vault.SHARES, each.pk, OLD)
    purging.purge(other.pk, because=Because.WITHDRAWN, now=clock.now())
    put(vault.SHARES, other.pk, OLD)
    young = put(vault.SHARES, uuid.uuid4(), YOUNG)
    put(vault.SHARES, uuid.uuid4(), OLD)
    put(vault.SHARES, f".{parcel.pk}.0123456789abcdef", OLD)
    sweeping.sweep()
    assert names(vault.SHARES) == {str(parcel.pk), young}


def test_a_token_stays_as_long_as_its_item_is_open(agencies: Agencies) -> None:
    agencies.answers["paper"] = errands.later
    open_item = item_of(collected("paper"), "paper")
    over = item_of(given("paper"), "paper")
    states.change(states.row(Item, over.pk), state="failed")
    for item in (open_item, over):
        put(tokens.KIND, item.pk, OLD)
    young = put(tokens.KIND, uuid.uuid4(), YOUNG)
    put(tokens.KIND, uuid.uuid4(), OLD)
    put(tokens.KIND, f".{open_item.pk}.0123456789abcdef", OLD)
    sweeping.sweep()
    assert names(tokens.KIND) == {str(open_item.pk), young}
    assert set(FetchToken.objects.values_list("pk", flat=True)) == {open_item.pk}


def test_a_token_whose_item_never_came_to_be_goes_with_its_row() -> None:
    item = item_of(given("paper"), "paper")
    FetchToken.objects.filter(pk=item.pk).update(item=uuid.uuid4())
    sweeping.sweep()
    assert not FetchToken.objects.exists()


@pytest.mark.parametrize(
    ("kind", "life"),
    [
        (keys.PROBES, 0),
        (verifying.CLAIMS, settings.VERIFICATION_TTL),
        (sessions.SHARES, settings.SESSION_ABSOLUTE),
    ],
)
def test_what_no_row_could_name_goes_by_its_age(kind: str, life: int) -> None:
    young = put(kind, "young", life + YOUNG)
    put(kind, "old", life + OLD)
    put(kind, ".old.0123456789abcdef", life + OLD)
    sweeping.sweep()
    assert names(kind) == {young}


def test_sessions_that_are_over_are_cleared() -> None:
    now = dt.datetime.now(dt.UTC)
    for name, seconds in (("over", -1), ("live", 60)):
        Session.objects.create(session_key=name, session_data="", expire_date=now + dt.timedelta(seconds=seconds))
    sweeping.sweep()
    assert list(Session.objects.values_list("pk", flat=True)) == ["live"]


def test_a_portal_that_has_kept_nothing_yet_is_swept_without_complaint() -> None:
    sweeping.sweep()
    assert errands.files() == set()
