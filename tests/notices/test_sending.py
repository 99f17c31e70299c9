"""One notice for each event and channel, queued in the event's own transaction, tried until it goes, and saying little."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from audit.actions import Action
from audit.models import Event
from audit.recording import record
from identity import enrolment, preferences
from identity.models import Citizen
from identity.preferences import Preferences
from mydata.core import clock
from portal.design.language import Language
from portal.notices import backends, listening, sending
from portal.notices.backends import console, file
from portal.notices.backends.base import Message, NotDelivered
from portal.notices.models import Notice
from portal.notices.templates import BY_ACTION, BY_NAME, Template, write

pytestmark = pytest.mark.django_db
WAYS = ["email", "sms"]
FACTS: dict[str, Any] = {"parcel": "p", "datasets": ["d"]}


class Line:
    """A channel that takes messages or not, as the test says."""

    def __init__(self) -> None:
        self.down = False
        self.sent: list[Message] = []

    def deliver(self, message: Message) -> None:
        if self.down:
            raise NotDelivered
        self.sent.append(message)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    taking = Line()
    monkeypatch.setattr(backends, "deliver", taking.deliver)
    return taking


@pytest.fixture
def citizen() -> Citizen:
    return enrolment.enrol(written_id="A123456789", email="who@mail.example", mobile="0912345678", now=clock.now())


def sealed(citizen: Citizen) -> Event:
    return record(Action.PARCEL_SEALED, subject=citizen.pk, **FACTS)


def send_all() -> None:
    for notice in Notice.objects.all():
        sending.send(notice.pk)


def test_an_event_is_told_once_on_every_channel(citizen: Citizen, line: Line) -> None:
    event = sealed(citizen)
    send_all()
    send_all()
    assert [(m.channel, m.to, m.event) for m in line.sent] == [
        ("email", "who@mail.example", str(event.pk)),
        ("sms", "0912345678", str(event.pk)),
    ]
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert Event.objects.filter(action=Action.NOTICE_SENT).count() == 2


def test_the_database_takes_no_second_notice_of_an_event_and_channel(citizen: Citizen) -> None:
    event = sealed(citizen)
    with pytest.raises(IntegrityError), transaction.atomic():
        listening.queue_notices(event)
    assert Notice.objects.count() == 2


def test_what_did_not_happen_is_not_told(citizen: Citizen) -> None:
    with transaction.atomic():
        sealed(citizen)
        transaction.set_rollback(True)
    assert Notice.objects.count() == 0


def test_nobody_is_told_of_what_nobody_needs_to_know_nor_who_is_no_member(citizen: Citizen) -> None:
    record(Action.PARCEL_VIEWED, subject=citizen.pk, parcel="p", dataset="d")
    record(Action.PARCEL_SEALED, subject="no-member", **FACTS)
    assert Notice.objects.count() == 0


def test_a_channel_that_is_down_is_tried_again_ever_later_and_given_up_after_a_day(
    citizen: Citizen, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(citizen)
    Notice.objects.filter(channel="sms").delete()
    line.down, now, waits = True, clock.now(), []
    started = now
    monkeypatch.setattr(clock, "now", lambda: now)
    while Notice.objects.get().state != Notice.State.GIVEN_UP:
        (pk,) = sending.due(now)
        sending.send(pk)
        sending.send(pk)
        if (due := Notice.objects.get().due_at) is not None:
            waits.append(due - now)
            assert sending.due(due - dt.timedelta(seconds=1)) == []
            now = due
    assert waits[:3] == [dt.timedelta(seconds=seconds) for seconds in (5, 10, 20)]
    assert max(waits) == dt.timedelta(minutes=30)
    assert dt.timedelta(hours=24) < now - started < dt.timedelta(hours=25)
    assert sending.due(now + dt.timedelta(days=9)) == []
    assert Event.objects.filter(action=Action.NOTICE_GIVEN_UP).count() == 1


def test_a_channel_that_comes_back_gets_the_notice_once(
    citizen: Citizen, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(citizen)
    line.down = True
    send_all()
    line.down = False
    now = clock.now() + dt.timedelta(seconds=6)
    monkeypatch.setattr(clock, "now", lambda: now)
    send_all()
    send_all()
    assert [message.channel for message in line.sent] == ["email", "sms"]


def test_a_notice_in_another_worker_s_hands_is_left_alone(citizen: Citizen, line: Line) -> None:
    sealed(citizen)
    now = clock.now()
    Notice.objects.update(lease_until=now + dt.timedelta(seconds=30))
    send_all()
    assert line.sent == []
    assert sending.due(now) == []
    assert len(sending.due(now + dt.timedelta(seconds=31))) == 2


@pytest.mark.parametrize("template", list(BY_NAME.values()), ids=lambda template: template.name)
@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_notice_holds_a_link_a_number_or_a_place_for_personal_data(
    template: Template, channel: str, language: Language
) -> None:
    written = write(template, channel=channel, language=language, phrase=None)
    text = f"{written.subject}\n{written.body}"
    assert not re.search(r"https?:|www\.|://|\.gov|\.tw|[{}]|%s|[0-9]{8}", text)
    assert bool(re.search("[\u3400-\u9fff]", text)) == (language == "zh")
    assert "MyData" in text


@pytest.mark.parametrize("template", list(BY_NAME.values()), ids=lambda template: template.name)
def test_a_text_message_fits_into_two_parts_with_the_longest_phrase(template: Template) -> None:
    """3GPP TS 23.040: a part of a message in UCS-2 holds 67 characters, in the GSM alphabet 153."""
    phrase = "字" * preferences.LONGEST
    assert len(write(template, channel="sms", language="zh", phrase=phrase).body) <= 2 * 67
    assert len(write(template, channel="sms", language="en", phrase="x" * preferences.LONGEST).body) <= 2 * 153


def test_a_notice_speaks_the_citizen_s_language_and_begins_with_their_phrase(citizen: Citizen, line: Line) -> None:
    sealed(citizen)
    wish(citizen, language="en", phrase="紅豆湯 beans")
    send_all()
    mail, text = (next(m for m in line.sent if m.channel == way and m.template == "parcel_ready") for way in WAYS)
    assert mail.subject == "MyData: your data are ready"
    assert mail.body.startswith("Your phrase: 紅豆湯 beans\n")
    assert text.body.startswith("[紅豆湯 beans] MyData：Your data are ready")


@pytest.mark.parametrize(
    ("told_by", "mobile", "expected"),
    [
        ("both", "0912345678", WAYS),
        ("sms", "0912345678", ["sms"]),
        ("email", "0912345678", ["email"]),
        ("sms", None, ["email"]),
    ],
)
def test_who_prefers_one_way_is_told_by_it_and_by_the_other_where_it_is_missing(
    told_by: str, mobile: str | None, expected: list[str]
) -> None:
    citizen = enrolment.enrol(written_id="A123456789", email="who@mail.example", mobile=mobile, now=clock.now())
    wish(citizen, told_by=told_by)
    event = sealed(citizen)
    assert sorted(Notice.objects.filter(event=event).values_list("channel", flat=True)) == sorted(expected)


def test_what_may_be_about_a_thief_is_told_everywhere(citizen: Citizen) -> None:
    wish(citizen, told_by="sms")
    record(Action.IDENTITY_REFUSED, subject=citizen.pk, method="two_documents", reason="not_accepted")
    for template in ("preferences_changed", "identity_refused"):
        assert Notice.objects.filter(template=template).count() == 2


def wish(citizen: Citizen, **wished: str) -> None:
    preferences.choose(citizen.pk, Preferences(**wished))


def test_every_told_action_is_in_the_vocabulary() -> None:
    assert set(BY_ACTION) <= set(Action)
    assert len(BY_NAME) == len(BY_ACTION)


def message() -> Message:
    return Message(channel="sms", to="0912345678", template="t", subject="主旨", body="內容", sent_at="x", event="e")


def test_the_file_twin_writes_one_file_a_message_for_its_owner(tmp_path: Path, settings: Settings) -> None:
    settings.NOTICE_DIR = tmp_path / "notices"
    file.BACKEND.deliver(message())
    file.BACKEND.deliver(message())
    (written,) = settings.NOTICE_DIR.iterdir()
    assert written.stat().st_mode & 0o777 == 0o600
    assert json.loads(written.read_text()) == message().document()
    settings.NOTICE_DIR = tmp_path / "notices" / written.name
    with pytest.raises(NotDelivered):
        file.BACKEND.deliver(message())


def test_the_console_twin_prints_no_address(capsys: pytest.CaptureFixture[str]) -> None:
    console.BACKEND.deliver(message())
    said = capsys.readouterr().out
    assert "內容" in said
    assert "0912345678" not in said
