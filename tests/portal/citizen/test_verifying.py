"""驗證身分: the way back stays on this site, a repeated form tries nothing twice, a wrong digit costs no attempt."""

import datetime as dt
from collections.abc import Mapping
from uuid import uuid4

import pytest
from django.urls import reverse

from identity.errors import StepUp
from identity.levels import AssuranceLevel
from identity.models import Verification
from portal.citizen.claims import TwoDocumentsClaim
from portal.citizen.verifying import REASONS
from portal.journeys import signing_in
from portal.journeys.signing_in import Started
from tests.portal.citizen.conftest import WEAK
from tests.portal.citizen.visiting import PERSON, Elements, Visitor

FILLED = {
    "national_id": "a123456789",
    "birth_date_year": "80",
    "birth_date_month": "5",
    "birth_date_day": "3",
    "health_card_no": "9000 0000 0001",
    "document": "id_issued_on",
    "id_issued_on_year": "2016",
    "id_issued_on_month": "5",
    "id_issued_on_day": "20",
}


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, object]]:
    """Answer every attempt with a no, and note what was tried."""
    claims: list[Mapping[str, object]] = []

    def start(_request: object, *, method: str, claim: Mapping[str, object]) -> Started:
        claims.append(claim)
        return Started(id=uuid4(), method=method, subject="", state="failed", reason="not_accepted")

    monkeypatch.setattr(signing_in, "start", start)
    return claims


def test_two_documents_are_read_as_people_write_them(visitor: Visitor, tried: list[Mapping[str, object]]) -> None:
    visitor.send(reverse("two_documents"), FILLED)

    assert tried == [
        {
            "national_id": PERSON,
            "birth_date": "1991-05-03",
            "health_card_no": "900000000001",
            "id_issued_on": "2016-05-20",
        }
    ]


def test_only_the_chosen_second_document_is_sent(visitor: Visitor, tried: list[Mapping[str, object]]) -> None:
    visitor.send(reverse("two_documents"), FILLED | {"document": "household_no", "household_no": "f-1234567"})

    assert tried[0]["household_no"] == "F1234567"
    assert "id_issued_on" not in tried[0]


def test_a_refused_attempt_keeps_what_was_typed_and_says_what_to_do(
    visitor: Visitor, tried: list[Mapping[str, object]]
) -> None:
    answer = visitor.send(reverse("two_documents"), FILLED)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert len(tried) == 1
    assert str(REASONS["not_accepted"]) in page
    assert 'value="A123456789"' in page or 'value="a123456789"' in page


def test_reloading_a_refused_attempt_tries_nothing_again(visitor: Visitor, tried: list[Mapping[str, object]]) -> None:
    answers = [visitor.send(reverse("two_documents"), FILLED | {"mark": "0123456789abcdef"}) for _ in range(3)]

    assert len(tried) == 1
    assert all(str(REASONS["not_accepted"]) in answer.content.decode() for answer in answers)


def test_a_form_sent_anew_is_tried_anew(visitor: Visitor, tried: list[Mapping[str, object]]) -> None:
    for mark in ("", "", "0123456789abcdef", "fedcba9876543210"):
        visitor.send(reverse("two_documents"), FILLED | {"mark": mark})

    assert len(tried) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"national_id": "A123456788"},
        {"national_id": ""},
        {"national_id": "A1234\x0056789"},
        {"birth_date_month": "13"},
        {"birth_date_year": "-1"},
        {"birth_date_day": ""},
        {"health_card_no": "12"},
        {"document": "passport"},
        {"document": "household_no", "household_no": "1"},
        {"id_issued_on_year": "", "id_issued_on_month": "", "id_issued_on_day": ""},
    ],
)
def test_a_slip_of_the_pen_costs_no_attempt_and_leads_to_its_field(
    visitor: Visitor, tried: list[Mapping[str, object]], wrong: dict[str, str]
) -> None:
    answer = visitor.send(reverse("two_documents"), FILLED | wrong)

    page = Elements(answer.content.decode())
    assert answer.status_code == 422
    assert not tried
    targets = [link["href"][1:] for link in page.all("a") if link["href"].startswith("#id_")]
    assert targets
    assert set(targets) <= {found["id"] for found in page.having("id")}


