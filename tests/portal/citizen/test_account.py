"""帳號與通知: how somebody is told is theirs to choose, and what they choose is kept where nobody else reads it."""

import pytest
from django.db import connection
from django.urls import reverse

from audit.models import Event
from identity import enrolment, preferences
from identity.preferences import Preferences
from mydata.core import clock, references
from portal.notices.models import Notice
from tests.portal.citizen.visiting import PERSON, Visitor

SUBJECT = references.of_subject(PERSON)
WISHED = {"told_by": "sms", "language": "en", "phrase": "紅豆湯"}


@pytest.fixture
def member(citizen: Visitor) -> Visitor:
    """A citizen with a confirmed contact."""
    enrolment.enrol(written_id=PERSON, email="who@mail.example", mobile="0912345678", now=clock.now())
    return citizen


def test_what_is_chosen_is_kept_shown_and_told_of(member: Visitor) -> None:
    answer = member.send(reverse("account"), WISHED)

    assert answer["Location"] == f"{reverse('account')}?saved"
    assert preferences.of(SUBJECT) == Preferences(**WISHED)
    page = member.read(answer["Location"])
    assert "通知的設定已更改" in page
    assert 'value="紅豆湯"' in page
    assert set(Notice.objects.values_list("template", "channel")) == {
        ("preferences_changed", "email"),
        ("preferences_changed", "sms"),
    }


def test_the_same_again_is_no_change(member: Visitor) -> None:
    for _ in range(2):
        member.send(reverse("account"), WISHED)
    assert Event.objects.filter(action="identity:preferences_changed").count() == 1


@pytest.mark.parametrize(
    "phrase",
    ["字", "字" * 17, "a1b2", "http://x", "a.b", "請點我！", "兩  格", " ", "\u202e反向", "①②③④⑤⑥⑦⑧", "½¼", "ⅧⅨ"],
)
def test_a_phrase_is_letters_only_and_what_was_kept_stays(member: Visitor, phrase: str) -> None:
    member.send(reverse("account"), WISHED)
    answer = member.send(reverse("account"), WISHED | {"phrase": phrase})
    if not phrase.strip():
        assert preferences.of(SUBJECT).phrase is None
        return
    assert answer.status_code == 422
    assert "有幾個地方要修正" in answer.content.decode()
    assert preferences.of(SUBJECT).phrase == "紅豆湯"


@pytest.mark.parametrize("wrong", [{"told_by": "pigeon"}, {"language": "tlh"}, {"told_by": ""}])
def test_a_choice_that_is_none_is_refused_in_words(member: Visitor, wrong: dict[str, str]) -> None:
    assert member.send(reverse("account"), WISHED | wrong).status_code == 422
    assert preferences.of(SUBJECT) == Preferences()


def test_the_phrase_stands_nowhere_in_the_clear_nor_in_the_record(member: Visitor) -> None:
    member.send(reverse("account"), WISHED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phrase_sealed FROM identity_citizen")
        (kept,) = cursor.fetchone()
    assert "紅豆湯".encode() not in bytes(kept)
    assert all("紅豆湯" not in str(event.payload) for event in Event.objects.all())


def test_the_phrase_of_one_member_never_opens_as_anything_of_another(member: Visitor) -> None:
    from identity.models import Citizen  # noqa: PLC0415 - not before Django is set up
    from mydata.core.sealing import CannotOpen  # noqa: PLC0415 - as above

    member.send(reverse("account"), WISHED)
    row = Citizen.objects.get(pk=SUBJECT)
    Citizen.objects.filter(pk=SUBJECT).update(email_sealed=row.phrase_sealed, phrase_sealed=row.email_sealed)
    with pytest.raises(CannotOpen):
        preferences.of(SUBJECT)


def test_who_is_no_member_is_told_that_nothing_can_be_sent(citizen: Visitor) -> None:
    page = citizen.read(reverse("account"))
    assert "還沒有登記聯絡方式" in page
    assert citizen.send(reverse("account"), WISHED).status_code == 404
