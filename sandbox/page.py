"""`GET /`: one page that tells each kind of reader what to type. Plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from aiohttp import web

from sandbox.agencies.datasets import PROVIDERS, Dataset
from sandbox.faults import AUTHORITIES, Kind
from sandbox.people.personas import Card, People, Persona
from sandbox.settings import Settings

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

CARD_KINDS = {
    "citizen_certificate": ("自然人憑證", "Citizen certificate"),
    "health_card": ("健保卡", "Health card"),
}
CARD_STATUSES = {
    "good": ("", ""),
    "revoked": ("（已廢止）", " (revoked)"),
    "expired": ("（已過期）", " (expired)"),
    "foreign": ("（外來）", " (foreign)"),
}


class Page:
    """The page and its style sheet, written once at the start: nothing on it changes while the process lives."""

    def __init__(self, people: People, datasets: Mapping[str, Dataset], settings: Settings) -> None:
        """Write the page about `people` and `datasets`."""
        self._html = written(people, datasets, settings)
        self._css = (HERE / "page.css").read_text(encoding="utf-8")

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the page's two addresses."""
        return [web.get("/", self.page), web.get("/page.css", self.style)]

    async def page(self, _: web.Request) -> web.Response:
        """Answer the page."""
        return web.Response(text=self._html, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    async def style(self, _: web.Request) -> web.Response:
        """Answer the style sheet."""
        return web.Response(text=self._css, content_type="text/css")


def written(people: People, datasets: Mapping[str, Dataset], settings: Settings) -> str:
    """Return the whole page as HTML."""
    first = next(iter(people))
    targets = ("dataset:ID", "provider:ID", *(f"authority:{name}" for name in AUTHORITIES), "service:ID", "post")
    template = Template((HERE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        portal=escape(settings.portal),
        base=escape(settings.base_url),
        people="\n".join(person_entry(person, opened=person is first) for person in people),
        datasets="\n".join(dataset_row(dataset) for dataset in datasets.values()),
        targets="、".join(f"<code>{target}</code>" for target in targets),
        kinds=", ".join(f"<code>{kind}</code>" for kind in Kind),
        email=escape(first.email),
        card=escape(first.cards[0].card),
        pin=escape(first.cards[0].pin),
    )


def person_entry(person: Persona, *, opened: bool) -> str:
    """Return one person: what to type, the cards, what is special, where the letters are."""
    values = (
        ("統一編號", "ID number", person.national_id),
        ("出生日期", "Date of birth", person.birth_date.isoformat()),
        ("健保卡號", "Health card number", person.health_card_no),
        ("身分證請領日期", "ID issued on", person.id_issued_on.isoformat()),
        ("或戶號", "or household number", person.household_no),
    )
    rows = [typed(zh, en, value) for zh, en, value in values] + [card_row(card) for card in person.cards]
    rows += [letters_row("電子郵件", "E-mail", person.email), letters_row("手機", "Mobile", person.mobile)]
    return (
        f'<details{" open" if opened else ""} id="{escape(person.id)}">'
        f"<summary><b>{escape(person.name)}</b>{escape(person.label.zh)} "
        f'<span lang="en">{escape(person.label.en)}</span></summary>\n'
        f"<p>{escape(person.notes.zh)}</p>\n"
        f'<p lang="en">{escape(person.notes.en)}</p>\n'
        f"<dl>\n{''.join(rows)}</dl></details>"
    )


def typed(zh: str, en: str, value: str) -> str:
    """Return one value to type, with its name in both languages."""
    return f'<dt>{escape(zh)} <span lang="en">{escape(en)}</span></dt><dd class="typed">{escape(value)}</dd>\n'


def card_row(card: Card) -> str:
    """Return a card's name and PIN."""
    (zh, en), (state_zh, state_en) = CARD_KINDS[card.kind], CARD_STATUSES[card.status]
    return typed(f"{zh}{state_zh}", f"{en}{state_en}, PIN", f"{card.card} · {card.pin}")


def letters_row(zh: str, en: str, address: str) -> str:
    """Return an address, linked to the letters that came for it."""
    link = f'<a href="/post?to={quote(address)}">{escape(address)}</a>'
    return f'<dt>{escape(zh)} <span lang="en">{escape(en)}</span></dt><dd class="typed">{link}</dd>\n'


def dataset_row(dataset: Dataset) -> str:
    """Return one line of the agencies' table."""
    return (
        f'<tr><td>{escape(dataset.name)} <span lang="en">{escape(dataset.schema["x-en"]["title"])}</span></td>'
        f"<td>{escape(PROVIDERS[dataset.provider])}</td>"
        f"<td><code>{dataset.wire}</code></td>"
        f"<td><code>{dataset.method} /agencies/{dataset.id}</code></td></tr>"
    )