def test_a_certificate_leads_to_its_challenge_and_only_there_to_the_card(visitor: Visitor) -> None:
    answer = visitor.send(reverse("citizen_certificate"), {"national_id": PERSON, "next": "/usage"})
    attempt = Verification.objects.get()

    assert answer["Location"] == f"{reverse('challenge', args=[attempt.pk])}?next=%2Fusage"
    page = visitor.open(answer["Location"])
    assert "connect-src 'self' http://127.0.0.1:9000" in page["Content-Security-Policy"]
    assert "connect-src 'self';" in visitor.open(reverse("verify"))["Content-Security-Policy"] + ";"
    assert "MyData identity verification" in page.content.decode()
    assert not [one for one in Elements(page.content.decode()).all("input") if one.get("name") in {"pin", "card"}]


def test_the_challenge_of_another_browser_is_not_there(visitor: Visitor, card_holder: Visitor) -> None:
    visitor.send(reverse("citizen_certificate"), {"national_id": PERSON})

    assert card_holder.open(reverse("challenge", args=[Verification.objects.get().pk])).status_code == 404


def test_a_signature_that_is_none_is_malformed(visitor: Visitor) -> None:
    visitor.send(reverse("citizen_certificate"), {"national_id": PERSON})

    answer = visitor.send(reverse("challenge", args=[Verification.objects.get().pk]), {"cms": "none"})

    assert answer.status_code == 400


@pytest.mark.parametrize("wanted", ["https://elsewhere.example", "//elsewhere.example", "elsewhere", "/\\x", ""])
def test_the_way_back_never_leads_off_this_site(visitor: Visitor, monkeypatch: pytest.MonkeyPatch, wanted: str) -> None:
    def start(_request: object, *, method: str, claim: object) -> Started:  # noqa: ARG001 - the act's shape
        return Started(id=uuid4(), method=method, subject="", state="verified")

    monkeypatch.setattr(signing_in, "start", start)

    assert visitor.send(reverse("two_documents"), FILLED | {"next": wanted})["Location"] == "/"
    assert visitor.send(reverse("two_documents"), FILLED | {"next": "/usage", "mark": "b"})["Location"] == "/usage"


def test_a_complete_choice_goes_straight_on_to_the_consent(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.send(reverse("choose_add"), {"dataset": WEAK})
    visitor.send(reverse("choose"))

    def start(_request: object, *, method: str, claim: object) -> Started:  # noqa: ARG001 - the act's shape
        return Started(id=uuid4(), method=method, subject="", state="verified")

    monkeypatch.setattr(signing_in, "start", start)
    visitor.sign_in()

    answer = visitor.send(reverse("two_documents"), FILLED | {"next": "/choose"})

    assert answer["Location"].startswith("/consent/")


def test_a_first_use_is_told_what_is_missing(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_request: object, *, method: str, claim: object) -> Started:  # noqa: ARG001 - the act's shape
        return Started(id=uuid4(), method=method, subject="", state="verified", next="second_method")

    monkeypatch.setattr(signing_in, "start", start)

    assert "還不是會員" in visitor.send(reverse("two_documents"), FILLED).content.decode()


def test_the_methods_stand_in_order_of_strength(visitor: Visitor) -> None:
    page = visitor.read(f"{reverse('verify')}?level=9&next=/usage")

    assert page.index("用自然人憑證驗證") < page.index("用雙證件驗證")
    assert "您選的資料需要" not in page
    assert f"{reverse('two_documents')}?next=%2Fusage" in page


def test_signing_out_ends_the_session(citizen: Visitor) -> None:
    assert citizen.send(reverse("sign_out"))["Location"] == reverse("home")

    assert citizen.open(reverse("usage")).status_code == 302


def test_every_reason_of_the_contract_has_its_sentence() -> None:
    assert REASONS.keys() == {"not_accepted", "limit_reached", "authority_down"}


def test_a_date_of_either_calendar_is_the_same_day() -> None:
    common = FILLED | {"birth_date_year": "1991"}
    days = []
    for filled in (FILLED, common):
        form = TwoDocumentsClaim(filled)
        assert form.is_valid()
        days.append(form.cleaned_data["birth_date"])

    assert days == [dt.date(1991, 5, 3)] * 2


def test_a_step_up_raised_by_an_act_leads_to_the_verification(
    citizen: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise StepUp(required_level=AssuranceLevel.CITIZEN_CERTIFICATE.value)

    monkeypatch.setattr("portal.citizen.record.download.usage", refuse)

    assert citizen.open(reverse("usage"))["Location"] == f"{reverse('verify')}?next=%2Fusage&level=1"
