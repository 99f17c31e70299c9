"""Every other page and state that a person may come to: empty, refused, mistaken, failed, interrupted. All are looked at."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import expect

from tests.house.standing import StandingHouse
from tests.journeys.conftest import Arrive
from tests.journeys.inspecting import ON_THE_WAY, Inspector
from tests.journeys.walking import good_card


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    looking = Inspector(unkept=ON_THE_WAY)
    yield looking
    assert not looking.findings, "\n".join(looking.findings)


@pytest.fixture
def planned(house: StandingHouse) -> str:
    """Register a dataset that is not open yet, and return the address of its page."""
    known = requests.get(f"{house.sandbox}/registration.json", timeout=10).json()["datasets"][0]
    testing = {"testing": known["endpoints"]["testing"]}
    done = house.seed({"datasets": [known | {"id": "states-planned", "name": "籌備中的資料", "endpoints": testing}]})
    assert done.returncode == 0, done.stderr
    return "/datasets/states-planned"


def test_pages_before_anybody_is_known(arrive: Arrive, inspector: Inspector, planned: str) -> None:
    walker = arrive(seen=inspector, refusals={404, 405})
    for name, path, title in (
        ("nothing-found", "/datasets?q=zzzz", "資料目錄"),
        ("services-found", "/datasets?q=貸款", "資料目錄"),
        ("situation", "/datasets?for=loan", "申請信用卡或貸款：常用的資料"),
        ("planned-dataset", planned, "籌備中的資料"),
        ("nothing-chosen", "/choose", "選好的資料"),
        ("no-such-page", "/nowhere", "找不到這一頁"),
        ("not-a-page", "/choose/add", "這個網址不能直接打開"),
        ("asked-to-verify", "/usage", "選一種方式驗證身分"),
        ("design", "/design", "版面元件"),
    ):
        walker.open(path)
        walker.title(title)
        walker.seen(name)


def test_mistakes_are_named_where_they_were_made(house: StandingHouse, arrive: Arrive, inspector: Inspector) -> None:
    person = house.person("ordinary", 2)
    walker = arrive(seen=inspector, refusals={400, 403, 422})
    walker.open("/identify/two_documents")
    walker.press("送出驗證")
    expect(walker.page.get_by_role("alert")).to_contain_text("要修正")
    expect(walker.page.locator(".govuk-error-summary")).to_be_focused()
    walker.seen("two-documents-empty")
    walker.open("/identify/two_documents")
    walker.type_two_documents(person | {"birth_date": "1990-01-01"})
    expect(walker.page.get_by_role("alert")).to_contain_text("不會指出是哪一項")
    walker.seen("two-documents-refused")

    walker.open("/identify/citizen_certificate")
    walker.sign_with_card(person, good_card(person) | {"pin": "000000"})
    expect(walker.page.get_by_role("status")).to_contain_text("PIN 碼還可以試的次數")
    walker.seen("card-wrong-pin")
    revoked = house.person("revoked_card")
    walker.open("/identify/citizen_certificate")
    walker.sign_with_card(revoked, next(card for card in revoked["cards"] if card["status"] == "revoked"))
    expect(walker.page.get_by_role("alert")).to_contain_text("身分驗證沒有完成")
    walker.seen("card-refused")


def test_who_comes_for_the_first_time_is_told_what_is_missing(
    house: StandingHouse, arrive: Arrive, inspector: Inspector
) -> None:
    person = house.person("first_use")
    walker = arrive(seen=inspector)
    walker.open("/identify/citizen_certificate")
    walker.sign_with_card(person, good_card(person))
    walker.title("您通過了驗證，但還不是會員")
    walker.seen("first-use")
    assert "subject" not in walker.program().session()


def test_a_no_and_a_journey_that_brings_nothing(house: StandingHouse, arrive: Arrive, inspector: Inspector) -> None:
    walker = arrive(seen=inspector)
    walker.sign_in(house.person("agency_down"))
    walker.seen("parcels-none")
    walker.open("/notices")
    walker.seen("notices-none")
    walker.open("/datasets/vehicle-registration")
    walker.press("選這一項 車籍資料")
    walker.open("/choose")
    walker.press("看同意內容")
    walker.press("不同意")
    walker.title("您沒有同意，什麼都沒有取得")
    walker.seen("not-given")

    walker.ask_for("vehicle-registration", "personal-income")
    walker.title("這次沒有取得任何資料")
    expect(walker.row("車籍資料")).to_contain_text("目前沒有回應")
    walker.seen("parcel-failed")
    walker.open("/parcels")
    expect(walker.page.get_by_role("heading", name="現在在平臺上")).to_have_count(0)
    expect(walker.page.get_by_role("heading", name="沒有取得")).to_be_visible()
    walker.seen("parcels")
    walker.open("/")
    expect(walker.page.get_by_role("heading", name="您現在的資料")).to_have_count(0)
    walker.seen("home-signed-in")


def test_a_line_that_breaks_in_any_place_loses_nothing(
    house: StandingHouse, arrive: Arrive, inspector: Inspector
) -> None:
    walker = arrive(seen=inspector)
    walker.sign_in(house.person("ordinary", 1))
    walker.ask_for("vehicle-registration")
    walker.wait_ready()
    walker.complaints.clear()
    walker.page.route("**/file", lambda route: route.abort())
    walker.press("下載並銷毀")
    expect(walker.page.locator("[data-status]")).to_contain_text("連線中斷")
    walker.seen("parcel-line-broken")
    walker.page.unroute("**/file")

    walker.page.route("**/file", lambda route: route.fulfill(body=b"another file"))
    walker.follow("下載資料檔")
    expect(walker.page.locator("[data-status]")).to_contain_text("已丟棄")
    walker.page.unroute("**/file")
    walker.page.route("**/received", lambda route: route.abort())
    assert walker.save(lambda: walker.follow("下載資料檔")).suggested_filename.startswith("MyData-車籍資料-")
    expect(walker.page.locator("[data-status]")).to_contain_text("確認沒有送到")
    walker.seen("parcel-unsaid")
    walker.page.unroute("**/received")
    assert [text for text in walker.complaints if "net::ERR_FAILED" not in text] == []
    walker.complaints.clear()
    walker.press("已存好，立即銷毀")
    walker.title("您已取走，平臺上的已銷毀")
    walker.open("/parcels")
    walker.seen("parcels-gone")


def test_another_browser_sees_where_the_data_are_and_no_more(
    house: StandingHouse, arrive: Arrive, inspector: Inspector
) -> None:
    person = house.person("ordinary", 6)
    first, second = arrive(), arrive(seen=inspector, refusals={409, 410})
    first.sign_in(person)
    parcel = first.ask_for("vehicle-registration")
    first.wait_ready()
    second.sign_in(person, back=f"/parcels/{parcel}")
    second.seen("parcel-elsewhere")
    second.open(f"/parcels/{parcel}/items/vehicle-registration")
    second.seen("other-browser")
    first.program().claim(parcel)
    second.open(f"/parcels/{parcel}")
    expect(second.page.locator("#parcel")).to_contain_text("在另一個瀏覽器領取了")
    second.seen("parcel-released-elsewhere")
    program = first.program()
    program.acknowledge(parcel, b"", expect=409)
    assert program.post(f"/parcels/{parcel}/received", {"sha256": program.parcel(parcel)["file"]["sha256"]})
    second.open(f"/parcels/{parcel}/file")
    second.title("這份資料已經銷毀")
    second.seen("gone")
