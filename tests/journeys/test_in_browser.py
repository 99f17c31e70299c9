"""服務模式 1 by a person at a browser, with JavaScript and without: every page, every press, every paper."""

from collections import Counter
from pathlib import Path

from playwright.sync_api import expect

from tests.house.standing import StandingHouse
from tests.journeys import taken
from tests.journeys.conftest import Arrive
from tests.journeys.inspecting import Inspector
from tests.journeys.told import TOLD_OF, Letters, Trail
from tests.journeys.walking import Walker, content_of, good_card

FOUR = ("household-individual", "personal-income", "labor-pension-contribution", "vehicle-registration")
NAMES = ("個人戶籍資料", "個人所得資料", "勞工提繳異動資料", "車籍資料")
YEAR = 112


def find_and_choose(walker: Walker) -> None:
    """From the first page, by a search and by browsing, to four chosen datasets."""
    walker.open("/")
    walker.seen("home")
    walker.page.get_by_role("searchbox").fill("所得")
    walker.press("尋找")
    walker.follow("個人所得資料")
    walker.title("個人所得資料")
    walker.seen("dataset")
    walker.open("/datasets")
    walker.seen("datasets")
    walker.choose(*NAMES)
    walker.seen("datasets-chosen")
    walker.follow("確認選好的資料")
    walker.page.get_by_label("年度").select_option(str(YEAR))
    walker.seen("choose")


def step_up(walker: Walker, person: dict[str, object]) -> None:
    """Signed in by two documents, be asked for more, and come back to what was chosen."""
    walker.press("驗證身分")
    walker.title("選一種方式驗證身分")
    weaker = walker.page.get_by_role("region", name="雙證件")
    expect(weaker).to_contain_text("打不開您選的資料")
    expect(weaker.get_by_role("link")).to_have_count(0)
    walker.seen("verify-step-up")
    walker.follow("用自然人憑證驗證")
    walker.seen("certificate")
    walker.sign_with_card(person, good_card(person))
    walker.title("要不要同意取得這些資料？")


def read_and_agree(walker: Walker) -> str:
    """Read what is agreed to, and agree; return the parcel's id."""
    for name in NAMES:
        expect(walker.page.locator("dl.facts").first).to_contain_text(name)
    expect(walker.page.locator(".wording")).to_contain_text(f"{YEAR}")
    expect(walker.page.locator(".where [aria-current=step]")).to_contain_text("機關")
    walker.seen("consent")
    return walker.agree()


def look_at_each(walker: Walker) -> None:
    """Open each preview, and come back."""
    walker.seen("parcel-sealed")
    for dataset, name in zip(FOUR, NAMES, strict=True):
        walker.follow(f"預覽{name}")
        walker.title(name)
        expect(walker.page.get_by_role("img", name="簽章已檢查")).to_be_visible()
        walker.seen(f"preview-{dataset}")
        walker.follow("回去領取")
        walker.title("資料準備好了")


def read_receipts(walker: Walker, house: StandingHouse, folder: Path) -> None:
    """From the parcel that is gone, save both signed receipts and check them with the published keys."""
    walker.follow("看銷毀證明")
    walker.seen("deletion-receipt")
    deletion = content_of(walker.save(lambda: walker.follow("下載簽章檔（JWS）")), folder).decode()
    taken.check_deletion(house, deletion, because="received", datasets=FOUR)
    walker.follow("回這份資料")
    walker.follow("看當次同意書")
    walker.seen("consent-receipt")
    consent = content_of(walker.save(lambda: walker.follow("下載簽章檔（JWS）")), folder).decode()
    assert consent == (folder / "consent.jws").read_text(), "the receipt in the file is another"


