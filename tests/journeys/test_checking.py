"""查驗檔案: files of real journeys, honest and forged, handed in at the page that checks them in the reader's browser."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from playwright.sync_api import expect

from tests.house.standing import StandingHouse
from tests.journeys import forging
from tests.journeys.conftest import Arrive
from tests.journeys.desk import Desk
from tests.journeys.forging import Authority
from tests.journeys.home import PASSPHRASE, Home
from tests.journeys.inspecting import Inspector

NAME = "MyData-個人戶籍資料等2項.zip"
GOOD = "這個資料檔是 MyData 平臺做的，做好之後沒有被改過。"


# -- The zip ------------------------------------------------------------------------------------------------------------


def test_a_file_taken_home_holds_and_every_claim_is_one_that_was_checked(
    desk: Desk, home: Home, house: StandingHouse
) -> None:
    assert desk.check(NAME, home.plain) == GOOD
    assert desk.lines("fails") == []
    holds, unsaid = dict(desk.lines("holds")), dict(desk.lines("unsaid"))
    count = sum(name.count("/") for name in home.names)
    assert f"有 {count} 個檔案" in holds[NAME]
    assert "平臺的簽章成立" in holds["manifest.p7s"]
    assert "同一次同意" in holds["consent.jws"]
    assert "與裡面附的憑證相符" in holds[home.original]
    assert "平臺沒有公布機關的憑證" in unsaid[home.original]
    assert "沒有查" in unsaid["README.txt"]
    assert "廢止清單" in unsaid["manifest.p7s"]
    agencies = {name for name in home.names if "/original." in name}
    assert agencies <= unsaid.keys(), "more was claimed of an agency's signature than can be checked here"
    papers = {name for name in home.names if name.endswith(".pdf")}
    assert papers <= holds.keys() | unsaid.keys()
    facts = desk.facts()
    assert facts["開立者"] == house.base
    assert "車籍資料" in facts["內容"]
    assert len(facts["平臺根憑證的 SHA-256 指紋"]) == 64


def test_a_file_under_a_passphrase_is_opened_in_the_browser(desk: Desk, home: Home) -> None:
    desk.hand_in(NAME, home.locked)
    field = desk.page.get_by_label("這個檔案的密碼")
    expect(field).to_be_focused()
    field.fill("another sentence")
    desk.walker.press("打開並查驗檔案")
    expect(desk.page.get_by_text("這個密碼打不開這個檔案")).to_be_visible()
    expect(field).to_be_focused()
    field.fill(PASSPHRASE)
    field.press("Enter")
    assert desk.verdict() == GOOD
    expect(field).to_be_hidden()
    assert desk.lines("fails") == []


def test_a_changed_byte_under_a_passphrase_is_found_in_its_file(desk: Desk, home: Home) -> None:
    for name in ("vehicle-registration/vehicle-registration.json", "manifest.json"):
        place = forging.bytes_of(home.locked, name)
        for at in (place[0], place[len(place) // 2], place[-1]):
            desk.hand_in(NAME, forging.flipped(home.locked, at))
            desk.page.get_by_label("這個檔案的密碼").fill(PASSPHRASE)
            desk.walker.press("打開並查驗檔案")
            desk.verdict()
            assert desk.blamed() == {name}


def test_a_changed_byte_in_any_packed_file_is_found_in_its_file(desk: Desk, home: Home) -> None:
    for name in home.names:
        place = forging.bytes_of(home.plain, name)
        desk.check(NAME, forging.flipped(home.plain, place[len(place) // 2]))
        assert desk.blamed() == {name}


def test_a_changed_file_that_was_packed_anew_in_good_order_is_found(desk: Desk, home: Home) -> None:
    for name in (name for name in home.names if name != "README.txt"):
        content = forging.member(home.plain, name)
        forged = forging.flipped(content, len(content) // 2)
        desk.check(NAME, forging.rebuilt(home.plain, {name: forged}))
        assert desk.blamed() == {name}


def test_a_changed_byte_anywhere_in_the_signature_over_the_list_is_found(desk: Desk, home: Home) -> None:
    signature = forging.member(home.plain, "manifest.p7s")
    unsigned = (2, 18, 25, 35)  # a length, another, the version, an algorithm's number: no signature covers them
    for at in (*unsigned, *range(0, len(signature), 53), len(signature) - 1):
        desk.check(NAME, forging.rebuilt(home.plain, {"manifest.p7s": forging.flipped(signature, at)}))
        assert desk.blamed(), at


def test_a_file_missing_and_a_file_too_many_are_named(desk: Desk, home: Home) -> None:
    missing = "vehicle-registration/vehicle-registration.csv"
    extra = "vehicle-registration/another.pdf"
    desk.check(NAME, forging.rebuilt(home.plain, {missing: None, extra: b"%PDF-1.7"}))
    assert desk.blamed() == {missing, extra}
    assert dict(desk.lines("fails"))[missing] == "這個檔案不見了。"
    for name in ("manifest.json", "manifest.p7s", "consent.jws"):
        desk.check(NAME, forging.rebuilt(home.plain, {name: None}))
        assert desk.blamed() == {name}


def test_a_zip_that_two_programs_would_read_differently_is_refused(desk: Desk, home: Home) -> None:
    assert NAME in desk.check(NAME, b"before" + home.plain)
    assert NAME in desk.check(NAME, home.plain + b"behind")
    assert NAME in desk.check(NAME, home.plain[: len(home.plain) // 2])
    doubled = io.BytesIO(home.plain)
    with zipfile.ZipFile(doubled, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("manifest.json", b"{}")
    desk.check(NAME, doubled.getvalue())
    assert "manifest.json" in desk.blamed()


def test_another_paper_hidden_beside_a_files_name_is_found(desk: Desk, home: Home) -> None:
    for where in ("before", "both", "behind"):
        desk.check("領據.pdf", forging.stuffed(home.plain, where))
        assert desk.blamed() == {"領據.pdf"}, where


def test_another_signer_is_refused_whatever_it_calls_itself(desk: Desk, home: Home, portal: Authority) -> None:
    name = "vehicle-registration/vehicle-registration.csv"
    forged = {name: b"forged"}
    desk.check(NAME, forging.resigned(home.plain, Authority.posing(), forged))
    assert desk.blamed() == {"manifest.p7s"}
    assert "不在平臺公布的根憑證之下" in dict(desk.lines("fails"))["manifest.p7s"]
    for wrong in ({"purpose": ExtendedKeyUsageOID.SERVER_AUTH}, {"is_authority": True}):
        desk.check(NAME, forging.resigned(home.plain, portal, forged, **wrong))
        assert dict(desk.lines("fails")) == {"manifest.p7s": "簽章者的憑證不是用來簽檔案的。"}
    desk.check(NAME, forging.resigned(home.plain, portal, forged, is_detached=False))
    assert dict(desk.lines("fails")) == {"manifest.p7s": "簽章讀不出來，壞了或被改過。"}
    desk.check(NAME, forging.resigned(home.plain, portal, forged, until=dt.timedelta(days=-1)))
    assert dict(desk.lines("fails")) == {"manifest.p7s": "簽章的時間不在憑證的有效期內。"}
    assert desk.check(NAME, forging.resigned(home.plain, portal, forged)) == GOOD


def test_a_certificate_that_expired_since_is_said_to(desk: Desk, home: Home) -> None:
    desk.page.clock.set_fixed_time("2040-01-01")
    assert desk.check(NAME, home.plain) == GOOD
    assert "到期" in dict(desk.lines("unsaid"))["manifest.p7s"]


def test_a_consent_of_another_time_is_not_this_one(desk: Desk, home: Home) -> None:
    desk.check(NAME, forging.rebuilt(home.plain, {"consent.jws": home.later}))
    assert dict(desk.lines("fails")) == {"consent.jws": "是另一次同意的，不屬於這份資料。"}
    desk.check(NAME, forging.rebuilt(home.plain, {"consent.jws": home.deletion}))
    assert dict(desk.lines("fails")) == {"consent.jws": "不是當次同意書。"}


def test_what_an_agency_sent_is_never_said_to_be_more_than_was_checked(desk: Desk, home: Home) -> None:
    sent = forging.member(home.plain, home.original)
    assert "不能說" in desk.check("original.zip", sent)
    inside = next(name for name in zipfile.ZipFile(io.BytesIO(sent)).namelist() if name.endswith(".json"))
    desk.check("original.zip", forging.rebuilt(sent, {inside: b"{}"}))
    assert dict(desk.lines("fails")) == {"original.zip": "機關的清單與裡面的檔案不符。"}
    name = "META-INFO/manifest.xml"
    changed = forging.member(sent, name).replace(b"<files>", b"<files> ", 1)
    desk.check("original.zip", forging.rebuilt(sent, {name: changed}))
    assert dict(desk.lines("fails")) == {"original.zip": "機關清單的簽章與裡面附的憑證不符。"}


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_twenty_megabytes_are_checked_as_well(
    desk: Desk, home: Home, portal: Authority, passphrase: str | None, tmp_path: Path
) -> None:
    name = "vehicle-registration/vehicle-registration.csv"
    large = forging.resigned(home.plain, portal, {name: forging.noise(20_000_000)})
    file = tmp_path / "large.zip"
    file.write_bytes(forging.under_passphrase(large, passphrase) if passphrase else large)
    desk.hand_in_from(file)
    if passphrase:
        desk.page.get_by_label("這個檔案的密碼").fill(passphrase)
        desk.walker.press("打開並查驗檔案")
    assert desk.verdict() == GOOD


# -- The page -----------------------------------------------------------------------------------------------------------


def test_an_unknown_file_and_a_portal_out_of_reach_are_no_verdict(desk: Desk, home: Home, arrive: Arrive) -> None:
    for name, content in (("notes.txt", b"a shopping list"), ("notes.zip", forging.foreign_zip())):
        assert "能查的是" in desk.check(name, content)
        assert desk.lines("fails") == []
    page = desk.page
    page.locator("#file").evaluate("field => field.multiple = true")
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"x"} for name in ("one", "two")]
    page.locator("#file").set_input_files(files)  # type: ignore[arg-type]  # they are the payloads that it asks for
    expect(page.get_by_role("status")).to_have_text("請一次放一個檔案。")
    away = arrive()
    other = Desk(away)
    other.page.route("**/.well-known/*", lambda route: route.abort())
    other.hand_in(NAME, home.plain)
    expect(other.page.get_by_role("status")).to_contain_text("還沒有查驗")
    assert [text for text in away.complaints if "net::ERR_FAILED" not in text] == []
    away.complaints.clear()


def test_a_file_can_be_dropped_anywhere_on_the_page(desk: Desk, home: Home) -> None:
    held = desk.page.evaluate_handle(
        """text => {
          const held = new DataTransfer();
          held.items.add(new File([text], "MyData-consent.jws"));
          return held;
        }""",
        home.consent.decode(),
    )
    desk.page.dispatch_event("h1", "drop", {"dataTransfer": held})
    assert "當次同意書" in desk.verdict()
    assert desk.page.locator("#file").evaluate("field => field.files[0].name") == "MyData-consent.jws"


NAMING = frozenset({"check-good", "check-bad", "check-consent"})
"""States that name what was checked, by references that are others in every house."""


def test_every_state_of_the_page_is_for_everybody(arrive: Arrive, home: Home) -> None:
    inspector = Inspector(unkept=NAMING)
    desk = Desk(arrive(seen=inspector))
    desk.walker.seen("check-empty")
    desk.hand_in(NAME, home.locked)
    expect(desk.page.get_by_label("這個檔案的密碼")).to_be_focused()
    desk.page.get_by_label("這個檔案的密碼").fill("wrong")
    desk.walker.press("打開並查驗檔案")
    expect(desk.page.get_by_text("這個密碼打不開這個檔案")).to_be_visible()
    desk.walker.seen("check-locked")
    for name, file, content in (
        ("good", NAME, home.plain),
        ("bad", NAME, forging.rebuilt(home.plain, {"consent.jws": None, "x": b"x"})),
        ("consent", "MyData-consent.jws", home.consent),
        ("unknown", "notes.txt", b"a shopping list"),
    ):
        desk.check(file, content)
        desk.walker.seen(f"check-{name}")
    assert not inspector.findings, "\n".join(inspector.findings)


def test_readers_of_english_read_english(arrive: Arrive, home: Home) -> None:
    walker = arrive()
    walker.open("/")
    walker.press("English")
    desk = Desk(walker)
    desk.hand_in("MyData-deletion.jws", home.deletion)
    title = desk.page.locator("#verdict")
    expect(title).to_have_text("The MyData portal issued this deletion receipt, and it has not been changed.")
    assert desk.facts()["Destruction ended"].count("(ROC ") == 1


def test_without_javascript_the_page_says_how_to_check_by_hand(arrive: Arrive, house: StandingHouse) -> None:
    walker = arrive(script=False)
    walker.open("/")
    walker.follow("查驗檔案")
    walker.title("查驗檔案")
    expect(walker.page.get_by_text("這一頁要開啟 JavaScript")).to_be_visible()
    expect(walker.page.locator("#desk")).to_be_hidden()
    by_hand = "\n".join(walker.page.locator("pre").all_inner_texts())
    assert "openssl cms -verify" in by_hand
    assert "pdfsig -nssdir" in by_hand
    assert f"{house.base}/.well-known/portal-ca.pem" in by_hand
