"""From a question to an answer, once: who may answer, in time, to what was shown (DESIGN, D4, D8)."""

import datetime as dt
import uuid

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django.fixtures import Settings

from audit.models import Event
from consent import grants
from consent.errors import TooManyDatasets, WordingChanged
from consent.grants import Choice
from consent.models import Grant
from dataproviders.errors import BadParameters, UnknownDataset
from dataproviders.models import Dataset, Endpoint
from identity.errors import StepUp
from identity.gates import SignIn
from mydata.core import clock, states
from mydata.core.errors import IllegalMove, Malformed, NotFound
from tests.consent.asking import PARAMETERS, dataset, drafted, sign_in
from tests.identity.conftest import Clock

pytestmark = pytest.mark.django_db
NAMES = ["one", "two", "three", "four", "five", "six"]


@pytest.fixture(autouse=True)
def catalogue(moved: Clock) -> None:  # noqa: ARG001 - the clock stands still from the first act on
    for name in NAMES:
        dataset(name)


def check(grant: Grant, who: SignIn | None = None) -> None:
    grants.check(who or sign_in(), grant, wording_hash=grant.wording_hash, now=clock.now())


def give(grant: Grant) -> Grant:
    with transaction.atomic():
        return grants.give(sign_in(), grant, now=clock.now(), expires_at=clock.now() + dt.timedelta(hours=8))


def again(grant: Grant) -> Grant:
    return Grant.objects.get(pk=grant.pk)


def events() -> list[str]:
    return list(Event.objects.order_by("time", "pk").values_list("action", flat=True))


def test_a_draft_says_everything_and_gives_nothing(moved: Clock) -> None:
    grant = drafted("two", "one")
    assert (grant.state, grant.dataset_ids, grant.receipt, grant.given_level) == ("drafted", ["two", "one"], "", None)
    assert grant.expires_at == moved.now + dt.timedelta(seconds=settings.DRAFT_TTL)
    assert events() == []


def test_the_strictest_of_the_chosen_decides_the_level() -> None:
    dataset("strict", level=2)
    assert drafted("one", "strict", "two").required_level == 2
    assert drafted("one").required_level == 4


def test_five_at_a_time_and_not_six() -> None:
    assert drafted(*NAMES[:5]).dataset_ids == NAMES[:5]
    with pytest.raises(TooManyDatasets):
        drafted(*NAMES)


@pytest.mark.parametrize("choices", [(), ("one", "one"), ("one", "two", "one"), (Choice("one", {}), "one")])
def test_none_and_the_same_twice_are_no_choice(choices: tuple[str | Choice, ...]) -> None:
    with pytest.raises(Malformed) as refusal:
        drafted(*choices)
    assert refusal.value.facts["path"] == "datasets"
    assert not Grant.objects.exists()


def test_what_is_not_there_planned_or_open_to_no_method_cannot_be_asked_for() -> None:
    dataset("planned", planned=True)
    dataset("testing", planned=True)
    Endpoint.objects.create(dataset_id="testing", stage=Endpoint.Stage.TESTING, url="http://127.0.0.1:9/testing")
    dataset("shut", level=1, accepted_methods=["two_documents"])
    for name in ("nobody", "", "planned", "testing", "shut"):
        with pytest.raises(UnknownDataset):
            drafted("one", name)
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("parameters", "path"),
    [({"year": 90}, "year"), ({"year": "115"}, "year"), ({"kind": "x"}, "kind"), ({"more": 1}, "more")],
)
def test_parameters_that_do_not_fit_are_named_by_their_path(parameters: dict[str, object], path: str) -> None:
    dataset("income", parameters_schema=PARAMETERS)
    with pytest.raises(BadParameters) as refusal:
        drafted(Choice("income", parameters))
    assert (refusal.value.facts["dataset"], refusal.value.facts["path"]) == ("income", path)


def test_a_draft_can_be_given_until_its_time_is_over(moved: Clock) -> None:
    grant = drafted("one")
    moved.now = grant.expires_at - dt.timedelta(seconds=1)
    check(grant)
    moved.now = grant.expires_at
    with pytest.raises(IllegalMove):
        check(grant)


def test_a_draft_that_nobody_answered_expires_and_takes_no_answer_any_more(moved: Clock) -> None:
    grant, given = drafted("one"), give(drafted("two"))
    moved.now = grant.expires_at
    grants.expire_drafts(clock.now())
    assert again(grant).state == "drafted"
    moved.move(seconds=1)
    grants.expire_drafts(clock.now())
    assert (again(grant).state, again(grant).ended_at) == ("expired", moved.now)
    with pytest.raises(IllegalMove):
        give(grant)
    with pytest.raises(IllegalMove):
        grants.refuse(sign_in(), grant.pk, now=clock.now())
    moved.move(days=1)
    grants.expire_drafts(clock.now())
    assert again(given).state == "given", "a given grant ends with its parcel, never by itself"


