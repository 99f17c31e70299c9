"""The page that checks files, as its reader uses it: hand in a file, read the verdict and the lines."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import FilePayload, Request, expect

from tests.journeys.walking import Walker

SEAL = "簽章已檢查"
ALLOWED = ("/static/", "/.well-known/portal-ca.pem", "/.well-known/jwks.json")


class Desk:
    """One reader at the page; `asked` is every request that followed the page's own."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker
        self.page = walker.page
        walker.open("/verify")
        expect(self.page.locator("#desk")).to_be_visible()
        self.asked: list[Request] = []
        self.page.on("request", lambda request: self.asked.append(request))  # noqa: PLW0108 - a listener must be a function

    def hand_in(self, name: str, content: bytes) -> None:
        """Choose a file."""
        self._choose({"name": name, "mimeType": "application/octet-stream", "buffer": content})

    def hand_in_from(self, path: Path) -> None:
        """Choose a file of this computer, which may be large."""
        self._choose(path)

    def verdict(self) -> str:
        """Return the verdict, once it is there; the seal stands beside it only where everything holds."""
        title = self.page.locator("#verdict")
        expect(title).to_be_focused(timeout=60_000)
        said = title.inner_text()
        has_seal = self.page.locator("#result").get_by_role("img", name=SEAL).count() == 1
        assert has_seal is (said.endswith("沒有被改過。") and "不能說" not in said), said
        return said

    def check(self, name: str, content: bytes) -> str:
        """Hand a file in and return the verdict."""
        self.hand_in(name, content)
        return self.verdict()

    def lines(self, kind: str) -> list[tuple[str, str]]:
        """Return the lines of one kind, `fails`, `holds` or `unsaid`: each a file and a sentence."""
        texts = self.page.locator(f".findings--{kind} li").all_inner_texts()
        return [
            (file, sentence) for file, _, sentence in (re.sub(r"\n+", "\n", text).partition("\n") for text in texts)
        ]

    def blamed(self) -> set[str]:
        """Return the files that do not hold; the verdict names them as well."""
        files = {file for file, _ in self.lines("fails")}
        said = self.verdict()
        assert all(file in said for file in files), said
        return files

    def facts(self) -> dict[str, str]:
        """Return the facts that the checked file states."""
        rows = self.page.locator(".checked dl.facts > div").all_inner_texts()
        return {label: value.strip() for label, _, value in (row.partition("\n") for row in rows)}

    def _choose(self, file: FilePayload | Path) -> None:
        self.page.evaluate("document.getElementById('result').replaceChildren()")
        self.page.locator("#file").set_input_files(file)

    def sent(self) -> list[str]:
        """Return every request that could have carried something of a file out."""
        return [
            f"{request.method} {request.url}"
            for request in self.asked
            if request.method != "GET"
            or request.post_data_buffer is not None
            or not urlsplit(request.url).path.startswith(ALLOWED)
            or urlsplit(request.url).query
        ]
