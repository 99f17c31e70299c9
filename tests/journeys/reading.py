"""A person who reads English: what they see is English, but for proper names and what agencies send, marked as Chinese."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from django.urls import URLPattern, reverse

from tests.journeys.inspecting import Inspector
from tests.journeys.walking import Json, Walker, good_card

HOUSE = Path(__file__).parents[2]
CHINESE = re.compile("[\u3400-\u9fff]")
MOST_PAINT = 1000
TRIES = 3
# What is Chinese on the page outside of papers: in texts, with whether a voice is told, and in what is read aloud beside them.
HEARD = """() => {
  const chinese = /[\\u3400-\\u9fff]/, found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.nodeValue.trim(), place = texts.currentNode.parentElement;
    if (chinese.test(text) && !place.closest(".document, script")) {
      found.push([text, place.closest("[lang]").lang.startsWith("zh")]);
    }
  }
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]")) {
    for (const name of ["aria-label", "placeholder", "alt", "title"]) {
      const text = one.getAttribute(name) ?? "";
      if (chinese.test(text) && !one.closest(".document")) found.push([text, true]);
    }
  }
  return found.concat(chinese.test(document.title) ? [[document.title, true]] : []);
}"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


class EnglishInspector(Inspector):
    """Looks at pages in English; what is not English and no proper name is a finding, so is a page that is long in coming."""

    def __init__(self, *, unkept: frozenset[str] = frozenset()) -> None:
        super().__init__("en", unkept=unkept)
        self._names = sorted(proper_names(), key=len, reverse=True)

    def __call__(self, walker: Walker, name: str) -> None:
        """Look at the page that the walker is on."""
        super().__call__(walker, name)
        self.findings += [f"{name}: not English: {text}" for text, _told in self._heard(walker) if self._is_left(text)]
        self.findings += [f"{name}: no Chinese voice for {text}" for text, told in self._heard(walker) if not told]

    def _heard(self, walker: Walker) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = walker.page.evaluate(HEARD)
        return found

    def _is_left(self, text: str) -> bool:
        """Say whether something Chinese is left of a text without the names in it, and the text is no part of one."""
        if any(text in name for name in self._names):
            return False
        for name in self._names:
            text = text.replace(name, "")
        return CHINESE.search(text) is not None


def proper_names() -> set[str]:
    """Return what agencies call themselves, their data and their services, and the name of the other language."""
    catalogue = tomllib.loads((HOUSE / "dataproviders/catalogue.toml").read_text(encoding="utf-8"))
    schemas = [
        json.loads(path.read_text(encoding="utf-8")) for path in (HOUSE / "dataproviders/schemas").glob("*.json")
    ]
    return {"中文", *_texts(catalogue), *_texts(schemas)}


def _texts(answer: Any) -> set[str]:  # noqa: ANN401 - JSON
    if isinstance(answer, str):
        return {answer} if CHINESE.search(answer) else set()
    inner = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, list) else ()
    return {text for one in inner for text in _texts(one)}


TAKEN_AWAY = frozenset(("usage_sheet", "usage_paper"))
"""What is no page but a file."""


def addresses(patterns: list[URLPattern], gate: str) -> dict[str, str]:
    """Return the pages of that gate that need no more than an address, by name."""
    plain = [
        one
        for one in patterns
        if not one.pattern.converters and vars(one.callback).get("gate") == gate and one.name not in TAKEN_AWAY
    ]
    return {str(one.name): reverse(str(one.name)) for one in plain}


def paint(walker: Walker, path: str) -> float:
    """Return the milliseconds to the first paint of a page, the best of a few tries: the machine has other things to do."""
    best = float("inf")
    for _ in range(TRIES):
        walker.open(path)
        best = min(best, walker.page.evaluate(PAINT))
        if best <= MOST_PAINT:
            break
    return best


class EnglishReader:
    """Acts on pages whose words one does not search for: by the names of forms and fields."""

    def __init__(self, walker: Walker) -> None:
        self.walker, self.page = walker, walker.page

    def sign_in(self, person: Json) -> None:
        """Sign in with the card."""
        card = good_card(person)
        self.walker.open(f"{reverse('citizen_certificate')}?next=/parcels")
        self.page.fill("[name=national_id]", person["national_id"])
        self.page.click("main form .button")
        self.page.fill("#card", card["card"])
        self.page.fill("#pin", card["pin"])
        self.walker.seen("card")
        self.page.click("#signature .button")
        self.page.wait_for_url("**/parcels")

    def choose(self, dataset: str) -> None:
        """Choose a dataset."""
        self.walker.open(f"/datasets/{dataset}")
        self.send("/choose/add")

    def send(self, act: str) -> None:
        """Press the button of the form that does `act`."""
        self.page.click(f'form[action$="{act}"] .button:not([type=button])')

    def wait(self, state: str) -> None:
        """Wait for the state of the parcel that the page shows."""
        self.page.wait_for_selector(f'[data-state="{state}"]', timeout=30_000)
