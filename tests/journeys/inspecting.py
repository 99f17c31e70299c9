"""A look at a page as everybody sees it: light and dark, wide and narrow, with the eyes and without.

Each state is also held against its golden picture (`likeness`); `MYDATA_TEST_GOLDEN=write` keeps what is seen now.
`MYDATA_TEST_SHOTS=folder` puts every look into a folder, those in high contrast, in forced colours and on paper too.
"""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.journeys import likeness
from tests.journeys.photographing import Photographer, Scheme
from tests.journeys.walking import NARROW, WIDE, Walker

NARROWEST = 320
MOST_BYTES = 150_000
SHOTS = os.environ.get("MYDATA_TEST_SHOTS")
LOOKS: dict[int, tuple[Scheme, ...]] = {NARROW: ("dark",), WIDE: ("light",)}
"""Colours do not depend on the width, nor what is where on the colours: each has to be seen once."""
UNSETTLED = frozenset(
    {
        "usage",
        "notices",
        "notices-none",
        "remarks",
        "parcels",
        "parcels-none",
        "parcels-gone",
        "parcel-collecting",
        "home-signed-in",
    }
)
"""States that hold a list of what happened before, or change while one looks: another picture each time."""
ON_THE_WAY = frozenset({"card", "two-documents-filled"})
"""States that many people pass on their way to another, each with their own name on the page: pictures of one are enough."""
SETTLED = "() => Promise.allSettled(document.getAnimations().map(animation => animation.finished))"
# What a page is made of: neither typefaces and the sheet that names them, which stay in the browser, nor the citizen's own file,
# nor the libraries that are fetched only to check one.
WEIGHT = """() => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
  .filter(entry => !/^blob:|\\.woff2?$|\\/file$|\\/vendor\\/(pkijs|noble-ciphers|noto-sans-tc)\\//.test(entry.name))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


class Inspector:
    """Looks at every state a walker comes to, once a name; `findings` has what is wrong, a sentence each.

    `folder` is where its golden pictures are; of `unkept` there are none.
    """

    def __init__(self, folder: str = "zh", *, unkept: frozenset[str] = frozenset()) -> None:
        self.folder, self._unkept = folder, UNSETTLED | unkept
        self.findings: list[str] = []
        self.names: set[str] = set()
        self._axe = Axe()
        self._photographer = Photographer()

    def __call__(self, walker: Walker, name: str) -> None:
        """Look at the page that the walker is on."""
        if name in self.names:
            return
        self.names.add(name)
        page = walker.page
        page.wait_for_load_state()
        if (weight := page.evaluate(WEIGHT)) > MOST_BYTES:
            self.findings.append(f"{name}: {weight} bytes without fonts")
        for width in (NARROWEST, NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 900})
            if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
                self.findings.append(f"{name}: {needed} px wide at {width} px")
            for scheme in LOOKS.get(width, ()):
                page.emulate_media(color_scheme=scheme)
                page.evaluate(SETTLED)
                self._listen(walker, f"{name} {width}-{scheme}")
        page.emulate_media(color_scheme="light")
        self._photograph(walker, name)

    def _listen(self, walker: Walker, where: str) -> None:
        for found in self._axe.run(walker.page).response["violations"]:
            places = [", ".join(map(str, node["target"])) for node in found["nodes"]]
            self.findings.append(f"{where}: {found['id']} at {places}")

    def _photograph(self, walker: Walker, name: str) -> None:
        for look, scheme, shot in self._photographer.shots(walker):
            self._show(f"{name}-{look}", shot)
            if name not in self._unkept:
                picture = likeness.reduced(shot, dark=scheme == "dark")
                self.findings += likeness.kept(picture, f"{self.folder}/{name}-{look}")
        if SHOTS:
            for look, shot in self._photographer.more_shots(walker):
                self._show(f"{name}-{look}", shot)

    def _show(self, name: str, shot: bytes) -> None:
        if SHOTS:
            path = Path(SHOTS) / self.folder / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(shot)
