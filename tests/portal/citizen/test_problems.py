"""What people get when something does not work: what happened, what was not touched, what to do, a trace, nothing personal."""

import logging
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse
from django.utils.html import escape

from identity.errors import NotSignedIn, StepUp
from mydata.core import problems
from mydata.core.errors import MyDataError
from tests.portal.citizen.visiting import Visitor

SECRET = "王小明 A123456789"


def every_error(known: type[MyDataError] = MyDataError) -> Iterator[type[MyDataError]]:
    """Name every refusal that the house knows."""
    for error in known.__subclasses__():
        if hasattr(error, "code"):
            yield error
        yield from every_error(error)


def refusing(error: MyDataError) -> Callable[..., None]:
    """Return a page that refuses."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise error

    return refuse


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


def test_an_address_that_only_acts_says_so_to_whoever_opens_it(visitor: Visitor) -> None:
    answer = visitor.open(reverse("choose_add"))

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "這個網址不能直接打開" in answer.content.decode()
    assert "沒有取用、交付或改變任何資料" in answer.content.decode()


def test_a_form_that_is_too_large_is_named_as_such(visitor: Visitor) -> None:
    visitor.read(reverse("home"))
    answer = visitor.send(reverse("choose_add"), {"dataset": "x" * 300_000})

    assert answer.status_code == 413
    assert "送來的內容太大" in answer.content.decode()


def test_without_a_database_there_is_still_a_page_that_explains(
    citizen: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_arguments: object) -> None:
        raise DatabaseError(SECRET)

    monkeypatch.setattr("identity.sessions.read", gone)
    citizen.browser.raise_request_exception = False

    answer = citizen.open(reverse("usage"))

    assert answer.status_code == 500
    assert "平臺出了錯" in answer.content.decode()
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_is_a_page_with_all_its_parts(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    visitor.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en" if language == "en" else "zh-hant"
    visitor.read(reverse("home"))
    for refusal in (error(retry_after=90) for error in every_error() if error not in {NotSignedIn, StepUp}):
        monkeypatch.setattr("portal.citizen.home.show", refusing(refusal))
        answer = visitor.open(reverse("home"))
        page = answer.content.decode()

        assert answer.status_code == refusal.status
        assert escape(refusal.explain(language)) in page
        assert {"zh": "您的資料有沒有受影響", "en": "Your data"}[language] in page
        assert {"zh": "90 秒以後", "en": "In 90 seconds"}[language] in page
        assert re.search(r'<span class="data">[0-9a-f]{16}</span>', page)
        assert '<a class="button' in page
        assert answer["Retry-After"] == "90"
