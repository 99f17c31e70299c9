"""Every page in English, and how fast each is there: all that need no more than an address, and one journey."""

import re

import pytest
from django.urls import reverse

from portal.citizen import urls
from tests.house.standing import StandingHouse
from tests.journeys.conftest import Arrive
from tests.journeys.inspecting import ON_THE_WAY
from tests.journeys.reading import MOST_PAINT, EnglishInspector, EnglishReader, addresses, paint
from tests.journeys.walking import Walker

MORE = {
    "dataset": "/datasets/vehicle-registration",
    "planned-dataset": "/datasets/property",
    "no-such-page": "/nowhere",
}


def speak_english(walker: Walker) -> None:
    """Choose the language as a browser keeps it."""
    walker.context.add_cookies([{"name": "mydata_language", "value": "en", "url": walker.house.base}])


def test_every_page_is_english_and_there_at_once(house: StandingHouse, arrive: Arrive) -> None:
    inspector = EnglishInspector(unkept=ON_THE_WAY)
    walker = arrive(seen=inspector, refusals={404, 405})
    speak_english(walker)
    walk(walker, inspector, addresses(urls.urlpatterns, "anyone") | MORE)
    EnglishReader(walker).sign_in(house.person("ordinary", 0))
    walk(walker, inspector, addresses(urls.urlpatterns, "citizen"))
    assert not inspector.findings, "\n".join(inspector.findings)


def walk(walker: Walker, inspector: EnglishInspector, pages: dict[str, str]) -> None:
    """Open each page, note one that is slow to show anything, and look at it."""
    for name, path in pages.items():
        if (taken := paint(walker, path)) > MOST_PAINT:
            inspector.findings.append(f"{name}: {taken:.0f} ms to the first paint")
        walker.seen(name)


def test_a_journey_in_english(house: StandingHouse, arrive: Arrive) -> None:
    inspector = EnglishInspector()
    walker = arrive(seen=inspector)
    speak_english(walker)
    reader = EnglishReader(walker)
    reader.sign_in(house.person("ordinary", 2))
    reader.choose("vehicle-registration")
    reader.choose("personal-income")
    walker.open("/choose")
    walker.seen("choose-chosen")
    walker.page.click("button[form=choice]")
    walker.page.wait_for_url("**/consent/*")
    walker.seen("consent")
    reader.send("/give")
    reader.wait("sealed")
    walker.seen("parcel-sealed")
    walker.page.click('a[href$="/items/personal-income"]')
    walker.page.wait_for_url("**/items/personal-income")
    walker.seen("preview")
    walker.page.go_back()
    walker.save(lambda: reader.send("/claim"))
    reader.wait("purged")
    walker.seen("parcel-purged")
    walker.page.click('a[href$="/deletion-receipt"]')
    walker.page.wait_for_url("**/deletion-receipt")
    walker.seen("deletion-receipt")
    walker.page.go_back()
    walker.page.click('.acts a[href*="/grants/"]')
    walker.page.wait_for_url("**/grants/*/receipt")
    walker.seen("consent-receipt")
    assert not inspector.findings, "\n".join(inspector.findings)


def test_chinese_that_is_no_name_is_caught(arrive: Arrive) -> None:
    inspector = EnglishInspector()
    walker = arrive()
    speak_english(walker)
    walker.open(reverse("verify"))
    for told, words in ((True, "請選擇"), (False, "內政部")):
        walker.page.evaluate(
            "([told, words]) => document.querySelector('main').prepend("
            "Object.assign(document.createElement('p'), { textContent: words, lang: told ? 'zh-Hant' : 'en' }))",
            [told, words],
        )
    heard = [(inspector._is_left(text), told) for text, told in inspector._heard(walker)]
    assert (True, True) in heard, "Chinese words that are no name"
    assert (False, False) in heard, "a name without its voice"


@pytest.mark.parametrize("name", ["home", "datasets", "verify"])
def test_a_page_asks_for_the_first_slice_of_the_typeface_only(arrive: Arrive, name: str) -> None:
    walker = arrive()
    walker.open(reverse(name))
    walker.page.evaluate("document.fonts.ready.then(() => null)")
    found = walker.page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    typefaces = {re.sub(r".*/", "", name) for name in found if name.endswith(".woff2")}
    assert typefaces == {"400-pages.woff2", "700-pages.woff2"}
