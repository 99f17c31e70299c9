"""預覽: tables of hundreds of rows in pages that plain links turn, and pictures that only the page's reader gets."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.urls import reverse

from audit.models import Event
from dataproviders.models import Dataset
from personal_cloud.models import Parcel
from personal_cloud.presentation import present
from portal.citizen import paging
from portal.citizen.paging import Leaf, turned
from tests.personal_cloud.test_pictures import HOSTILE, JPEG, drawn, letters, schema
from tests.portal.citizen.conftest import WEAK
from tests.portal.citizen.landing import land
from tests.portal.citizen.visiting import SOMEBODY_ELSE, Elements, Visitor

Giving = Callable[..., Parcel]
Fetching = Callable[[dict[str, object]], str]


@pytest.fixture
def landed(given: Giving) -> Fetching:
    """Have an agency send data; returns the address of their preview."""

    def fetch(data: dict[str, object]) -> str:
        parcel = given(WEAK)
        land(parcel, WEAK, data)
        return reverse("preview", args=[parcel.pk, WEAK])

    return fetch


def fees(count: int) -> list[dict[str, object]]:
    return [{"on": "2025-05-03", "amount": 1_000 + number} for number in range(1, count + 1)]


def amounts(page: str) -> list[int]:
    """Return the numbers of the rows that a page shows."""
    return [int(one.replace(",", "")) - 1_000 for one in re.findall(r"([\d,]+) 元</td>", page)]


def links(page: str) -> dict[str, str]:
    """Return the ways that a page's rows of numbers offer, by their words."""
    (nav,) = re.findall(r'<nav class="pages.*?</nav>', page, re.DOTALL)
    return {text: href for href, text in re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', nav)}


def test_a_long_table_shows_fifty_rows_and_says_which_of_how_many(citizen: Visitor, landed: Fetching) -> None:
    page = citizen.read(landed({"plate": "ABC-1234", "fees": fees(312)}))

    assert amounts(page) == list(range(1, 51))
    assert "第 1–50 筆，共 312 筆" in page
    assert list(links(page)) == ["1", "2", "3", "7", "下一頁", "列出全部 312 筆"]
    assert 'aria-current="page">1</a>' in page


def test_every_row_is_reached_by_following_the_next_page_to_the_end(citizen: Visitor, landed: Fetching) -> None:
    path = landed({"plate": "ABC-1234", "fees": fees(312)})

    seen: list[int] = []
    page = citizen.read(path)
    while "下一頁" in links(page):
        seen += amounts(page)
        page = citizen.read(path + links(page)["下一頁"].partition("#")[0])
    seen += amounts(page)

    assert seen == list(range(1, 313))
    assert "第 301–312 筆，共 312 筆" in page
    assert list(links(page)) == ["上一頁", "1", "5", "6", "7", "列出全部 312 筆"]


def test_the_whole_table_can_be_listed_to_print_or_search_it(citizen: Visitor, landed: Fetching) -> None:
    path = landed({"plate": "ABC-1234", "fees": fees(312)})

    page = citizen.read(path + links(citizen.read(path))["列出全部 312 筆"].partition("#")[0])

    assert amounts(page) == list(range(1, 313))
    assert "共 312 筆" in page
    assert list(links(page)) == ["分頁顯示"]


def test_a_link_leads_back_to_the_table_that_it_turns(citizen: Visitor, landed: Fetching) -> None:
    page = citizen.read(landed({"plate": "ABC-1234", "fees": fees(60)}))

    anchors = {href.partition("#")[2] for href in links(page).values()}

    assert anchors == {"table-1"}
    (region,) = [one for one in Elements(page).all("div") if one.get("id") == "table-1"]
    assert region["tabindex"] == "0", "the keyboard goes on where the link led"


def test_a_short_table_has_its_count_and_no_pages(citizen: Visitor, landed: Fetching) -> None:
    page = citizen.read(landed({"plate": "ABC-1234", "fees": fees(50)}))

    assert amounts(page) == list(range(1, 51))
    assert "共 50 筆" in page
    assert 'class="pages' not in page


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("1.7", 301),
        ("1.8", 301),
        ("1.999999", 301),
        ("1.0", 1),
        ("1.-1", 1),
        ("1.x", 1),
        ("2.3", 1),
        ("9" * 5000 + ".2", 1),
        ("<script>", 1),
        ("", 1),
        ("1.２", 1),
    ],
)
def test_an_address_that_asks_for_nonsense_gets_the_nearest_page(
    citizen: Visitor, landed: Fetching, asked: str, first: int
) -> None:
    answer = citizen.browser.get(landed({"plate": "ABC-1234", "fees": fees(312)}), {"page": asked})

    assert answer.status_code == 200
    assert amounts(answer.content.decode())[0] == first
    assert "<script>" not in answer.content.decode()


