"""People leave in the middle, come back later, come from elsewhere, or do not come back at all."""

from playwright.sync_api import expect

from tests.house.client import Client
from tests.house.fixtures import HouseFactory
from tests.house.standing import StandingHouse
from tests.journeys import taken
from tests.journeys.conftest import Arrive
from tests.journeys.told import Letters, Trail

LIFE = 15
WINDOW = 2


def test_who_leaves_while_an_agency_is_slow_is_told_and_comes_back_to_it(house: StandingHouse, arrive: Arrive) -> None:
    person = house.person("agency_slow")
    walker = arrive()
    walker.sign_in(person)
    letters = Letters(house, person)
    parcel = walker.ask_for("vehicle-registration", "household-individual")
    walker.title("正在向機關取得您的資料")
    expect(walker.row("車籍資料")).to_contain_text("再去取")
    walker.page.close()
    letters.check("consent_given", "parcel_ready")

    walker.come_back()
    walker.open("/parcels")
    walker.follow("車籍資料、個人戶籍資料")
    walker.title("資料準備好了")
    walker.follow("預覽車籍資料")
    walker.title("車籍資料")
    assert walker.program().take(parcel)[1]["state"] == "purged"


def test_what_one_browser_asked_for_another_lists_and_withdraws_but_never_opens(
    house: StandingHouse, arrive: Arrive
) -> None:
    person = house.person("ordinary", 5)
    first, second = arrive(refusals={410}), arrive(refusals={409})
    first.sign_in(person)
    parcel = first.ask_for("vehicle-registration")
    first.wait_ready()
    second.sign_in(person)
    trail = Trail(second.program)
    program = second.program()
    for answer in (
        program.preview(parcel, "vehicle-registration", expect=409),
        program.claim(parcel, expect=409),
        program.call("GET", f"/parcels/{parcel}/file", expect=409).json(),
    ):
        assert answer["code"] in {"other_browser", "claim_first"}

    second.open("/parcels")
    second.follow("車籍資料")
    expect(second.page.locator("#parcel")).to_contain_text("這個瀏覽器打不開這份資料")
    expect(second.page.get_by_role("button", name="下載並銷毀")).to_have_count(0)
    second.open(f"/parcels/{parcel}/items/vehicle-registration")
    second.title("請回到當初同意的瀏覽器")
    second.open(f"/parcels/{parcel}")
    second.page.get_by_text("撤回同意", exact=True).click()
    second.press("撤回並銷毀")
    second.title("您已撤回，資料已銷毀")

    first.open(f"/parcels/{parcel}/items/vehicle-registration")
    first.title("這份資料已經銷毀")
    receipt = first.program().parcel(parcel)["deletion_receipt"]
    taken.check_deletion(house, receipt, because="withdrawn", datasets=("vehicle-registration",))
    trail.wait_for(datasets=(), consent_withdrawn=1, parcel_purged=1, notice_sent=2)


def test_a_second_browser_does_not_shut_the_first_out(house: StandingHouse, arrive: Arrive) -> None:
    person = house.person("ordinary", 6)
    first, second = arrive(), arrive()
    first.sign_in(person)
    mine = first.ask_for("vehicle-registration")
    second.sign_in(person)
    other = second.ask_for("vehicle-registration")
    for parcel in (mine, other):
        first.program().wait(parcel, "sealed")
    for walker, opens, shut in ((first, mine, other), (second, other, mine)):
        program = walker.program()
        assert program.preview(opens, "vehicle-registration")["dataset"] == "vehicle-registration"
        assert program.preview(shut, "vehicle-registration", expect=409)["code"] == "other_browser"
    first.program().withdraw({"id": second.program().parcel(other)["grant"]})
    first.open("/parcels")
    first.press("登出")
    first.sign_in(person, back=f"/parcels/{mine}")
    first.title("資料準備好了")
    assert first.program().take(mine)[1]["state"] == "purged", "signing out and in again lost the secret"


def test_what_nobody_fetches_is_destroyed_when_its_time_is_over(new_house: HouseFactory, arrive: Arrive) -> None:
    house = new_house(MYDATA_PARCEL_TTL=str(LIFE), MYDATA_RESUME_WINDOW=str(WINDOW))
    walker = arrive(house)
    walker.sign_in(house.person("ordinary", 0))
    left = walker.ask_for("vehicle-registration")
    client = Client(house).sign_in(house.person("ordinary", 1), level=1)
    trail = Trail(lambda: client)
    _, half_taken = client.request("household-individual")
    client.wait(half_taken, "sealed")
    client.claim(half_taken)
    assert client.download(half_taken, headers={"Range": "bytes=0-99"}, expect=206)

    client.wait(half_taken, "purged", seconds=LIFE)
    receipt = client.parcel(half_taken)["deletion_receipt"]
    taken.check_deletion(house, receipt, because="window_over", datasets=("household-individual",))
    trail.wait_for(
        datasets=("household-individual",),
        consent_given=1,
        data_requested=1,
        data_landed=1,
        parcel_sealed=1,
        parcel_released=1,
        parcel_purged=1,
        consent_spent=1,
        notice_sent=8,
    )
    walker.program().wait(left, "purged", seconds=2 * LIFE)
    walker.open(f"/parcels/{left}")
    walker.title("已到期，資料已銷毀")
    receipt = walker.program().parcel(left)["deletion_receipt"]
    taken.check_deletion(house, receipt, because="expired", datasets=("vehicle-registration",))
    assert "consent:expired" in {line["action"] for line in walker.program().usage()}
