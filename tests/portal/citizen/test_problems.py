"""What people get when something does not work: what happened, what was not touched, what to do, a trace, nothing personal."""

import logging

import pytest
from django.urls import reverse

from mydata.core import problems
from tests.portal.citizen.visiting import Visitor

SECRET = "王小明 A123456789"


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the front page with an error whose text names a person."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise KeyError(SECRET)

    monkeypatch.setattr("portal.citizen.home.show", fail)


@pytest.mark.usefixtures("faulty")
def test_a_fault_of_ours_is_logged_by_kind_and_trace_only(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    visitor.browser.raise_request_exception = False
    with caplog.at_level(logging.ERROR):
        answer = visitor.open(reverse("home"))

    page = answer.content.decode()
    (record,) = [one for one in caplog.records if one.name == "portal.problems"]
    assert answer.status_code == 500
    assert "平臺出了錯" in page
    assert "沒有交給任何人" in page
    assert record.getMessage().split("trace ")[1] in page
    assert "KeyError" in record.getMessage()
    assert SECRET not in page + caplog.text


@pytest.mark.parametrize("path", ["/nothing", "/datasets/a/b", "/parcels/1", "/%00", "/consent/../x"])
def test_what_is_not_there_is_a_page_with_a_way_on(visitor: Visitor, path: str) -> None:
    answer = visitor.open(path)

    assert answer.status_code == 404
    assert "找不到這一頁" in answer.content.decode()
    assert reverse("home") in answer.content.decode()


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/connect/nothing", "/.well-known/nothing"])
def test_programs_get_a_problem_document(visitor: Visitor, path: str) -> None:
    answer = visitor.open(path)

    assert answer.status_code == 404
    assert answer["Content-Type"] == problems.MEDIA_TYPE
    assert answer.json()["code"] == "not_found"


def test_a_form_larger_than_taken_is_refused(citizen: Visitor) -> None:
    answer = citizen.send(reverse("choose_add"), {"dataset": "x" * 300_000})

    assert 400 <= answer.status_code < 500


def test_whoever_was_signed_out_meanwhile_comes_back_to_the_page_of_the_form(citizen: Visitor) -> None:
    token = citizen.read(reverse("usage")).split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    citizen.send(reverse("sign_out"))
    path = "/parcels/5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10"

    answer = citizen.browser.post(
        f"{path}/claim", {"csrfmiddlewaretoken": token}, headers={"Referer": f"http://testserver{path}"}
    )

    assert answer["Location"] == f"{reverse('verify')}?next={path.replace('/', '%2F')}"


def test_a_referer_from_elsewhere_is_no_way_back(citizen: Visitor) -> None:
    token = citizen.read(reverse("usage")).split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    citizen.send(reverse("sign_out"))

    answer = citizen.browser.post(
        "/parcels/5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10/claim",
        {"csrfmiddlewaretoken": token},
        headers={"Referer": "http://elsewhere.example/x"},
    )

    assert answer["Location"] == f"{reverse('verify')}?next=%2F"
