"""A person who has a keyboard and nothing else: what is reached by Tab, seen by its ring, and acted on by Enter or Space."""

from playwright.sync_api import Locator, expect

from tests.journeys.walking import Json, Walker

MOST_STOPS = 250
LEAST_RING = 3
# The ring of what has the focus: its own, or where the design draws another thing in its stead, the ring of that.
RING = """() => {
  const here = document.activeElement;
  if (here === null || here === document.body) return { name: "", width: null, inside: true };
  const drawn = here.matches("[type=radio], [type=checkbox]") && here.labels[0]
    ? getComputedStyle(here.labels[0], "::before") : getComputedStyle(here);
  const box = here.getBoundingClientRect();
  return {
    name: (here.labels?.[0] ?? here).textContent.trim().slice(0, 40) || here.id,
    width: drawn.outlineStyle === "none" ? 0 : parseFloat(drawn.outlineWidth),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
IS_HERE = "element => element === document.activeElement || element.contains(document.activeElement)"


class Keyboard:
    """The keyboard of a walker. Every stop on the way must be seen: a ring of three dots, inside of the window."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker
        self.page = walker.page

    def reach(self, target: Locator, *, back: bool = False) -> None:
        """Go on with Tab, or back with Shift and Tab, until `target` has the focus. Raises AssertionError where it never has."""
        expect(target).to_have_count(1)
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
            self._look()
            if target.evaluate(IS_HERE):
                return
        message = f"not reached within {MOST_STOPS} stops: {target}"
        raise AssertionError(message)

    def press(self, name: str, *, key: str = "Enter") -> None:
        """Go to the button of that name and press it."""
        self.reach(self.page.get_by_role("button", name=name, exact=True))
        self.page.keyboard.press(key)

    def follow(self, name: str) -> None:
        """Go to the link of that name and follow it."""
        self.reach(self.page.get_by_role("link", name=name, exact=True))
        self.page.keyboard.press("Enter")

    def type(self, field: Locator, text: str) -> None:
        """Go to a field and type."""
        self.reach(field)
        self.page.keyboard.insert_text(text)

    def fill(self, label: str, text: str) -> None:
        """Go to the field of that label and type."""
        self.type(self.page.get_by_label(label, exact=True), text)

    def type_two_documents(self, person: Json) -> None:
        """Fill in the form of the two documents, the household's number as the second, and send it."""
        self.fill("身分證字號或居留證號", person["national_id"])
        year, month, day = (int(part) for part in person["birth_date"].split("-"))
        born = self.page.get_by_role("group", name="出生日期")
        for label, number in (("年", year - 1911), ("月", month), ("日", day)):
            self.type(born.get_by_label(label), str(number))
        self.fill("健保卡卡號", person["health_card_no"])
        self.reach(self.page.get_by_role("radio", checked=True))
        self.page.keyboard.press("ArrowDown")
        expect(self.page.get_by_label("戶口名簿的戶號")).to_be_checked()
        self.fill("戶號", person["household_no"])
        self.press("送出驗證")

    def _look(self) -> None:
        ring = self.page.evaluate(RING)
        assert ring["width"] is None or ring["width"] >= LEAST_RING, f"no ring at {self.walker.path()}: {ring['name']}"
        assert ring["inside"], f"out of sight at {self.walker.path()}: {ring['name']}"
