"""What an agency learns by its token, for one item, for two hours, and not a moment after the item has ended."""

import datetime as dt
import uuid

import pytest

from dataproviders import tokens
from dataproviders.models import Dataset, FetchToken, Provider
from identity.envelope import Envelope
from mydata.core import clock, keys, references

pytestmark = pytest.mark.django_db
WHO = Envelope(uid="A123456789", birth_date="1990-01-31", name=None)
SECRET = "secret"


@pytest.fixture
def dataset() -> Dataset:
    provider = Provider.objects.create(id="tests", name="測試機關")
    digest = references.digest("dataset-secret", SECRET.encode())
    for name in ("paper", "other"):
        Dataset.objects.create(id=name, provider=provider, name=name, minimum_level=4, secret_digest=digest)
    return Dataset.objects.get(pk="paper")


@pytest.fixture
def errand(dataset: Dataset) -> tokens.Errand:
    return tokens.Errand(
        item=uuid.uuid4(), dataset=dataset.pk, tx_id=uuid.uuid4(), subject="reference", verification="PII"
    )


def bearer(errand: tokens.Errand, now: dt.datetime) -> str:
    tokens.prepare(errand, WHO, now=now).save()
    return tokens.bearer(errand.item, now=now)[0]


def test_a_live_token_tells_its_own_dataset_what_it_may_know(dataset: Dataset, errand: tokens.Errand) -> None:
    now = clock.now()
    token = bearer(errand, now)
    assert token.startswith("mydata::")
    assert len(token) >= 8 + 43
    told = tokens.introspect(dataset, token)
    expires = int((now + dt.timedelta(hours=2)).timestamp())
    assert told == {
        "active": True,
        "scope": "paper",
        "tx_id": str(errand.tx_id),
        "exp": expires,
        "verification": "PII",
    }
    whom = tokens.userinfo(token)
    assert whom is not None
    assert (whom["uid"], whom["uid_verified"], whom["birthdate"], whom["cn"]) == (WHO.uid, True, "1990-01-31", None)
    assert whom["sub"] == references.per_transaction("reference", str(errand.tx_id))


def test_a_token_that_is_just_being_overwritten_is_as_good_as_gone(errand: tokens.Errand) -> None:
    bearer(errand, clock.now())
    keys.store().put(tokens.KIND, str(errand.item), b"\xee" * 51)
    with pytest.raises(keys.KeyGone):
        tokens.bearer(errand.item, now=clock.now())


def test_another_dataset_s_token_and_none_are_inactive(dataset: Dataset, errand: tokens.Errand) -> None:
    token = bearer(errand, clock.now())
    assert tokens.introspect(Dataset.objects.get(pk="other"), token) == {"active": False}
    for wrong in ("", "mydata::", token[:-1], token + "x", token.removeprefix("mydata::"), "資料"):
        assert tokens.introspect(dataset, wrong) == {"active": False}
        assert tokens.userinfo(wrong) is None


def test_it_lives_two_hours(dataset: Dataset, errand: tokens.Errand, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    token = bearer(errand, now)
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(hours=2, seconds=-1))
    assert tokens.introspect(dataset, token)["active"]
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(hours=2))
    assert tokens.introspect(dataset, token) == {"active": False}
    assert tokens.userinfo(token) is None


def test_it_is_dead_once_the_item_has_ended(dataset: Dataset, errand: tokens.Errand) -> None:
    token = bearer(errand, clock.now())
    tokens.end(errand.item)
    tokens.end(errand.item)
    assert tokens.introspect(dataset, token) == {"active": False}
    assert tokens.userinfo(token) is None
    with pytest.raises(keys.KeyGone):
        tokens.bearer(errand.item, now=clock.now())
    with pytest.raises(keys.KeyGone):
        keys.store().get(tokens.KIND, str(errand.item))


def test_a_later_come_back_brings_a_fresh_one_about_the_same_person_and_call(
    dataset: Dataset, errand: tokens.Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    tokens.prepare(errand, WHO, now=now).save()
    first, sub = tokens.bearer(errand.item, now=now)
    assert tokens.bearer(errand.item, now=now + dt.timedelta(minutes=119)) == (first, sub)
    later = now + dt.timedelta(hours=3)
    second, same_sub = tokens.bearer(errand.item, now=later)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert second != first
    assert same_sub == sub
    assert tokens.introspect(dataset, first) == {"active": False}
    told = tokens.introspect(dataset, second)
    assert (told["tx_id"], told["exp"]) == (str(errand.tx_id), int((later + tokens.LIFE).timestamp()))
    whom = tokens.userinfo(second)
    assert whom is not None
    assert (whom["uid"], whom["sub"]) == (WHO.uid, sub)


def test_the_row_alone_tells_nothing(errand: tokens.Errand) -> None:
    token = bearer(errand, clock.now())
    row = FetchToken.objects.get()
    kept = f"{row.digest} {bytes(row.envelope_sealed)!r} {row.subject_for_provider}"
    assert WHO.uid not in kept
    assert token.removeprefix("mydata::") not in kept


def test_a_dataset_proves_itself_by_its_secret(dataset: Dataset) -> None:
    assert tokens.dataset_of("paper", SECRET) == dataset
    Dataset.objects.filter(pk="other").update(secret_digest="")
    for name, secret in (
        ("paper", ""),
        ("paper", "Secret"),
        ("other", ""),
        ("other", SECRET),
        ("", ""),
        ("x" * 999, ""),
    ):
        assert tokens.dataset_of(name, secret) is None
