"""使用紀錄: read by dataset, kind and day, page by page; taken away as a sheet and as a paper."""

import csv
import datetime as dt
import io
from typing import Any

import pypdf
import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from audit import reading
from audit.actions import TROUBLE, Action
from audit.models import Event
from audit.reading import Asked, trail_for, whole_trail
from audit.recording import record
from mydata.core import clock, references, signing
from portal.citizen import trail, trail_paper
from tests.core.test_pades import status
from tests.portal.citizen.conftest import OTHER, WEAK
from tests.portal.citizen.visiting import PERSON, SOMEBODY_ELSE, Visitor

SUBJECT = references.of_subject(PERSON)
OLD, NEW = dt.datetime(2026, 3, 1, 15, 59, tzinfo=dt.UTC), dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC)
"""A minute apart, and on two days in Taipei."""


def happened(action: Action, *, subject: str = SUBJECT, at: dt.datetime | None = None, **facts: Any) -> Event:  # noqa: ANN401 - facts
    """Record an event, as if it were at `at`."""
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        if at is not None:
            patch.setattr(clock, "now", lambda: at)
        return record(action, subject=subject, **facts)


@pytest.fixture
def lived(citizen: Visitor) -> Visitor:
    """A citizen with a short record: two datasets, a failure, a notice; and somebody else with one of their own."""
    happened(Action.DATA_LANDED, parcel="p", dataset=WEAK, at=OLD)
    happened(Action.DATA_FAILED, parcel="p", dataset=OTHER, reason="provider_down", at=NEW)
    happened(Action.PARCEL_SEALED, parcel="p", datasets=[WEAK, OTHER])
    happened(Action.NOTICE_SENT, channel="sms", template="parcel_ready")
    happened(Action.DATA_LANDED, subject=references.of_subject(SOMEBODY_ELSE), parcel="q", dataset=WEAK)
    return citizen


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"dataset": OTHER}, {"parcel:sealed", "data:failed"}),
        ({"kind": "data"}, {"data:landed", "data:failed"}),
        ({"kind": "trouble"}, {"data:failed"}),
        ({"until": "2026-03-01"}, {"data:landed"}),
        ({"since": "2026-03-02", "until": "2026-03-02"}, {"data:failed"}),
        ({"dataset": WEAK, "since": "2026-03-02"}, {"parcel:sealed"}),
    ],
)
def test_the_record_is_read_by_dataset_kind_and_day_in_taipei(
    lived: Visitor, asked: dict[str, str], expected: set[str]
) -> None:
    sheet = taken(lived, "usage_sheet", asked)
    assert {row["動作"] for row in csv.DictReader(io.StringIO(sheet.decode("utf-8-sig")))} == expected
    page = lived.read(f"{reverse('usage')}?{urlencode(asked)}")
    assert page.count('<li class="row">') == len(expected)


def test_the_filter_offers_only_what_the_record_is_about_and_every_kind_of_act(lived: Visitor) -> None:
    page = lived.read(reverse("usage"))
    assert 'value="vehicle"' in page
    assert 'value="income"' not in page
    assert trail.KINDS.keys() == set(reading.KINDS)


@pytest.mark.parametrize(
    "asked",
    [{"since": "2026-13-45"}, {"kind": "x"}, {"dataset": "income"}, {"since": "2026-03-02", "until": "2026-03-01"}],
)
@pytest.mark.parametrize("name", ["usage", "usage_sheet", "usage_paper"])
def test_a_filter_that_cannot_be_is_refused_in_words(lived: Visitor, name: str, asked: dict[str, str]) -> None:
    answer = lived.open(f"{reverse(name)}?{urlencode(asked)}")
    assert answer.status_code == 422
    assert "有幾個地方要修正" in answer.content.decode()


