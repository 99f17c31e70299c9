"""English is complete: every text of the pages has its twin, and the compiled catalogue is the written one."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.portal.citizen.conftest import WEAK
from tests.portal.citizen.visiting import Visitor

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale/en/LC_MESSAGES"
CHINESE = re.compile("[\u3400-\u9fff]")
SAID_AS_IT_IS = ("中文", "封", "毀", "驗")
"""The name of a language stands in that language; the seal is a drawing, and says its meaning in words beside it."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def written() -> dict[str, list[str]]:
    """Read the catalogue as written: each text and its translations, one or one a plural form."""
    text = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    entries = [dict(re.findall(r'^(msg\S+) "(.*)"$', block, re.MULTILINE)) for block in text.split("\n\n")[1:]]
    forms = ("msgstr", "msgstr[0]", "msgstr[1]")
    return {_plain(one["msgid"]): [_plain(one[form]) for form in forms if form in one] for one in entries}


def _plain(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\")


def in_templates() -> Iterator[str]:
    """Name every text that a template translates."""
    for path in (ROOT / "templates").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        yield from (one[1] for one in re.findall(r"""\{% translate (["'])(.*?)\1""", page))
        for block in re.findall(r"\{% blocktranslate[^%]*%\}(.*?)\{% endblocktranslate %\}", page, re.DOTALL):
            for form in re.split(r"\{% plural %\}", block):
                yield re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", form)


def in_code() -> Iterator[str]:
    """Name every Chinese text that the citizen's pages and the design speak, docstrings and other languages' pairs aside."""
    for folder in ("portal/citizen", "portal/design"):
        for path in (ROOT / folder).glob("*.py"):
            code = path.read_text(encoding="utf-8")
            yield from re.findall(r'(?:\b_|gettext_lazy|ngettext)\(\s*"([^"]+)"', code)


def test_every_text_has_its_twin() -> None:
    twins = written()
    spoken_of = {*in_templates(), *in_code()}

    assert len(spoken_of) > 250
    assert sorted(spoken_of - twins.keys()) == []
    assert [text for text, forms in twins.items() if not all(forms)] == []


def test_a_twin_speaks_of_the_same_facts() -> None:
    for text, forms in written().items():
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(text)), text
            assert not CHINESE.search(form), form


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    for text, forms in written().items():
        if len(forms) == 1:
            assert compiled.gettext(text) == forms[0]
        else:
            assert [compiled.ngettext(text, text, count) for count in (1, 2)] == forms


def test_no_template_speaks_untranslated_chinese() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        rest = re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", page, flags=re.DOTALL)
        rest = re.sub(r"\{%.*?%\}", "", rest)
        for said in SAID_AS_IT_IS:
            rest = rest.replace(said, "")
        assert not CHINESE.search(rest), path.name


@pytest.mark.parametrize(
    "name",
    [
        "home",
        "verify",
        "two_documents",
        "citizen_certificate",
        "check",
        "choose",
        "usage",
        "remarks",
        "parcels",
        "notices",
        "pickup",
    ],
)
def test_a_page_for_readers_of_english_is_english_throughout(citizen: Visitor, name: str) -> None:
    citizen.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = citizen.read(reverse(name))

    assert '<html lang="en">' in page
    for said in (*SAID_AS_IT_IS, "車籍資料", "駕籍資料", "個人所得資料", "財產資料"):
        page = page.replace(said, "")
    assert not CHINESE.search(page), page[max(0, CHINESE.search(page).start() - 80) :][:160]  # type: ignore[union-attr]  # it was found


def test_the_chosen_language_stays_and_leads_back(visitor: Visitor) -> None:
    answer = visitor.send(reverse("speak"), {"language": "en", "next": "/datasets?q=x"})

    assert answer["Location"] == "/datasets?q=x"
    assert '<html lang="en">' in visitor.read(reverse("home"))
    visitor.send(reverse("speak"), {"language": "tlh"})
    assert '<html lang="en">' in visitor.read(reverse("home"))
    visitor.send(reverse("speak"), {"language": "zh-hant"})
    assert '<html lang="zh-Hant-TW">' in visitor.read(reverse("home"))


def test_a_browser_that_chose_nothing_is_spoken_to_in_chinese(visitor: Visitor) -> None:
    page = visitor.open(reverse("home"), **{"Accept-Language": "en-US,en;q=0.9"}).content.decode()

    assert '<html lang="zh-Hant-TW">' in page


def test_a_dataset_is_described_in_the_language_of_its_page(visitor: Visitor) -> None:
    visitor.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = visitor.read(reverse("dataset", args=[WEAK]))

    assert "Assurance level 4" in page
    assert "about 10 seconds" in page