def test_turning_one_table_leaves_the_other_where_it_is() -> None:
    rows = [{"n": number} for number in range(120)]
    document = turned(present({}, {"a": rows, "b": {"c": rows}}), ["1.2", "2.3"])
    first, second = document.sections[0].tables[0], document.sections[1].tables[0]
    assert isinstance(first, Leaf)
    assert isinstance(second, Leaf)
    assert (first.first, first.last, second.first, second.last) == (51, 100, 101, 120)
    assert first.after == "?page=1.3&page=2.3#table-1"
    assert first.before == "?page=2.3#table-1", "the first page needs no asking"
    assert second.before == "?page=1.2&page=2.2#table-2"


def test_a_table_too_long_for_one_page_is_never_listed_whole() -> None:
    rows = [{"n": number} for number in range(paging.MOST_AT_ONCE + 1)]
    (leaf,) = turned(present({}, {"a": rows}), ["1.all"]).sections[0].tables
    assert isinstance(leaf, Leaf)
    assert (len(leaf.rows), leaf.whole) == (paging.ROWS, "")


def test_in_english_the_rows_are_counted_in_english(citizen: Visitor, landed: Fetching) -> None:
    citizen.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert "Entries 1–50 of 312" in citizen.read(landed({"plate": "ABC-1234", "fees": fees(312)}))


@pytest.fixture
def pictured(landed: Fetching) -> Callable[..., str]:
    """Have an agency send a photograph under the schema's word for one."""

    def fetch(value: str, media_type: str = JPEG) -> str:
        Dataset.objects.filter(pk=WEAK).update(schema={"properties": {"photo": schema(media_type)}})
        return landed({"photo": value})

    return fetch


def test_a_picture_is_seen_in_the_page_under_its_title(citizen: Visitor, pictured: Callable[..., str]) -> None:
    content = drawn("JPEG", (413, 531))
    path = pictured(letters(content))

    (image,) = [one for one in Elements(citizen.read(path)).all("img") if one.get("class") == "picture"]
    answer = citizen.open(image["src"])

    assert (image["alt"], image["width"], image["height"]) == ("相片", "413", "531")
    assert answer.status_code == 200
    assert answer.content == content
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert "img-src 'self'" in answer["Content-Security-Policy"]
    assert letters(content)[:40] not in citizen.read(path)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_are_named_in_the_page_and_handed_to_nobody(
    citizen: Visitor, pictured: Callable[..., str], value: str
) -> None:
    path = pictured(value, "image/png")

    page = citizen.read(path)

    assert 'class="picture"' not in page
    assert "無法在這裡顯示" in page
    assert citizen.open(f"{path}/picture?path=/photo").status_code == 404


def test_svg_is_never_handed_out(citizen: Visitor, pictured: Callable[..., str]) -> None:
    path = pictured(letters(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "image/svg+xml")

    assert citizen.open(f"{path}/picture?path=/photo").status_code == 404


@pytest.mark.parametrize("path", ["", "/", "/plate", "/photo/0", "photo", "../photo"])
def test_there_is_no_picture_where_none_is_shown(citizen: Visitor, pictured: Callable[..., str], path: str) -> None:
    answer = citizen.browser.get(f"{pictured(letters(drawn('JPEG')))}/picture", {"path": path})

    assert answer.status_code == 404


def test_only_its_owner_in_the_browser_that_agreed_gets_a_picture(pictured: Callable[..., str]) -> None:
    path = f"{pictured(letters(drawn('JPEG')))}/picture?path=/photo"
    stranger, elsewhere = Visitor(), Visitor()
    stranger.sign_in(national_id=SOMEBODY_ELSE)
    elsewhere.sign_in()

    assert Visitor().open(path).status_code == 302
    assert stranger.open(path).status_code == 404
    assert elsewhere.open(path).status_code == 409


def test_a_page_and_its_picture_are_one_look_in_the_record(citizen: Visitor, pictured: Callable[..., str]) -> None:
    path = pictured(letters(drawn("JPEG")))
    looks = Event.objects.filter(action="parcel:viewed")

    citizen.read(path)
    citizen.open(f"{path}/picture?path=/photo")
    assert looks.count() == 1


def test_a_picture_without_its_page_is_a_look_of_its_own(citizen: Visitor, pictured: Callable[..., str]) -> None:
    citizen.open(f"{pictured(letters(drawn('JPEG')))}/picture?path=/photo")

    assert Event.objects.filter(action="parcel:viewed").count() == 1
