"""The colours are those that were agreed upon and can be read; the parts are all shown; Chinese in English is marked."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.urls import reverse

from personal_cloud.values import both_calendars
from portal.design import colours
from portal.design.tags import in_lines
from portal.design.voices import marked
from tests.portal.citizen.visiting import Elements, Visitor

AGREED = {
    "light": {
        "ink": "#1c1b19",
        "paper": "#fbfaf7",
        "quiet": "#5b5850",
        "line": "#d9d6ce",
        "action": "#0b5d57",
        "seal": "#a62b1f",
        "caution": "#8a4b08",
        "form-line": "#7d7a71",
    },
    "dark": {"ink": "#e8e6e0", "paper": "#151715", "action": "#7fd1c7", "seal": "#f2a79d", "caution": "#f3c77a"},
}
LINES = {"line": 1.3, "form-line": 3.0}
TEXT = 4.5


@pytest.mark.parametrize("scheme", colours.SCHEMES)
def test_the_colours_are_those_agreed_upon(scheme: str) -> None:
    found = colours.palette(scheme)

    assert AGREED[scheme].items() <= found.items()


@pytest.mark.parametrize("scheme", colours.SCHEMES)
def test_every_colour_can_be_read_on_its_ground(scheme: str) -> None:
    assert [one for one in colours.shown(scheme) if one.contrast < LINES.get(one.name, TEXT)] == []


def test_contrast_is_reckoned_as_the_guideline_does() -> None:
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("language", ["zh-hant", "en"])
def test_the_page_of_the_parts_shows_every_state(visitor: Visitor, language: str) -> None:
    visitor.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = visitor.read(reverse("design"))

    assert page.count('class="where"') == 8
    assert page.count("govuk-error-message") == 2
    assert page.count("mark--trouble") >= 2
    ids = [found["id"] for found in Elements(page).having("id")]
    assert len(ids) == len(set(ids))


def test_chinese_on_an_english_page_is_marked_as_such(visitor: Visitor) -> None:
    visitor.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = visitor.read(reverse("datasets"))
    visitor.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hant"

    assert '<span lang="zh-Hant-TW">車籍資料</span>' in english
    assert '<option lang="zh-Hant-TW" value="agency">某機關</option>' in english
    assert 'lang="zh-Hant-TW">車籍資料' not in visitor.read(reverse("datasets"))


@pytest.mark.parametrize(
    ("page", "heard"),
    [
        ("<p>Tax (財政部，臺北 市) now</p>", '<p>Tax (<span lang="zh-Hant-TW">財政部，臺北 市</span>) now</p>'),
        ('<p title="財政部">Tax</p>', '<p title="財政部">Tax</p>'),
        ("<title>財政部</title><p>x</p>", "<title>財政部</title><p>x</p>"),
        ("<textarea>財政部</textarea>", "<textarea>財政部</textarea>"),
        (
            "<option>財政部</option><option>All</option>",
            '<option lang="zh-Hant-TW">財政部</option><option>All</option>',
        ),
        ("<p>a &lt; 財 &gt; b</p>", '<p>a &lt; <span lang="zh-Hant-TW">財</span> &gt; b</p>'),
    ],
)
def test_only_what_is_read_as_text_is_marked(page: str, heard: str) -> None:
    assert marked(page) == heard


@pytest.mark.parametrize(
    "day", [dt.date(2025, 5, 3), dt.date(1912, 1, 1), dt.date(1905, 10, 31)], ids=lambda day: day.isoformat()
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_of_a_cell_ends_within_a_date_and_what_is_text_stays_text(day: dt.date, language: str) -> None:
    written = both_calendars(day, language)
    kept = in_lines(f"{written}\n<b>{written}")
    assert kept.count('<span class="whole">') == 4
    assert re.sub(r"</?span[^>]*>", "", kept) == f"{written}<br>&lt;b&gt;{written}"
