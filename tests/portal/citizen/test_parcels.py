"""同意, 取得中, 封存, 領取, 銷毀: each page in each state, and what back and reload do to it."""

import hashlib
from collections.abc import Callable

import pytest
from django.urls import reverse

from audit.actions import Action
from audit.recording import record
from consent.models import Grant
from personal_cloud.models import Item, Parcel
from portal.citizen.outcomes import REASONS
from tests.portal.citizen.conftest import OTHER, WEAK, Drafting
from tests.portal.citizen.landing import answer_none, fail, land
from tests.portal.citizen.visiting import Elements, Visitor

Giving = Callable[..., Parcel]
DATA: dict[str, object] = {"plate": "ABC-1234", "fees": [{"on": "2025-05-03", "amount": 1200}]}


def page_of(visitor: Visitor, parcel: Parcel) -> str:
    """Read the parcel's page."""
    return visitor.read(reverse("parcel", args=[parcel.pk]))


def state_of(page: str) -> str:
    """Return the state that a page shows."""
    return Elements(page).having("data-state")[0]["data-state"]


def here(page: str) -> str:
    """Return the place that the page's list marks as the present one."""
    return page.split('aria-current="step">')[1].split("<", maxsplit=1)[0]


@pytest.fixture
def sealed(given: Giving) -> Parcel:
    """A parcel with one dataset in it."""
    parcel = given(WEAK)
    land(parcel, WEAK, DATA)
    return parcel


def test_the_question_is_asked_in_five_lines_and_in_full(citizen: Visitor, drafted: Drafting) -> None:
    grant = drafted(WEAK)

    page = citizen.read(reverse("consent", args=[grant.pk]))

    for word in ("誰取得", "取得什麼", "為什麼", "保存多久", "同意範圍", "同意並取得", "不同意"):
        assert word in page
    for line in filter(None, grant.wording.splitlines()):
        assert line in page
    assert grant.wording_hash in page
    assert here(page) == "機關"


def test_agree_and_refuse_look_alike(citizen: Visitor, drafted: Drafting) -> None:
    page = Elements(citizen.read(reverse("consent", args=[drafted(WEAK).pk])))

    looks = [button["class"] for button in page.all("button") if "word" not in button["class"]]

    assert looks == ["button", "button"]


