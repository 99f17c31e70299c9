import html
import re

import pytest
import requests
from playwright.sync_api import sync_playwright

from tests.sandbox.playing import Sandbox

ANCHORS = ("citizen", "clerk", "agency", "operator", "engineer")


def test_the_page_holds_what_to_type_for_everybody(sandbox: Sandbox) -> None:
    page = html.unescape(sandbox.get("/").text)
    for person in sandbox.people():
        for name in ("national_id", "birth_date", "name", "health_card_no", "household_no", "id_issued_on", "email"):
            assert person[name] in page
        for card in person["cards"]:
            assert f"{card['card']} · {card['pin']}" in page


@pytest.mark.parametrize("anchor", ANCHORS)
def test_every_kind_of_reader_has_a_place(sandbox: Sandbox, anchor: str) -> None:
    page = sandbox.get("/").text
    assert f'<section id="{anchor}">' in page
    assert f'href="#{anchor}"' in page


def test_every_link_on_the_page_leads_somewhere(sandbox: Sandbox) -> None:
    links = set(re.findall(r'(?:href|src)="([^"]+)"', sandbox.get("/").text))
    own = {link for link in links if link.startswith("/")}
    assert links - own - {f"#{anchor}" for anchor in ANCHORS} == {f"{sandbox.portal}/"}
    for link in own:
        assert requests.get(f"{sandbox.url}{link}", timeout=5).status_code == 200


def test_the_page_needs_no_script_and_nobody_else(sandbox: Sandbox) -> None:
    answer = sandbox.get("/")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert "style=" not in answer.text


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_runs_out_of_the_page(sandbox: Sandbox, chromium: str, width: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = browser.new_page(viewport={"width": width, "height": 900})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(sandbox.url)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
    assert [text for text in complaints if "favicon" not in text and "404" not in text] == []
