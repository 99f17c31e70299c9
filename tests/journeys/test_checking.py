"""查驗檔案: files of real journeys, honest and forged, handed in at the page that checks them in the reader's browser."""

import datetime as dt
import io
import string
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from playwright.sync_api import expect

from tests.house.client import Client
from tests.house.standing import StandingHouse
from tests.journeys import forging
from tests.journeys.conftest import Arrive
from tests.journeys.desk import Desk
from tests.journeys.forging import Authority, Kind
from tests.journeys.inspecting import Inspector

Json = dict[str, Any]
DATASETS = ("household-individual", "vehicle-registration")
PASSPHRASE = "只有我知道的 sentence"
NAME = "MyData-個人戶籍資料等2項.zip"
GOOD = "這個資料檔是 MyData 平臺做的，做好之後沒有被改過。"


@dataclass(frozen=True)
class Home:
    """What one person took home."""

    plain: bytes
    locked: bytes
    consent: bytes
    later: bytes
    """The consent of another time, by the same person."""
    deletion: bytes
    parcel: str

    @property
    def names(self) -> list[str]:
        with zipfile.ZipFile(io.BytesIO(self.plain)) as archive:
            return archive.namelist()

    @property
    def original(self) -> str:
        """The agency's signed zip."""
        return next(name for name in self.names if name.endswith("original.zip"))


@pytest.fixture(scope="module")
def home(house: StandingHouse) -> Home:
    client = Client(house).sign_in(house.person("ordinary", 5), level=1)
    grant, parcel = client.request(*DATASETS)
    client.wait(parcel, "sealed")
    consent = client.receipt(grant)
    plain, purged = client.take(parcel)
    later, second = client.request(*DATASETS)
    client.wait(second, "sealed")
    locked, _ = client.take(second, passphrase=PASSPHRASE)
    return Home(
        plain=plain,
        locked=locked,
        consent=consent.encode(),
        later=client.receipt(later).encode(),
        deletion=str(purged["deletion_receipt"]).encode(),
        parcel=parcel,
    )


@pytest.fixture(scope="module")
def portal(house: StandingHouse) -> Authority:
    """The house's own CA, once its keys are made: they are at the first use."""
    requests.get(f"{house.base}/.well-known/portal-ca.pem", timeout=10).raise_for_status()
    return Authority.of(house.secrets_dir)


@pytest.fixture
def desk(arrive: Arrive) -> Iterator[Desk]:
    """A reader who is nobody in particular; in the end nothing of any file may have left the browser."""
    found = Desk(arrive())
    yield found
    assert found.sent() == []


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
    for at in (*range(0, len(signature), 53), len(signature) - 1):
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


# -- PDFs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ecdsa", "pkcs1v15", "pss"])
def test_a_pdf_with_the_portals_signature_holds_until_a_byte_of_it_changes(
    desk: Desk, portal: Authority, kind: Kind
) -> None:
    paper = forging.signed_pdf(portal, kind)
    assert desk.check("paper.pdf", paper) == "這份 PDF 是 MyData 平臺簽章的，簽章之後沒有被改過。"
    assert desk.facts()["簽章者"] == "MyData Portal"
    assert "民國" in desk.facts()["簽章者寫的時間"]
    contents = paper.index(b"/Contents <") + len(b"/Contents <")
    for at in (9, paper.index(b"/MediaBox"), contents + 100, contents + 1500, paper.rindex(b"0>"), len(paper) - 3):
        desk.check("paper.pdf", forging.flipped(paper, at))
        assert desk.blamed() == {"paper.pdf"}, at


def test_a_pdf_that_went_on_after_its_signature_is_said_to(desk: Desk, portal: Authority) -> None:
    paper = forging.signed_pdf(portal, "ecdsa")
    longer = forging.revised(paper)
    desk.check("paper.pdf", longer)
    assert f"又加了 {len(longer) - len(paper)} 位元組" in dict(desk.lines("fails"))["paper.pdf"]
    desk.check("paper.pdf", paper[:-1])
    assert "被截斷" in dict(desk.lines("fails"))["paper.pdf"]


def test_a_pdf_of_another_signer_is_refused_and_one_without_signature_is_nobodys(desk: Desk) -> None:
    desk.check("paper.pdf", forging.signed_pdf(Authority.posing(), "pkcs1v15"))
    assert "簽章不是 MyData 平臺的" in dict(desk.lines("fails"))["paper.pdf"]
    assert "沒有數位簽章" in desk.check("paper.pdf", forging.plain_pdf())
    assert desk.lines("fails") == []