def test_agreeing_twice_leads_to_the_same_parcel(citizen: Visitor, drafted: Drafting) -> None:
    grant = drafted(WEAK)
    path = reverse("consent_give", args=[grant.pk])

    first, second = (citizen.send(path, {"wording_hash": grant.wording_hash}) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Parcel.objects.count() == 1
    assert citizen.open(reverse("consent", args=[grant.pk]))["Location"] == first["Location"]


def test_words_that_were_not_shown_are_not_agreed_to(citizen: Visitor, drafted: Drafting) -> None:
    grant = drafted(WEAK)

    answer = citizen.send(reverse("consent_give", args=[grant.pk]), {"wording_hash": "0" * 64})

    assert answer.status_code == 409
    assert not Parcel.objects.exists()


def test_refusing_fetches_nothing_and_says_so(citizen: Visitor, drafted: Drafting) -> None:
    grant = drafted(WEAK)

    answer = citizen.send(reverse("consent_refuse", args=[grant.pk]))

    assert "什麼都沒有取得" in citizen.read(answer["Location"])
    assert Grant.objects.get().state == "refused"


def test_a_question_that_nobody_answered_in_time_is_over(citizen: Visitor, drafted: Drafting) -> None:
    grant = drafted(WEAK)
    Grant.objects.update(state="expired")

    assert "已經過期" in citizen.read(reverse("consent", args=[grant.pk]))


def test_while_collecting_each_agency_has_its_row_and_the_page_may_be_left(citizen: Visitor, given: Giving) -> None:
    parcel = given(WEAK, OTHER)
    land(parcel, WEAK, DATA)

    page = page_of(citizen, parcel)

    assert state_of(page) == "collecting"
    assert here(page) == "機關"
    assert "車籍資料" in page
    assert "駕籍資料" in page
    assert "等候機關" in page
    assert "可以關掉這一頁" in page
    assert "http-equiv" not in page


def test_the_fragment_is_the_same_page_without_its_frame(citizen: Visitor, given: Giving) -> None:
    parcel = given(WEAK)

    fragment = citizen.read(reverse("progress", args=[parcel.pk]))

    assert "<html" not in fragment
    assert state_of(fragment) == "collecting"


@pytest.mark.parametrize("reason", sorted(set(REASONS) - {"no_record"}))
def test_what_was_not_had_says_why_and_what_is_untouched(citizen: Visitor, given: Giving, reason: str) -> None:
    parcel = given(WEAK)
    fail(parcel, WEAK, reason)

    page = page_of(citizen, parcel)

    assert state_of(page) == "failed"
    assert str(REASONS[reason]) % {"provider": "某機關"} in page
    assert "重新選擇資料" in page


def test_no_record_is_a_result_and_not_called_data(citizen: Visitor, given: Giving) -> None:
    parcel = given(WEAK)
    answer_none(parcel, WEAK)

    page = page_of(citizen, parcel)

    assert state_of(page) == "sealed"
    assert "機關都回覆沒有您的紀錄" in page
    assert "資料準備好了" not in page


def test_a_sealed_parcel_is_looked_at_as_a_document(citizen: Visitor, sealed: Parcel) -> None:
    page = page_of(citizen, sealed)
    path = reverse("preview", args=[sealed.pk, WEAK])
    assert state_of(page) == "sealed"
    assert here(page) == "封存"
    assert path in page

    preview = citizen.read(path)

    assert "ABC-1234" in preview
    assert '民國114年5月3日</span><span class="whole">（2025-05-03）</span>' in preview
    assert "1,200 元" in preview
    assert "簽章已檢查" in preview
    assert "{" not in preview.split("<article")[1].split("</article>")[0]


def test_another_browser_is_told_so_and_can_withdraw(sealed: Parcel) -> None:
    other = Visitor()
    other.sign_in()

    page = page_of(other, sealed)

    assert "這個瀏覽器打不開這份資料" in page
    assert reverse("claim", args=[sealed.pk]) not in page
    refused = other.open(reverse("preview", args=[sealed.pk, WEAK]))
    assert refused.status_code == 409
    assert "請回到當初同意的瀏覽器" in refused.content.decode()
    other.send(reverse("withdraw", args=[sealed.grant_id]))
    assert "您已撤回" in page_of(other, sealed)


def test_claiming_leads_to_the_file_and_repeating_it_with_its_key_too(citizen: Visitor, sealed: Parcel) -> None:
    path = reverse("claim", args=[sealed.pk])

    first, second = (citizen.send(path, {"key": "k1", "passphrase": ""}) for _ in range(2))

    assert first["Location"] == second["Location"] == f"{reverse('parcel', args=[sealed.pk])}#take"
    cookie = first.cookies[f"claim_{sealed.pk}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert citizen.send(path, {"key": "k2"}).status_code == 409
    page = page_of(citizen, sealed)
    assert state_of(page) == "released"
    assert reverse("file", args=[sealed.pk]) in page


def test_a_browser_that_did_not_claim_is_sent_to_the_one_that_did(citizen: Visitor, sealed: Parcel) -> None:
    citizen.send(reverse("claim", args=[sealed.pk]), {"key": "k"})
    del citizen.browser.cookies[f"claim_{sealed.pk}"]

    assert "在另一個瀏覽器領取了" in page_of(citizen, sealed)
    assert citizen.open(reverse("file", args=[sealed.pk])).status_code == 409


def test_the_file_is_sent_whole_and_by_range_and_said_to_be_received_by_its_digest(
    citizen: Visitor, sealed: Parcel
) -> None:
    citizen.send(reverse("claim", args=[sealed.pk]), {"key": "k"})
    path = reverse("file", args=[sealed.pk])

    whole = citizen.open(path)
    content = b"".join(whole.streaming_content)
    part = citizen.open(path, Range="bytes=10-19")

    digest = hashlib.sha256(content).hexdigest()
    assert whole["Cache-Control"] == "no-store, no-transform"
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == content[10:20]
    assert digest in page_of(citizen, sealed)
    wrong = citizen.send(reverse("received", args=[sealed.pk]), {"sha256": "0" * 64})
    assert wrong.status_code == 409
    assert "尚未銷毀" in wrong.content.decode()
    citizen.send(reverse("received", args=[sealed.pk]), {"sha256": digest})
    page = page_of(citizen, sealed)
    assert state_of(page) == "purged"
    assert here(page) == "已銷毀"
    assert "您已取走" in page
    assert "已取得" in page
    assert citizen.open(path).status_code == 410
    assert citizen.open(reverse("preview", args=[sealed.pk, WEAK])).status_code == 410


def test_what_never_came_to_the_citizen_is_not_drawn_there(citizen: Visitor, sealed: Parcel) -> None:
    citizen.send(reverse("withdraw", args=[sealed.grant_id]))

    page = page_of(citizen, sealed)

    assert page.count('class="where-past"') == 2
    assert page.count('class="where-place"') == 2


def test_receipts_are_documents_and_signed_texts(citizen: Visitor, sealed: Parcel) -> None:
    assert citizen.open(reverse("deletion_receipt", args=[sealed.pk])).status_code == 404
    citizen.send(reverse("withdraw", args=[sealed.grant_id]))

    deletion = citizen.read(reverse("deletion_receipt", args=[sealed.pk]))
    consent = citizen.read(reverse("consent_receipt", args=[sealed.grant_id]))

    assert "您撤回了同意" in deletion
    assert Item.objects.get(parcel=sealed).commitment in deletion
    assert "已撤回" in consent
    for name, id_ in (("deletion_receipt_signed", sealed.pk), ("consent_receipt_signed", sealed.grant_id)):
        signed = citizen.open(reverse(name, args=[id_]))
        assert signed["Content-Type"] == "application/jose"
        assert signed.content.count(b".") == 2
        assert "attachment" in signed["Content-Disposition"]


def test_the_record_tells_it_all_the_newest_first(citizen: Visitor, sealed: Parcel) -> None:
    citizen.send(reverse("withdraw", args=[sealed.grant_id]))

    page = citizen.read(reverse("usage"))

    assert page.index("您撤回了同意") < page.index("您同意取得資料")
    assert reverse("consent_receipt", args=[sealed.grant_id]) in page
    assert reverse("deletion_receipt", args=[sealed.pk]) in page
    assert citizen.open(f"{reverse('usage')}?after=nonsense").status_code == 400


def test_an_empty_record_says_what_will_be_written_there(citizen: Visitor) -> None:
    assert "還沒有任何紀錄" in citizen.read(reverse("usage"))
    assert "還沒有通知" in citizen.read(reverse("notices"))
    assert "平臺上現在沒有您的資料" in citizen.read(reverse("parcels"))


def test_the_front_page_shows_what_is_alive_and_what_happened_last(citizen: Visitor, sealed: Parcel) -> None:
    page = citizen.read(reverse("home"))

    assert reverse("parcel", args=[sealed.pk]) in page
    assert "最近一次" in page


def test_the_front_page_tells_of_what_happened_and_not_of_what_only_follows(citizen: Visitor, sealed: Parcel) -> None:
    record(Action.CONSENT_SPENT, subject=sealed.subject, grant=str(sealed.grant_id), datasets=[WEAK])
    assert "這次的同意已用完" in citizen.read(reverse("usage"))
    assert "這次的同意已用完" not in citizen.read(reverse("home"))


def test_a_prefetch_moves_nothing(citizen: Visitor, sealed: Parcel) -> None:
    citizen.send(reverse("claim", args=[sealed.pk]), {"key": "k"})

    answer = citizen.browser.head(reverse("file", args=[sealed.pk]))

    assert answer.status_code == 200
    assert Parcel.objects.get().state == "released"
