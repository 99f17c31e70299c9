"""條碼 on the page of one browser, and its entry on another's, both without JavaScript."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse

from mydata.core import clock
from personal_cloud.models import CodeTry, CounterCode, Parcel
from tests.portal.citizen.conftest import WEAK
from tests.portal.citizen.landing import land
from tests.portal.citizen.visiting import SOMEBODY_ELSE, Elements, Visitor

SPOKEN = re.compile(r"code-spoken\">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})<")


@pytest.fixture
def sealed(given: Callable[..., Parcel]) -> Parcel:
    """A parcel with one dataset in it."""
    parcel = given(WEAK)
    land(parcel, WEAK, {"plate": "ABC-1234", "fees": []})
    return parcel


@pytest.fixture
def elsewhere() -> Visitor:
    """Another device on which the same person signed in."""
    found = Visitor()
    found.sign_in()
    return found


def show(visitor: Visitor, parcel: Parcel) -> str:
    """Have a code shown; return the address of its page."""
    answer = visitor.send(reverse("code_show", args=[parcel.pk]))
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def spoken_on(page: str) -> str:
    """Return the code that a page shows."""
    found = SPOKEN.search(page)
    assert found is not None
    return found[1]


def enter(visitor: Visitor, written: str) -> tuple[int, str]:
    """Enter a code; return the status, and the page or where it leads."""
    answer = visitor.send(reverse("pickup"), {"code": written})
    return answer.status_code, answer.get("Location") or answer.content.decode()


def test_the_parcels_page_offers_it_where_it_opens_and_the_entry_where_it_does_not(
    citizen: Visitor, elsewhere: Visitor, sealed: Parcel
) -> None:
    here, there = (visitor.read(reverse("parcel", args=[sealed.pk])) for visitor in (citizen, elsewhere))

    assert "在另一個裝置打開" in here
    assert reverse("code_show", args=[sealed.pk]) in here
    assert reverse("pickup") not in here
    assert reverse("code_show", args=[sealed.pk]) not in there
    assert f'href="{reverse("pickup")}"' in there
    refused = elsewhere.open(reverse("preview", args=[sealed.pk, WEAK]))
    assert (refused.status_code, f'href="{reverse("pickup")}"' in refused.content.decode()) == (409, True)


def test_the_code_fills_the_page_and_stands_in_no_address(citizen: Visitor, sealed: Parcel) -> None:
    path = show(citizen, sealed)
    page = citizen.read(path)
    elements = Elements(page)

    code = spoken_on(page)
    assert len(elements.all("svg")) == 2
    assert not elements.all("header")
    assert not elements.all("footer")
    assert not elements.having("style")
    assert [form["action"] for form in elements.all("form")] == [
        reverse("code_show", args=[sealed.pk]),
        reverse("code_revoke", args=[CounterCode.objects.get().pk]),
    ]
    addresses = [found[key] for _, found in elements.found for key in ("href", "src", "action") if key in found]
    assert not any(part in address for address in [path, *addresses] for part in code.split("-"))
    assert "以前有效" in page
    assert int(elements.having("data-countdown")[0]["data-countdown"]) in range(1190, settings.CODE_TTL + 1)
    assert citizen.read(path).count(code) == 1, "reloading shows the same code"


def test_entering_it_leads_to_the_data_and_both_devices_open_them(
    citizen: Visitor, elsewhere: Visitor, sealed: Parcel
) -> None:
    page = show(citizen, sealed)
    code = spoken_on(citizen.read(page))

    status, path = enter(elsewhere, code.lower().replace("-", ""))

    assert (status, path) == (302, reverse("parcel", args=[sealed.pk]))
    for visitor in (citizen, elsewhere):
        told = visitor.read(path)
        assert reverse("claim", args=[sealed.pk]) in told
        assert "用取件碼打開的裝置能打開" in told
        assert "只有這個瀏覽器" not in told
        assert "ABC-1234" in visitor.read(reverse("preview", args=[sealed.pk, WEAK]))
    ended = citizen.read(page)
    assert "取件碼已經用過了" in ended
    assert not SPOKEN.search(ended)


def test_the_other_device_claims_there_and_the_first_one_is_told(
    citizen: Visitor, elsewhere: Visitor, sealed: Parcel
) -> None:
    enter(elsewhere, spoken_on(citizen.read(show(citizen, sealed))))

    assert elsewhere.send(reverse("claim", args=[sealed.pk]), {"key": "k"}).status_code == 302

    assert reverse("file", args=[sealed.pk]) in elsewhere.read(reverse("parcel", args=[sealed.pk]))
    assert "在另一個瀏覽器領取了" in citizen.read(reverse("parcel", args=[sealed.pk]))
    elsewhere.send(reverse("received", args=[sealed.pk]), {"sha256": Parcel.objects.get().file_sha256})
    assert elsewhere.browser.cookies[f"mydata_half_{sealed.pk}"]["max-age"] == 0


def test_what_is_mistyped_unknown_or_over_is_said_at_the_field(
    citizen: Visitor, elsewhere: Visitor, sealed: Parcel
) -> None:
    first = spoken_on(citizen.read(show(citizen, sealed)))
    second = spoken_on(citizen.read(show(citizen, sealed)))
    wrong = {"": (422, "請輸入取件碼"), "x" * 300: (422, "沒有這麼長"), "123": (422, "打錯了")}
    wrong |= {first: (409, "已換成新的"), "0000-0000-0000": (404, "沒有這個取件碼")}

    for written, (status, said) in wrong.items():
        came, page = enter(elsewhere, written)
        assert (came, said in page) == (status, True), written
        assert Elements(page).having("aria-describedby")[0]["id"] == "id_code"
    CounterCode.objects.update(expires_at=clock.now())
    assert enter(elsewhere, second)[0] == 410


def test_who_is_wrong_too_often_is_told_to_wait(citizen: Visitor, sealed: Parcel) -> None:
    stranger = Visitor()
    stranger.sign_in(national_id=SOMEBODY_ELSE)
    code = spoken_on(citizen.read(show(citizen, sealed)))

    came = [enter(stranger, code)[0] for _ in range(6)]

    assert came == [404] * 5 + [429]
    answer = stranger.send(reverse("pickup"), {"code": code})
    assert int(answer["Retry-After"]) <= 900
    CodeTry.objects.all().delete()
    assert CounterCode.objects.get().state == "shown"


def test_a_code_is_renewed_and_taken_back_with_one_button_each(citizen: Visitor, sealed: Parcel) -> None:
    first, second = show(citizen, sealed), show(citizen, sealed)
    assert "取件碼已經撤銷" in citizen.read(first)

    answer = citizen.send(reverse("code_revoke", args=[second.rpartition("/")[2]]))

    assert answer["Location"] == reverse("parcel", args=[sealed.pk])
    assert "出示新的取件碼" in citizen.read(second)


def test_a_code_that_ran_out_says_so_before_anybody_swept(citizen: Visitor, sealed: Parcel) -> None:
    path = show(citizen, sealed)
    CounterCode.objects.update(expires_at=clock.now())

    page = citizen.read(path)

    assert "取件碼已經過期" in page
    assert not SPOKEN.search(page)


def test_the_page_of_a_code_is_shown_where_it_was_made_only(
    elsewhere: Visitor, citizen: Visitor, sealed: Parcel
) -> None:
    path = show(citizen, sealed)
    stranger = Visitor()
    stranger.sign_in(national_id=SOMEBODY_ELSE)

    assert elsewhere.open(path).status_code == 409
    assert stranger.open(path).status_code == 404


def test_a_code_is_shown_again_only_to_a_session_strong_enough_to_have_it_shown(
    citizen: Visitor, sealed: Parcel
) -> None:
    from consent.models import Grant  # noqa: PLC0415 - not before Django is set up

    address = show(citizen, sealed)
    assert citizen.open(address).status_code == 200
    Grant.objects.update(minimum_level=1)

    answer = citizen.open(address)

    assert answer.status_code == 302
    assert "level=1" in answer["Location"]


def test_a_session_too_weak_is_led_to_a_stronger_verification_and_back(
    card_holder: Visitor, elsewhere: Visitor, sealed: Parcel
) -> None:
    from consent.models import Grant  # noqa: PLC0415 - not before Django is set up

    del card_holder
    Grant.objects.update(minimum_level=1)

    answer = elsewhere.send(reverse("code_show", args=[sealed.pk]))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("verify"))
    assert "level=1" in answer["Location"]
