"""The page that checks files: what its script says stands in the page, in both languages, and where it is linked from."""

import re
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from personal_cloud import readme
from tests.portal.citizen.visiting import Visitor

SCRIPTS = Path(settings.BASE_DIR) / "static/js"
PUT_TOGETHER = ("good_", "unsaid_", "fails_title", "holds_title", "item_", "because_")
"""Words whose names the script puts together from what it found."""


def said(page: str) -> dict[str, set[str]]:
    """Name every sentence that the page holds for its script, with the facts that are filled in."""
    sentences = re.findall(r'data-word="(\w+)">([^<]+)<', page[page.index('id="words"') :])
    return {word: set(re.findall(r"\{(\w+)\}", text)) for word, text in sentences}


def literals() -> set[str]:
    """Name every word of more than one part that the script says."""
    texts = (path.read_text(encoding="utf-8") for path in [SCRIPTS / "check.js", *SCRIPTS.glob("checking/*.js")])
    return {word for text in texts for word in re.findall(r'"([a-z]+(?:_[a-z]+)+)"', text)}


def test_the_page_holds_every_sentence_of_its_script_and_no_other(visitor: Visitor) -> None:
    words = {word for word in said(visitor.read(reverse("check"))) if "_" in word}

    assert len(literals()) > 60
    assert sorted(literals() - words) == []
    assert sorted(word for word in words - literals() if not word.startswith(PUT_TOGETHER)) == []


def test_both_languages_fill_in_the_same_facts(visitor: Visitor) -> None:
    chinese = said(visitor.read(reverse("check")))
    visitor.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    english = said(visitor.read(reverse("check")))

    differing = {word for word, facts in chinese.items() if english[word] != facts}
    assert differing == {"moment"}, "a day is written with other parts in each language"


def test_every_page_and_the_readme_of_a_file_lead_there(visitor: Visitor) -> None:
    assert f'href="{reverse("check")}"' in visitor.read(reverse("home"))
    assert readme.text([]).count(f"{settings.ISSUER}{reverse('check')}") == 2


def test_the_lines_to_check_by_hand_are_those_of_the_readme(visitor: Visitor) -> None:
    page = visitor.read(reverse("check"))

    assert readme.CHECK in page
    assert f"{settings.ISSUER}/.well-known/portal-ca.pem" in page
