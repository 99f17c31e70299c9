"""The whole of mode 1 without a mouse, with JavaScript and without: chosen, proven, agreed to, seen, taken, destroyed, looked up."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.house.client import Client
from tests.house.standing import StandingHouse
from tests.journeys.conftest import Arrive
from tests.journeys.typing import Keyboard
from tests.journeys.walking import Json, Walker, good_card


def sign(walker: Walker, keys: Keyboard, person: Json) -> None:
    """Name the certificate's holder and have the card sign: by the page, or without script by hand."""
    card = good_card(person)
    keys.fill("身分證字號或居留證號", person["national_id"])
    keys.press("下一步：用卡片簽章")
    walker.title("用卡片簽章")
    if walker.script:
        keys.fill("卡號", card["card"])
        keys.fill("PIN 碼", card["pin"])
    else:
        printed = walker.page.locator("[data-without-script] > pre").first.inner_text()
        keys.fill("簽章（回覆中 cms 的內容）", Client(walker.house).sign(card, printed))
    keys.press("簽章並驗證")


def choose(walker: Walker, keys: Keyboard) -> None:
    """From the first page to two chosen datasets, of which one asks for the card."""
    keys.follow("資料目錄")
    walker.title("資料目錄")
    for number, name in enumerate(("車籍資料", "個人所得資料"), 1):
        keys.press(f"選這一項 {name}", key="Space")
        expect(walker.page.locator("#basket")).to_contain_text(f"已選 {number} 項")
    keys.follow("確認選好的資料")
    walker.title("選好的資料")


def take(walker: Walker, keys: Keyboard) -> None:
    """Take the file and say that it is safe; the page says so itself where it can."""
    if walker.script:
        walker.save(lambda: keys.press("下載並銷毀"))
    else:
        keys.press("下載並銷毀")
        walker.title("下載，存好，銷毀")
        walker.save(lambda: keys.follow("下載資料檔"))
        keys.press("已存好，立即銷毀")
    walker.title("您已取走，平臺上的已銷毀")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_person_with_a_keyboard_only_takes_data_home(house: StandingHouse, arrive: Arrive, script: bool) -> None:  # noqa: FBT001 - a parameter
    person = house.person("ordinary", 4 if script else 5)
    walker = arrive(script=script)
    keys = Keyboard(walker)
    walker.open(reverse("verify"))
    keys.follow("用雙證件驗證")
    walker.title("用雙證件驗證")
    keys.type_two_documents(person)
    walker.page.wait_for_url(house.base + "/")

    choose(walker, keys)
    keys.press("驗證身分")
    walker.title("選一種方式驗證身分")
    keys.follow("用自然人憑證驗證")
    walker.title("用自然人憑證驗證")
    sign(walker, keys, person)
    walker.title("要不要同意取得這些資料？")
    keys.reach(walker.page.get_by_role("button", name="不同意", exact=True))
    keys.reach(walker.page.get_by_role("button", name="同意並取得", exact=True), back=True)
    walker.page.keyboard.press("Enter")
    walker.page.wait_for_url("**/parcels/*")
    walker.wait_ready()

    keys.follow("預覽車籍資料")
    walker.title("車籍資料")
    keys.follow("回去領取")
    walker.title("資料準備好了")
    take(walker, keys)
    keys.follow("使用紀錄")
    walker.title("使用紀錄")
    expect(walker.page.locator("ol.trail")).to_contain_text("銷毀")


def test_who_has_a_keyboard_only_reports_a_mistake_opens_elsewhere_and_says_how_to_be_told(
    house: StandingHouse, arrive: Arrive
) -> None:
    person = house.person("ordinary", 6)
    walker, elsewhere = arrive(), arrive()
    keys = Keyboard(walker)
    walker.sign_in(person)
    parcel = walker.ask_for("vehicle-registration")
    walker.wait_ready()

    keys.follow("預覽車籍資料")
    keys.reach(walker.page.locator('a[href$="path=/owner_name"]'))
    walker.page.keyboard.press("Enter")
    walker.title("反映資料有誤")
    keys.type(walker.page.get_by_label("哪裡有誤"), "姓名少了一個字。")
    keys.press("送給機關")
    walker.page.wait_for_url("**/remarks/*")
    expect(walker.page.locator('main a[href="/remarks"]').first).to_be_visible()

    walker.open(f"/parcels/{parcel}")
    keys.press("出示取件碼")
    walker.title("取件碼")
    spoken = walker.page.locator(".code-spoken").inner_text()
    elsewhere.sign_in(person, back=f"/parcels/{parcel}")
    there = Keyboard(elsewhere)
    there.follow("輸入取件碼")
    expect(elsewhere.page.get_by_label("取件碼")).to_be_focused()
    elsewhere.page.keyboard.insert_text(spoken)
    there.press("打開資料")
    elsewhere.title("資料準備好了")

    elsewhere.open(reverse("account"))
    there.reach(elsewhere.page.get_by_label("電子郵件和簡訊"))
    elsewhere.page.keyboard.press("ArrowDown")
    there.press("儲存通知設定")
    expect(elsewhere.page.get_by_role("status")).to_contain_text("已更改")
    there.reach(elsewhere.page.get_by_label("只用電子郵件"))
    elsewhere.page.keyboard.press("ArrowUp")
    there.press("儲存通知設定")


def test_what_is_not_seen_when_reached_is_caught(arrive: Arrive) -> None:
    walker = arrive()
    walker.open(reverse("verify"))
    walker.page.evaluate("document.querySelector('.brand').style.setProperty('outline', 'none', 'important')")
    with pytest.raises(AssertionError, match=r"no ring at .*: MyData"):
        Keyboard(walker).follow("用雙證件驗證")