def test_a_filter_stays_while_the_record_is_paged_through(citizen: Visitor) -> None:
    for _ in range(reading.PAGE + 1):
        happened(Action.PARCEL_VIEWED, parcel="p", dataset=WEAK)
        happened(Action.PARCEL_VIEWED, parcel="p", dataset=OTHER)
    page = citizen.read(f"{reverse('usage')}?dataset={WEAK}")
    assert page.count('<li class="row">') == reading.PAGE
    assert f"?dataset={WEAK}&amp;after=" in page


def test_the_whole_record_is_read_in_order_without_a_gap_or_a_repetition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 7)
    events = [happened(Action.PARCEL_VIEWED, parcel="p", dataset=WEAK, at=OLD) for _ in range(20)]
    found = [line.event for line in whole_trail(SUBJECT, most=1000)]
    assert sorted(found) == sorted(str(event.pk) for event in events)
    assert [line.event for line in whole_trail(SUBJECT, most=15)] == found[:15]
    assert [line.event for line in trail_for(SUBJECT, limit=20).items] == found


def test_the_sheet_is_for_spreadsheets_and_holds_nobody_elses_lines(lived: Visitor) -> None:
    content = taken(lived, "usage_sheet")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert content.startswith(b"\xef\xbb\xbf")
    assert len(rows) == 4
    assert rows[-1]["時間（臺北）"] == "2026-03-01 23:59:00"
    assert rows[-1]["資料"] == "車籍資料"


def test_the_sheet_speaks_the_language_of_the_page(lived: Visitor) -> None:
    lived.send(reverse("speak"), {"language": "en"})
    head, first = taken(lived, "usage_sheet").decode("utf-8-sig").splitlines()[:2]
    assert head.startswith("Time (Taipei),")
    assert "You were told" in first


def test_the_paper_is_tagged_and_says_what_the_record_says(lived: Visitor) -> None:
    reader = pypdf.PdfReader(io.BytesIO(taken(lived, "usage_paper")))
    text = "".join(page.extract_text() for page in reader.pages)
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-TW"
    for words in ("個人資料使用紀錄", "2026-03-01 23:59:00", "這項資料沒有取得", "車籍資料、駕籍資料"):
        assert words in text
    narrowed = taken(lived, "usage_paper", {"kind": "trouble"})
    assert "只列出符合所選條件的紀錄" in pypdf.PdfReader(io.BytesIO(narrowed)).pages[0].extract_text()


def test_the_paper_carries_the_portals_signature(lived: Visitor) -> None:
    paper = taken(lived, "usage_paper")

    assert status(paper, signing.ca_pem()).bottom_line
    assert not status(paper.replace(b"/Lang", b"/Long", 1), signing.ca_pem()).bottom_line


def test_a_paper_too_long_says_what_it_leaves_out(lived: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_paper, "MOST_LINES", 2)
    text = pypdf.PdfReader(io.BytesIO(taken(lived, "usage_paper"))).pages[0].extract_text()
    assert "紙本只列最新的 2 筆" in text
    assert "這項資料沒有取得" not in text


def test_the_record_counts_what_went_wrong() -> None:
    assert {
        action for action in Action if action.endswith((":refused", ":failed", ":given_up", ":none_held"))
    } == TROUBLE


def test_an_event_is_noted_once_for_each_dataset_it_names() -> None:
    event = happened(Action.PARCEL_SEALED, parcel="p", datasets=[WEAK, OTHER, WEAK])
    assert reading.datasets_of(SUBJECT) == sorted([OTHER, WEAK])
    (line,) = trail_for(SUBJECT, asked=Asked(dataset=WEAK)).items
    assert line.event == str(event.pk)


def taken(visitor: Visitor, name: str, asked: dict[str, str] | None = None) -> bytes:
    """Return what is handed out, which no cache keeps."""
    answer = visitor.open(f"{reverse(name)}?{urlencode(asked or {})}")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store, no-transform"
    assert "MyData-" in answer["Content-Disposition"]
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)