def check_record(walker: Walker, trail: Trail) -> None:
    """The record of use has one line a step and dataset, on the page as in the answer for programs."""
    lines = trail.wait_for(
        datasets=FOUR,
        identity_verified=1,
        consent_given=1,
        data_requested=1,
        data_landed=4,
        parcel_sealed=1,
        parcel_viewed=4,
        parcel_released=1,
        parcel_purged=1,
        consent_spent=1,
        notice_sent=2 * len(TOLD_OF),
    )
    walker.open("/usage")
    walker.seen("usage")
    shown = walker.page.locator("ol.trail .row-words :is(h2, h3)").all_inner_texts()[: len(lines)]
    assert Counter(text.partition("（")[0] for text in shown) == Counter(
        line["sentence"]["zh"].partition("（")[0] for line in lines
    )


def test_a_person_takes_four_datasets_home(house: StandingHouse, arrive: Arrive, tmp_path: Path) -> None:
    person = house.person("ordinary", 3)
    inspector = Inspector()
    walker = arrive(seen=inspector)
    walker.open("/identify")
    walker.seen("verify")
    walker.follow("用雙證件驗證")
    walker.seen("two-documents")
    walker.type_two_documents(person)
    walker.page.wait_for_url(house.base + "/")
    trail, letters = Trail(walker.program), Letters(house, person)
    house.fault("dataset:vehicle-registration", "come_back")

    find_and_choose(walker)
    step_up(walker, person)
    parcel = read_and_agree(walker)
    walker.title("正在向機關取得您的資料")
    walker.page.evaluate("window.stayed = true")
    walker.seen("parcel-collecting")
    walker.wait_ready()
    assert walker.page.evaluate("window.stayed"), "the page was loaded again"
    expect(walker.page.locator("#parcel-status")).to_contain_text("只有這個瀏覽器能打開")
    look_at_each(walker)

    saved = walker.save(lambda: walker.press("下載並銷毀"))
    assert saved.suggested_filename.startswith("MyData-個人戶籍資料等4項-")
    walker.title("您已取走，平臺上的已銷毀")
    expect(walker.page.get_by_role("link", name="再存一次（這一頁關掉之前）")).to_be_visible()
    walker.seen("parcel-purged")
    taken.check_file(house, taken.unpack(content_of(saved, tmp_path.parent), tmp_path), datasets=FOUR)
    assert walker.context.request.get(f"/parcels/{parcel}/file").status == 410
    walker.page.reload()
    walker.title("您已取走，平臺上的已銷毀")
    read_receipts(walker, house, tmp_path)
    check_record(walker, trail)
    letters.check(*TOLD_OF)
    walker.open("/notices")
    walker.seen("notices")
    assert not inspector.findings, "\n".join(inspector.findings)


def test_a_person_takes_four_datasets_home_without_javascript(
    house: StandingHouse, arrive: Arrive, tmp_path: Path
) -> None:
    person = house.person("ordinary", 4)
    walker = arrive(script=False)
    walker.open("/identify/two_documents")
    walker.type_two_documents(person)
    walker.page.wait_for_url(house.base + "/")
    trail, letters = Trail(walker.program), Letters(house, person)
    house.fault("dataset:vehicle-registration", "come_back")

    find_and_choose(walker)
    step_up(walker, person)
    parcel = read_and_agree(walker)
    walker.title("正在向機關取得您的資料")
    walker.wait_ready()
    look_at_each(walker)

    walker.press("下載並銷毀")
    walker.title("下載，存好，銷毀")
    saved = walker.save(lambda: walker.follow("下載資料檔"))
    again = walker.save(lambda: walker.follow("下載資料檔"))
    content = content_of(saved, tmp_path.parent)
    assert content == content_of(again, tmp_path.parent), "a second time the same bytes"
    walker.press("已存好，立即銷毀")
    walker.title("您已取走，平臺上的已銷毀")
    taken.check_file(house, taken.unpack(content, tmp_path), datasets=FOUR)
    assert walker.context.request.get(f"/parcels/{parcel}/file").status == 410
    read_receipts(walker, house, tmp_path)
    check_record(walker, trail)
    letters.check(*TOLD_OF)
