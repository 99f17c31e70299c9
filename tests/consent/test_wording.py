"""What is shown is what is hashed, kept and given: in words, in both languages, without a promise that is not kept."""

import hashlib

import pytest
from pytest_django.fixtures import Settings

from consent import wording
from consent.grants import Choice
from tests.consent.asking import PARAMETERS, dataset, drafted
from tests.identity.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]


@pytest.fixture(autouse=True)
def catalogue(moved: Clock) -> None:  # noqa: ARG001 - years in the parameters are those of the clock
    dataset("plain")
    dataset("income", parameters_schema=PARAMETERS)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_shown_is_what_is_hashed(language: str) -> None:
    grant = drafted("plain", "income", language=language)
    assert grant.wording_hash == hashlib.sha256(grant.wording.encode()).hexdigest()
    kept = (wording.TEXTS / f"{grant.wording_version}.{language}.txt").read_text(encoding="utf-8")
    assert grant.wording.splitlines()[0] == kept.splitlines()[0]
    assert not set("{}") & set(grant.wording), "something was not filled in"
    assert grant.purpose in grant.wording
    assert grant.recipient in grant.wording
    assert (grant.purpose, grant.recipient) == (wording.PURPOSE[language], wording.RECIPIENT[language])


def test_the_parameters_are_named_in_words() -> None:
    asked = Choice("income", {"year": 113, "kind": "pay"})
    zh, en = (drafted("plain", asked, language=language).wording.splitlines() for language in ("zh", "en"))
    assert zh[4:6] == ["- 資料 plain（測試機關）", "- 資料 income（測試機關）：年度 113、種類 薪資"]
    assert en[4:6] == ["- 資料 plain (測試機關)", "- 資料 income (測試機關): Year 113, Kind salary"]


def test_what_was_left_out_is_shown_as_it_will_be_asked() -> None:
    grant = drafted("income")
    assert "年度 115、種類 全部" in grant.wording
    assert grant.datasets == [{"id": "income", "parameters": {"year": 115, "kind": "all"}}]


def test_a_parameter_without_words_goes_by_its_name_and_value() -> None:
    dataset("bare", parameters_schema={"type": "object", "properties": {"month": {"type": "integer", "default": 3}}})
    assert "（測試機關）：month 3\n" in drafted("bare").wording


def test_whatever_is_asked_otherwise_has_another_hash() -> None:
    asked = [
        drafted("plain"),
        drafted("plain", "income"),
        drafted("income", "plain"),
        drafted("plain", Choice("income", {"year": 113})),
        drafted("plain", Choice("income", {"kind": "pay"})),
        drafted("plain", language="en"),
    ]
    assert len({grant.wording_hash for grant in asked}) == len(asked)
    assert drafted("plain").wording_hash == asked[0].wording_hash


def test_braces_in_a_name_are_shown_as_they_are() -> None:
    dataset("odd", name="資料 {purpose} {0}")
    assert "- 資料 {purpose} {0}（測試機關）" in drafted("odd").wording


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (28800, "8 小時", "8 hours"),
        (7200, "2 小時", "2 hours"),
        (7199, "7199 秒", "7199 seconds"),
        (7140, "119 分鐘", "119 minutes"),
        (3600, "60 分鐘", "60 minutes"),
        (9000, "150 分鐘", "150 minutes"),
        (120, "2 分鐘", "2 minutes"),
        (119, "119 秒", "119 seconds"),
    ],
)
def test_the_time_on_the_portal_is_told_exactly(settings: Settings, seconds: int, zh: str, en: str) -> None:
    settings.PARCEL_TTL = seconds
    assert f"最多 {zh}，" in drafted("plain").wording
    assert f"for at most {en};" in drafted("plain", language="en").wording