def test_a_grant_is_given_once(moved: Clock) -> None:
    grant = drafted("one")
    given = give(grant)
    assert (given.state, given.given_at, given.given_level) == ("given", moved.now, 1)
    assert given.given_method == "citizen_certificate"
    assert grants.level_on(given) == 1
    assert grants.level_on(grant) is None
    moved.move(seconds=1)
    with pytest.raises(IllegalMove):
        give(grant)
    with pytest.raises(IllegalMove):
        check(again(grant))
    assert (again(grant).receipt, again(grant).given_at) == (given.receipt, given.given_at)
    assert events() == ["consent:given"]
    assert Event.objects.get().payload == {
        "grant": str(grant.pk),
        "datasets": ["one"],
        "purpose": grant.purpose,
        "wording_hash": grant.wording_hash,
        "level": 1,
    }


def test_a_no_is_taken_once_and_only_from_whom_it_was_asked() -> None:
    grant = drafted("one")
    for who, pk in ((sign_in(subject="somebody-else"), grant.pk), (sign_in(), uuid.uuid4())):
        with pytest.raises(NotFound):
            grants.refuse(who, pk, now=clock.now())
        with pytest.raises(NotFound):
            grants.of(who.subject, pk)
    assert grants.refuse(sign_in(), grant.pk, now=clock.now()).state == "refused"
    for _ in range(2):
        with pytest.raises(IllegalMove):
            grants.refuse(sign_in(), grant.pk, now=clock.now())
    with pytest.raises(IllegalMove):
        give(grant)
    assert events() == ["consent:refused"]


def test_a_session_that_is_too_weak_is_told_what_would_do() -> None:
    dataset("strict", level=1)
    grant = drafted("one", "strict")
    with pytest.raises(StepUp) as refusal:
        check(grant, sign_in(4, "two_documents"))
    assert refusal.value.facts == {"required_level": 1}
    check(grant, sign_in(1))


def test_a_method_that_one_dataset_does_not_accept_is_not_enough_however_strong() -> None:
    dataset("papers", accepted_methods=["two_documents"])
    grant = drafted("one", "papers")
    with pytest.raises(StepUp) as refusal:
        check(grant, sign_in(1, "citizen_certificate"))
    assert refusal.value.facts["methods"] == ["two_documents"]
    check(grant, sign_in(4, "two_documents"))


def test_what_the_catalogue_asks_now_counts_not_what_it_asked_then() -> None:
    grant = drafted("one")
    check(grant, sign_in(4, "two_documents"))
    Dataset.objects.filter(pk="one").update(minimum_level=1)
    with pytest.raises(StepUp) as refusal:
        check(grant, sign_in(4, "two_documents"))
    assert refusal.value.facts["required_level"] == 1
    Endpoint.objects.all().delete()
    with pytest.raises(UnknownDataset):
        check(grant)


@pytest.mark.parametrize("sent", ["", "0" * 64, "資料"])
def test_an_answer_to_another_wording_is_none(sent: str) -> None:
    grant = drafted("one")
    with pytest.raises(WordingChanged):
        grants.check(sign_in(), grant, wording_hash=sent, now=clock.now())
    other = drafted("two").wording_hash
    for wrong in (other, grant.wording_hash.upper(), grant.wording_hash[:-1]):
        with pytest.raises(WordingChanged):
            grants.check(sign_in(), grant, wording_hash=wrong, now=clock.now())
    check(grant)


def test_a_wording_that_would_read_otherwise_now_has_to_be_shown_again(settings: Settings) -> None:
    grant = drafted("one")
    check(grant)
    settings.PARCEL_TTL = 60
    with pytest.raises(WordingChanged):
        check(grant)
    settings.PARCEL_TTL = 28800
    check(grant)
    Dataset.objects.filter(pk="one").update(name="另一種資料")
    with pytest.raises(WordingChanged):
        check(grant)


def test_a_given_grant_ends_once(moved: Clock) -> None:
    for how, action in grants.ENDINGS.items():
        grant = give(drafted("one"))
        with transaction.atomic():
            grants.end(grant.pk, how, actor="portal", now=clock.now())
        assert (again(grant).state, again(grant).ended_at) == (how, moved.now)
        for other in grants.ENDINGS:
            with pytest.raises(IllegalMove), transaction.atomic():
                grants.end(grant.pk, other, actor="portal", now=clock.now())
        assert Event.objects.filter(action=action).count() == 1


def test_a_draft_is_neither_spent_nor_withdrawn() -> None:
    grant = drafted("one")
    for how in (Grant.State.SPENT, Grant.State.WITHDRAWN):
        with pytest.raises(IllegalMove), transaction.atomic():
            grants.end(grant.pk, how, actor="portal", now=clock.now())
    assert not states.change(states.row(Grant, grant.pk).exclude(state="drafted"), state="spent")
