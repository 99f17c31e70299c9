"""Pictures of a page as it stands, without what is another at every visit: times, numbers, names of things."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from playwright.sync_api import Page

from tests.journeys.walking import NARROW, WIDE, Walker

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
MORE_LOOKS: dict[str, dict[str, Any]] = {
    "contrast": {"contrast": "more"},
    "forced": {"forced_colors": "active"},
    "print": {"media": "print"},
}
PLAIN: dict[str, Any] = {"media": "screen", "contrast": "no-preference", "forced_colors": "none"}

# The page as the person has it before them: what they typed and chose stands in the elements themselves.
COPY = """() => {
  const controls = "input, textarea, option";
  const copy = document.documentElement.cloneNode(true);
  const live = document.querySelectorAll(controls);
  copy.querySelectorAll(controls).forEach((control, index) => {
    control.toggleAttribute("checked", live[index].checked === true);
    control.toggleAttribute("selected", live[index].selected === true);
    if (control.matches("input")) control.setAttribute("value", live[index].value);
    if (control.matches("textarea")) control.textContent = live[index].value;
  });
  copy.querySelectorAll("script").forEach((script) => script.remove());
  copy.querySelector("head").prepend(Object.assign(document.createElement("base"), { href: location.href }));
  return "<!doctype html>" + copy.outerHTML;
}"""
STILL = """<style>
  *, ::before, ::after { transition: none !important; animation: none !important; }
  code, pre, .data { font-family: "Noto Sans TC", sans-serif !important; }
  img, .code-qr, .code-bars { visibility: hidden; }
</style></head>"""

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
SPOKEN_OF = re.compile(r">[^<>]+<|(?<= value=\")[^\"]+")
"""What a reader reads of a page's source: texts, and what is typed."""
MOMENT = re.compile(r"(?:今天|昨天|明天|today|yesterday|tomorrow|\d+月\d+日|\d+ [A-Z][a-z]+,) ?\d\d:\d\d")
NAMELESS = re.compile(r"\b[0-9a-f-]{16,}\b")
"""Ids and hashes, each as long as it is at every visit."""
SETTLED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[A-Za-z0-9_+/=.-]{100,}"), "0" * 100),
    (re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"), "0000-0000-0000"),
    (MOMENT, "00:00"),
    (re.compile(r"\d+年\d+月\d+日"), "0000年00月00日"),
    (re.compile(rf"\d+ (?:{MONTHS})"), "00 May"),
    (re.compile(r"[\d.]+ (?=K?B\b)"), "00 "),
    (re.compile(r"\d"), "0"),
)


def settled(source: str) -> str:
    """Return a page's source with one and the same text wherever it is another at every visit."""
    return SPOKEN_OF.sub(lambda found: _settle(found[0]), source).replace("</head>", STILL, 1)


def _settle(text: str) -> str:
    text = NAMELESS.sub(lambda found: "0" * len(found[0]), text)
    for pattern, instead in SETTLED:
        text = pattern.sub(instead, text)
    return text


class Photographer:
    """Takes pictures of what a walker sees, from a copy of the page, so that the walker is not disturbed."""

    def __init__(self) -> None:
        self._page: Page | None = None

    def shots(self, walker: Walker) -> Iterator[tuple[str, Scheme, bytes]]:
        """Yield the name of each look, its colours, and the picture of the whole page."""
        page = self._stand(walker)
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                yield f"{width}-{scheme}", scheme, page.screenshot(full_page=True)

    def more_shots(self, walker: Walker) -> Iterator[tuple[str, bytes]]:
        """Yield what readers with other needs see, and what the printer prints."""
        page = self._stand(walker)
        page.set_viewport_size({"width": WIDE, "height": 900})
        for name, media in MORE_LOOKS.items():
            page.emulate_media(**PLAIN | {"color_scheme": "light"} | media)
            yield name, page.screenshot(full_page=True)
        page.emulate_media(**PLAIN)

    def _stand(self, walker: Walker) -> Page:
        """Return a page with the copy on it, its typefaces there."""
        if self._page is None:
            browser = walker.context.browser
            assert browser is not None
            self._page = browser.new_context(java_script_enabled=False).new_page()
        self._page.set_content(settled(walker.page.evaluate(COPY)))
        self._page.evaluate("document.fonts.ready.then(() => null)")
        return self._page
