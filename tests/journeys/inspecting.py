"""A look at a page as everybody sees it: light and dark, wide and narrow, with the eyes and without."""

import os
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe

from tests.journeys.walking import NARROW, WIDE, Walker

NARROWEST = 320
MOST_BYTES = 150_000
SHOTS = os.environ.get("MYDATA_TEST_SHOTS")
Scheme = Literal["light", "dark"]
EVERY_LOOK: dict[int, tuple[Scheme, ...]] = {NARROW: ("light", "dark"), WIDE: ("light", "dark")}
LOOKS: dict[int, tuple[Scheme, ...]] = EVERY_LOOK if SHOTS else {NARROW: ("dark",), WIDE: ("light",)}
"""Colours do not depend on the width, nor what is where on the colours: each has to be seen once."""
SETTLED = "() => Promise.allSettled(document.getAnimations().map(animation => animation.finished))"
# What a page is made of: neither typefaces, which stay in the browser, nor the citizen's own file, nor what is fetched only to
# check one.
WEIGHT = """() => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
  .filter(entry => !/^blob:|\\.woff2?$|\\/file$|\\/vendor\\/pkijs\\//.test(entry.name))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


class Inspector:
    """Looks at every state a walker comes to, once a name; `findings` has what is wrong, a sentence each."""

    def __init__(self, folder: str = "") -> None:
        self.folder = folder
        self.findings: list[str] = []
        self.names: set[str] = set()
        self._axe = Axe()

    def __call__(self, walker: Walker, name: str) -> None:
        """Look at the page that the walker is on."""
        if name in self.names:
            return
        self.names.add(name)
        page = walker.page
        if (weight := page.evaluate(WEIGHT)) > MOST_BYTES:
            self.findings.append(f"{name}: {weight} bytes without fonts")
        for width in (NARROWEST, NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
                self.findings.append(f"{name}: {needed} px wide at {width} px")
            for scheme in LOOKS.get(width, ()):
                page.emulate_media(color_scheme=scheme)
                page.evaluate(SETTLED)
                self._look(walker, name, f"{width}-{scheme}")
        page.emulate_media(color_scheme="light")

    def _look(self, walker: Walker, name: str, how: str) -> None:
        violations = self._axe.run(walker.page).response["violations"]
        for found in violations:
            places = [", ".join(map(str, node["target"])) for node in found["nodes"]]
            self.findings.append(f"{name} {how}: {found['id']} at {places}")
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            walker.page.screenshot(path=Path(SHOTS) / f"{self.folder}{name}-{how}.png", full_page=True)
