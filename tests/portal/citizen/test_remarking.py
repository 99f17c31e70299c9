"""資料有誤 on pages: beside each field, a plain form, what became of it, and a list that teaches while it is empty."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

from dataproviders.errors import AlreadyRemarked, NoDesk, TooManyRemarks, UnknownField
from mydata.core import clock
from tests.portal.citizen.conftest import WEAK
from tests.portal.citizen.landing import land
from tests.portal.citizen.visiting import SOMEBODY_ELSE, Elements, Visitor

if TYPE_CHECKING:
    from dataproviders.models import Remark
    from personal_cloud.models import Parcel

WRONG = "車號最後一碼是 5 <script>"
FEES = [{"on": "2025-05-03", "amount": 1200}, {"on": "2025-06-03", "amount": 300}]


@pytest.fixture
def parcel(given: "Callable[..., Parcel]") -> "Parcel":
    """A sealed parcel of an agency that has a desk."""
    from dataproviders.models import Provider  # noqa: PLC0415 - not before Django is set up

    Provider.objects.update(desk_url="http://127.0.0.1:9/desk")
    made = given(WEAK)
    land(made, WEAK, {"plate": "ABC-1234", "fees": FEES})
    return made


def form_of(parcel: "Parcel", path: str = "") -> str:
    return reverse("remark_form", args=[parcel.pk, WEAK]) + (f"?path={path}" if path else "")


def send(citizen: Visitor, parcel: "Parcel", path: str = "/plate", remark: str = WRONG) -> str:
    """Send the form, and return where it leads."""
    answer = citizen.send(form_of(parcel), {"path": path, "remark": remark, "proposed": ""})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def the_remark() -> "Remark":
    from dataproviders.models import Remark  # noqa: PLC0415 - as above

    return Remark.objects.get()


def test_a_session_too_weak_to_look_into_the_parcel_points_at_no_place_in_it_either(
    citizen: Visitor, parcel: "Parcel"
) -> None:
    from consent.models import Grant  # noqa: PLC0415 - as above
    from dataproviders.models import Remark  # noqa: PLC0415 - as above

    Grant.objects.update(minimum_level=1)
    for answer in (
        citizen.open(form_of(parcel, "/fees/1")),
        citizen.send(form_of(parcel), {"path": "/plate", "remark": WRONG, "proposed": ""}),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("verify"))
        assert "level=1" in answer["Location"]
    assert not Remark.objects.exists()


def end(state: str, **changes: object) -> None:
    from dataproviders.models import Remark  # noqa: PLC0415 - as above

    now = clock.now()
    ended = {"state": state, "text_sealed": None, "sent_at": now, "ended_at": now}
    Remark.objects.update(**ended | changes)


def test_each_field_and_each_row_leads_to_its_own_form(citizen: Visitor, parcel: "Parcel") -> None:
    page = citizen.read(reverse("preview", args=[parcel.pk, WEAK]))
    links = [link["href"] for link in Elements(page).all("a") if "/remark" in link["href"]]
    assert links == [*(form_of(parcel, path) for path in ("/plate", "/fees/0", "/fees/1")), form_of(parcel)]
    titles = ("車號", "規費第 1 筆", "規費第 2 筆", "整份資料")
    for link, title in zip(links, titles, strict=True):
        assert title in citizen.read(link)


def test_where_there_is_no_desk_there_is_no_link_and_the_form_says_so(citizen: Visitor, parcel: "Parcel") -> None:
    from dataproviders.models import Provider  # noqa: PLC0415 - as above

    Provider.objects.update(desk_url="")
    assert "/remark" not in citizen.read(reverse("preview", args=[parcel.pk, WEAK]))
    page = citizen.read(form_of(parcel, "/plate"))
    assert "還沒有線上的反映窗口" in page
    assert "<textarea" not in page
    refused = citizen.send(form_of(parcel), {"path": "/plate", "remark": WRONG})
    assert (refused.status_code, NoDesk().explain() in refused.content.decode()) == (409, True)


def test_the_form_shows_which_field_and_no_value(citizen: Visitor, parcel: "Parcel") -> None:
    page = citizen.read(form_of(parcel, "/plate"))
    assert "車號" in page
    assert "某機關" in page
    assert "ABC-1234" not in page


def test_sent_it_is_on_its_way_and_in_the_list_without_its_words(citizen: Visitor, parcel: "Parcel") -> None:
    page = citizen.read(send(citizen, parcel))
    assert "已收下，正在送給機關" in page
    assert escape(WRONG) not in page
    listed = citizen.read(reverse("remarks"))
    assert "車籍資料：車號" in listed
    assert "正在送給機關" in listed
    assert escape(WRONG) not in listed
    usage = citizen.read(reverse("usage"))
    assert reverse("remark", args=[the_remark().pk]) in usage
    assert reverse("remarks") in usage


def test_sent_twice_it_leads_to_the_one_that_is_under_way(citizen: Visitor, parcel: "Parcel") -> None:
    assert send(citizen, parcel) == send(citizen, parcel, remark="另一句")
    assert the_remark().number_of_day == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"remark": " "}, "請寫下哪裡有誤。"),
        ({"remark": "字" * 501}, "最多 500 個字，現在是 501 個字。"),
        ({"remark": "字", "proposed": "字" * 201}, "最多 200 個字，現在是 201 個字。"),
    ],
)
def test_what_is_missing_or_too_long_is_said_beside_the_field(
    citizen: Visitor, parcel: "Parcel", fields: dict[str, str], said: str
) -> None:
    answer = citizen.send(form_of(parcel), {"path": "/plate"} | fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_line_s_end_counts_as_one_character(citizen: Visitor, parcel: "Parcel") -> None:
    send(citizen, parcel, remark="字\r\n" * 249 + "字字")


@pytest.mark.parametrize("path", ["/nobody", "/fees/7", "plate", "/plate/x", "/王小明"])
def test_a_path_that_leads_nowhere_leads_to_all_of_the_paper(citizen: Visitor, parcel: "Parcel", path: str) -> None:
    answer = citizen.open(form_of(parcel, path))
    assert (answer.status_code, answer["Location"]) == (302, form_of(parcel))


def test_a_stranger_s_and_a_destroyed_parcel_and_another_browser_get_no_form(
    citizen: Visitor, parcel: "Parcel"
) -> None:
    stranger, elsewhere = Visitor(), Visitor()
    stranger.sign_in(national_id=SOMEBODY_ELSE)
    elsewhere.sign_in()
    assert stranger.open(form_of(parcel, "/plate")).status_code == 404
    assert stranger.send(form_of(parcel), {"path": "/plate", "remark": WRONG}).status_code == 404
    assert elsewhere.send(form_of(parcel), {"path": "/plate", "remark": WRONG}).status_code == 409
    made = send(citizen, parcel)
    assert stranger.open(made).status_code == 404
    assert made not in stranger.read(reverse("remarks"))
    citizen.send(reverse("withdraw", args=[parcel.grant_id]))
    assert citizen.open(form_of(parcel, "/plate")).status_code == 410
    assert "已收下" in citizen.read(made), "the parcel's end is not the remark's"


@pytest.mark.parametrize(
    ("state", "changes", "heading", "mark"),
    [
        ("sent", {"ended_at": None}, "機關已收到，查對中", "機關查對中"),
        ("answered", {"outcome": "upheld"}, "機關查對後認為無誤", "機關認為無誤"),
        ("answered", {"outcome": "forwarded"}, "機關已轉給別的機關", "機關已轉給別的機關"),
        ("given_up", {"because": "not_taken"}, "這一則沒有送達機關", "沒有送達"),
        ("given_up", {"because": "text_lost"}, "這一則沒有送達機關", "沒有送達"),
        ("given_up", {"because": "no_answer"}, "機關沒有在期限內答覆", "機關沒有答覆"),
    ],
)
@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_every_end_is_said_in_words(
    *,
    citizen: Visitor,
    parcel: "Parcel",
    state: str,
    changes: dict[str, object],
    heading: str,
    mark: str,
    language: str,
) -> None:
    made = send(citizen, parcel)
    end(state, **changes)
    citizen.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page, listed = citizen.read(made), citizen.read(reverse("remarks"))
    assert (heading in page) == (mark in listed) == (language == "zh-hant")
    foreign = re.sub("中文|某機關|車籍資料|車號", "", page + listed)
    assert language == "zh-hant" or not re.search("[\u3400-\u9fff]", foreign)


def test_a_correction_says_from_when_it_can_be_fetched(citizen: Visitor, parcel: "Parcel") -> None:
    made = send(citizen, parcel)
    end("answered", outcome="corrected", available_from=clock.today() + timedelta(days=1))
    page = citizen.read(made)
    assert "機關已更正" in page
    assert (clock.today() + timedelta(days=1)).isoformat() in page
    assert reverse("dataset", args=[WEAK]) in page


def test_what_the_agency_says_is_text_and_nothing_else(citizen: Visitor, parcel: "Parcel") -> None:
    from dataproviders.remarks import answering  # noqa: PLC0415 - not before Django is set up

    made, sentence = send(citizen, parcel), '<img src=x onerror="x"> https://evil.example {{ 7 }}'
    said = answering.Answer(outcome=the_remark().Outcome.UPHELD, available_from=None, sentence=sentence)
    answering.answer(the_remark().dataset.provider, the_remark().pk, said, now=clock.now())
    page = citizen.read(made)
    assert escape(sentence) in page
    assert "<img" not in page
    assert not [link for link in Elements(page).all("a") if "evil" in link["href"]]


def test_the_empty_list_says_what_will_be_in_it(citizen: Visitor) -> None:
    page = citizen.read(reverse("remarks"))
    assert "還沒有反映過" in page
    assert "資料有誤" in page


def test_one_too_many_a_day_is_refused_with_the_time_to_wait(
    citizen: Visitor, parcel: "Parcel", monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataproviders.remarks import making  # noqa: PLC0415 - as above

    monkeypatch.setattr(making, "MOST_REMARKS_A_DAY", 1)
    send(citizen, parcel)
    refused = citizen.send(form_of(parcel), {"path": "", "remark": WRONG})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) <= 24 * 3600
    assert TooManyRemarks().explain() in refused.content.decode()


def test_a_refusal_has_words_in_both_languages() -> None:
    for refusal in (UnknownField, NoDesk, AlreadyRemarked, TooManyRemarks):
        assert set(refusal.sentences) == {"zh", "en"}
