"""One person with two devices: what the first one shows, the second one reads, types and opens; one of them takes the file."""

import io
import time
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.house.fixtures import HouseFactory
from tests.house.standing import StandingHouse
from tests.journeys.conftest import Arrive
from tests.journeys.inspecting import ON_THE_WAY, Inspector
from tests.journeys.told import Letters, Trail
from tests.journeys.walking import NARROW, Walker, content_of

NAME = "車籍資料"
DATASET = "vehicle-registration"
SHORT = 3


def read_from_screen(walker: Walker) -> dict[str, str]:
    """Return what a camera held before the screen reads once its words are set: each kind of code with its text."""
    walker.page.evaluate("document.fonts.ready.then(() => null)")
    picture = Image.open(io.BytesIO(walker.page.screenshot()))
    return {found.format.name: found.text for found in zxingcpp.read_barcodes(picture)}


def show_code(walker: Walker) -> str:
    """Have a code shown; return it as a person reads it aloud."""
    walker.press("出示取件碼")
    walker.title("取件碼")
    return walker.page.locator(".code-spoken").inner_text()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_code_shown_on_one_device_opens_the_data_on_another(
    house: StandingHouse, arrive: Arrive, tmp_path: Path, *, script: bool
) -> None:
    person, inspector = house.person("ordinary", 4), Inspector(unkept=ON_THE_WAY)
    seen = {"seen": inspector} if script else {}
    first, second = arrive(script=script, **seen), arrive(script=script, refusals={409, 422}, **seen)
    first.sign_in(person)
    parcel = first.ask_for(DATASET)
    first.wait_ready()
    trail, letters = Trail(first.program), Letters(house, person)
    first.seen("parcel-opens-here")
    spoken = show_code(first)
    shown = read_from_screen(first)
    assert set(shown) == {"QRCode", "Code128"}
    assert shown["Code128"] == spoken.replace("-", "")
    assert shown["QRCode"].startswith("MYD1:")
    first.seen("pickup-code")

    second.sign_in(person, back=f"/parcels/{parcel}")
    second.follow("輸入取件碼")
    second.title("輸入取件碼")
    expect(second.page.get_by_label("取件碼")).to_be_focused()
    second.seen("pickup-entry")
    second.page.get_by_label("取件碼").fill(spoken[:-1] + ("0" if spoken[-1] != "0" else "1"))
    second.press("打開資料")
    expect(second.page.get_by_role("alert")).to_contain_text("打錯了")
    second.seen("pickup-entry-mistyped")
    # A hand-held scanner types what it read, and presses Enter.
    second.page.get_by_label("取件碼").fill("")
    second.page.get_by_label("取件碼").type(shown["QRCode" if script else "Code128"])
    second.page.keyboard.press("Enter")
    second.title("資料準備好了")
    second.seen("parcel-opens-there-too")
    second.follow(f"預覽{NAME}")
    second.title(NAME)

    first.page.reload()
    first.title("取件碼已經用過了")
    first.seen("code-used")
    first.follow("看這份資料")
    first.title("資料準備好了")
    letters.check("code_opened")
    trail.wait_for(
        datasets=(DATASET,), code_shown=1, identity_verified=1, code_opened=1, parcel_viewed=1, notice_sent=2
    )

    second.open(f"/parcels/{parcel}")
    if script:
        second.save(lambda: second.press("下載並銷毀"))
    else:
        second.press("下載並銷毀")
        second.title("下載，存好，銷毀")
        assert content_of(second.save(lambda: second.follow("下載資料檔")), tmp_path)[:2] == b"PK"
        second.press("已存好，立即銷毀")
    second.title("您已取走，平臺上的已銷毀")
    assert not [cookie for cookie in second.context.cookies() if "half" in cookie["name"]]
    first.page.reload()
    first.title("您已取走，平臺上的已銷毀")
    assert not inspector.findings, "\n".join(inspector.findings)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_small_screen_shows_the_code_bright_enough_to_be_read(
    house: StandingHouse, arrive: Arrive, scheme: str
) -> None:
    walker = arrive(dots=3)
    walker.page.set_viewport_size({"width": NARROW, "height": 760})
    walker.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    walker.sign_in(house.person("ordinary", 3))
    walker.ask_for(DATASET)
    walker.wait_ready()
    spoken = show_code(walker)
    shown = read_from_screen(walker)
    assert shown["Code128"] == spoken.replace("-", ""), "both are on the first screen, without scrolling"
    assert shown["QRCode"]
    expect(walker.page.locator("[data-countdown] strong")).to_contain_text("還有 19:")
    walker.press("換新的取件碼")
    expect(walker.page.locator(".code-spoken")).not_to_have_text(spoken)
    walker.press("撤銷取件碼")
    walker.title("資料準備好了")


def test_the_page_of_a_code_says_by_itself_when_the_code_ran_out(new_house: HouseFactory, arrive: Arrive) -> None:
    house = new_house(MYDATA_CODE_TTL=str(SHORT))
    walker, other = arrive(house), arrive(house, refusals={410})
    person = house.person("ordinary")
    walker.sign_in(person)
    walker.ask_for(DATASET)
    walker.wait_ready()
    spoken, started = show_code(walker), time.monotonic()
    walker.title("取件碼已經過期")
    assert time.monotonic() - started < SHORT + 10
    other.sign_in(person, back="/pickup")
    other.page.get_by_label("取件碼").fill(spoken)
    other.press("打開資料")
    expect(other.page.get_by_role("alert")).to_contain_text("已經過期")
    walker.press("出示新的取件碼")
    walker.title("取件碼")
