"""A person at a browser: what they press and type on the citizen's pages, with JavaScript or without."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Download, Locator, Page, Request, expect

from tests.house.client import Client
from tests.house.standing import StandingHouse

Json = dict[str, Any]
Seen = Callable[["Walker", str], None]
WIDE, NARROW = 1280, 390


def _nothing(_walker: "Walker", _name: str) -> None:
    """Look at nothing."""


class Walker:
    """One browser of one person. `seen` is called at each page and state the person comes to, with its name.

    `refusals` are the answers that the person means to meet: a browser complains of them in its console. `dots` is how many
    dots of the screen make one pixel of the page, three on a phone.
    """

    def __init__(
        self,
        browser: Browser,
        house: StandingHouse,
        *,
        script: bool = True,
        seen: Seen = _nothing,
        refusals: Iterable[int] = (),
        dots: int = 1,
    ) -> None:
        self.house, self.script, self._seen = house, script, seen
        self._expected = tuple(f"responded with a status of {status} " for status in refusals)
        self.context: BrowserContext = browser.new_context(
            base_url=house.base,
            java_script_enabled=script,
            accept_downloads=True,
            locale="zh-TW",
            viewport={"width": WIDE, "height": 900},
            device_scale_factor=dots,
        )
        self.context.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self.page = self._new_page()

    # -- the page ------------------------------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Type an address."""
        self.page.goto(path)

    def seen(self, name: str) -> None:
        """Have arrived somewhere worth a look."""
        self._seen(self, name)

    def come_back(self) -> None:
        """Open the browser again after having closed the page."""
        self.page = self._new_page()

    def title(self, text: str) -> None:
        """Be on the page with this heading."""
        expect(self.page.get_by_role("heading", level=1, name=text)).to_be_visible()

    def path(self) -> str:
        """Return where the person is."""
        return urlsplit(self.page.url).path

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the button of that name."""
        (within or self.page).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follow the link of that name."""
        (within or self.page).get_by_role("link", name=name, exact=True).click()

    def save(self, act: Callable[[], None]) -> Download:
        """Return the file that the browser saves when the person does `act`."""
        with self.page.expect_download() as waiting:
            act()
        return waiting.value

    def program(self) -> Client:
        """Return a program with this browser's cookies as they are now."""
        client = Client(self.house)
        for cookie in self.context.cookies():
            client.http.cookies.set(cookie["name"], cookie["value"])
        return client

    # -- choosing ------------------------------------------------------------------------------------------------------

    def choose(self, *names: str) -> None:
        """Choose datasets in the catalogue by their names."""
        for name in names:
            self.press(f"選這一項 {name}")
        expect(self.page.locator("#basket")).to_contain_text(f"已選 {len(names)} 項")

    # -- proving who one is --------------------------------------------------------------------------------------------

    def type_two_documents(self, person: Json) -> None:
        """Fill in the form of the two documents, the household's number as the second, and send it."""
        self.page.get_by_label("身分證字號或居留證號").fill(person["national_id"])
        self.type_date("出生日期", person["birth_date"])
        self.page.get_by_label("健保卡卡號").fill(person["health_card_no"])
        self.page.get_by_label("戶口名簿的戶號").check()
        self.page.get_by_label("戶號", exact=True).fill(person["household_no"])
        self.seen("two-documents-filled")
        self.press("送出驗證")

    def type_date(self, label: str, written: str) -> None:
        """Fill in a date, its year counted as people here do."""
        year, month, day = (int(part) for part in written.split("-"))
        fields = self.page.get_by_role("group", name=label)
        for part, value in (("年", year - 1911), ("月", month), ("日", day)):
            fields.get_by_label(part).fill(str(value))

    def sign_with_card(self, person: Json, card: Json) -> None:
        """Name the certificate's holder, then have the card sign: by the page, or without script by hand."""
        self.page.get_by_label("身分證字號或居留證號").fill(person["national_id"])
        self.press("下一步：用卡片簽章")
        self.title("用卡片簽章")
        self.seen("card")
        if self.script:
            self.page.get_by_label("卡號").fill(card["card"])
            self.page.get_by_label("PIN 碼").fill(card["pin"])
        else:
            printed = self.page.locator("[data-without-script] > pre").first.inner_text()
            signature = Client(self.house).sign(card, printed)
            self.page.get_by_label("簽章（回覆中 cms 的內容）").fill(f"{signature[:64]}\n{signature[64:]}\n")
        self.press("簽章並驗證")

    def sign_in(self, person: Json, *, back: str = "/parcels") -> None:
        """Sign in with the card, from nowhere in particular."""
        self.open(f"/identify/citizen_certificate?next={back}")
        self.sign_with_card(person, good_card(person))
        self.page.wait_for_url(f"**{back}")

    # -- agreeing and taking -------------------------------------------------------------------------------------------

    def agree(self) -> str:
        """Agree; return the parcel's id."""
        self.press("同意並取得")
        self.page.wait_for_url("**/parcels/*")
        return self.path().rpartition("/")[2]

    def ask_for(self, *datasets: str) -> str:
        """Choose, confirm and agree in one go, being signed in; return the parcel's id."""
        for dataset in datasets:
            self.open(f"/datasets/{dataset}")
            self.page.get_by_role("button", name="選這一項").click()
        self.open("/choose")
        self.press("看同意內容")
        return self.agree()

    def wait_ready(self) -> None:
        """Wait until everything is there: the page says so itself, or without script is asked again."""
        ready = self.page.get_by_role("heading", level=1, name="資料準備好了")
        for _ in range(100):
            if self.script or ready.is_visible():
                break
            self.follow("重新整理，看最新進度")
            self.page.wait_for_timeout(200)
        expect(ready).to_be_visible(timeout=30_000)

    def row(self, name: str) -> Locator:
        """Return the row of a dataset."""
        return self.page.locator("li.row", has_text=name)

    def close(self) -> None:
        """Close the browser."""
        self.context.close()

    def _new_page(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._note_request)
        return page

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(one in message.text for one in self._expected):
            self.complaints.append(f"{message.type} at {self.path()}: {message.text}")

    def _note_request(self, request: Request) -> None:
        known = (f"{self.house.base}/", f"{self.house.sandbox}/card/sign", f"blob:{self.house.base}/", "data:")
        if not request.url.startswith(known):
            self.complaints.append(f"a request to elsewhere: {request.url}")


def good_card(person: Json) -> Json:
    """Return the person's own valid certificate."""
    cards: list[Json] = person["cards"]
    return next(card for card in cards if (card["kind"], card["status"]) == ("citizen_certificate", "good"))


def content_of(download: Download, folder: Path) -> bytes:
    """Return what was saved."""
    target = folder / "saved"
    download.save_as(target)
    return target.read_bytes()