def test_a_pdf_with_another_certificate_of_the_same_key_is_found(desk: Desk, portal: Authority) -> None:
    key, serial = forging.new_key("ecdsa"), 4711
    paper = forging.signed_pdf(portal, "ecdsa", key=key, serial=serial)
    twin = portal.issue(key, serial=serial, until=dt.timedelta(days=3000))
    desk.check("paper.pdf", forging.with_certificate(paper, twin))
    assert dict(desk.lines("fails")) == {"paper.pdf": "簽章與裡面附的憑證不符。"}


# -- Receipts -----------------------------------------------------------------------------------------------------------


def test_receipts_hold_and_say_in_words_who_what_and_when(desk: Desk, home: Home) -> None:
    assert desk.check("MyData-consent.jws", home.consent) == "這是 MyData 平臺開立的當次同意書，沒有被改過。"
    facts = desk.facts()
    assert facts["取得什麼"] == "個人戶籍資料、車籍資料"
    assert facts["誰取得"] == "您本人"
    assert facts["同意的時間"].startswith("民國")
    assert "車籍資料" in desk.page.locator(".checked .wording").inner_text()
    assert desk.check("MyData-deletion.jws", home.deletion + b"\n") == "這是 MyData 平臺開立的銷毀證明，沒有被改過。"
    facts = desk.facts()
    assert facts["銷毀原因"] == "本人已取走並確認存好"
    assert facts["銷毀了什麼"] == "個人戶籍資料、車籍資料"
    assert facts["資料的編號"] == home.parcel


def test_a_receipt_with_one_changed_letter_does_not_hold(desk: Desk, home: Home) -> None:
    for receipt in (home.consent, home.deletion):
        head, body = receipt.index(b"."), receipt.rindex(b".")
        for at in (0, 5, head, head + 20, body - 1, body, body + 30, len(receipt) - 1):
            desk.check("MyData.jws", forging.flipped(receipt, at))
            assert desk.blamed() == {"MyData.jws"}, at
        # The last letter of 64 octets holds four bits that mean nothing.
        letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
        twin = letters[letters.index(chr(receipt[-1])) + 1]
        desk.check("MyData.jws", receipt[:-1] + twin.encode())
        assert desk.blamed() == {"MyData.jws"}, twin


def test_a_receipt_by_another_key_or_about_something_else_is_refused(
    desk: Desk, home: Home, house: StandingHouse
) -> None:
    key = load_pem_private_key((house.secrets_dir / "receipts.key").read_bytes(), None)
    header = jwt.get_unverified_header(home.consent)
    claims = jwt.decode(home.consent, options={"verify_signature": False})

    def told(algorithm: str = "ES256", by: Any = key, *, head: Json | None = None, **changed: str) -> str:  # noqa: ANN401 - any key
        forged = jwt.encode(
            claims | changed, by, algorithm=algorithm, headers=header | {"alg": algorithm} | (head or {})
        )
        desk.check("MyData.jws", forged.encode())
        return "\n".join(sentence for _, sentence in desk.lines("fails"))

    another = forging.new_key("ecdsa")
    assert told() == ""
    assert "簽章不成立" in told(by=another)
    assert "不是平臺公布的" in told(by=another, head={"kid": "another"})
    assert "演算法" in told("HS256", by="0" * 32)
    assert "演算法" in told(head={"crit": ["exp"], "exp": 1})
    assert "開立者不是這個平臺" in told(iss="https://mydata.example")
    assert "SHA-256 不符" in told(wording="別的文字")
    assert "也不是銷毀證明" in told(head={"typ": "mydata-parcel+jws"})


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


def test_every_state_of_the_page_is_for_everybody(arrive: Arrive, home: Home) -> None:
    inspector = Inspector("checking-")
    desk = Desk(arrive(seen=inspector))
    desk.walker.seen("empty")
    desk.hand_in(NAME, home.locked)
    expect(desk.page.get_by_label("這個檔案的密碼")).to_be_focused()
    desk.page.get_by_label("這個檔案的密碼").fill("wrong")
    desk.walker.press("打開並查驗檔案")
    expect(desk.page.get_by_text("這個密碼打不開這個檔案")).to_be_visible()
    desk.walker.seen("locked")
    for name, file, content in (
        ("good", NAME, home.plain),
        ("bad", NAME, forging.rebuilt(home.plain, {"consent.jws": None, "x": b"x"})),
        ("consent", "MyData-consent.jws", home.consent),
        ("unknown", "notes.txt", b"a shopping list"),
    ):
        desk.check(file, content)
        desk.walker.seen(name)
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
