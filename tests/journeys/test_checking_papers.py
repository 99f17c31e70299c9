"""查驗檔案: PDFs and receipts, honest and forged, handed in at the page that checks them in the reader's browser."""

import datetime as dt
import string
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.house.standing import StandingHouse
from tests.journeys import forging
from tests.journeys.desk import Desk
from tests.journeys.forging import Authority, Kind
from tests.journeys.home import Home

Json = dict[str, Any]

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
