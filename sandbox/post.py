"""The post: receives the portal's e-mails and SMS instead of their addressees, and lets anybody here read them.

`POST /post` takes one notice `{channel, to, template, subject, body, sent_at, event}`; `GET /post?to=ADDRESS` lists
what came for an address, newest last. In memory only: letters are gone with the process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from aiohttp import web

from sandbox import misbehaving
from sandbox.faults import Faults
from sandbox.forms import Form, refuse

MOST_LETTERS = 2000
"""The oldest letters make room for new ones."""
LONGEST_BODY = 64 * 1024
"""Characters of a letter's body."""


class Post:
    """All letters that came since the start, up to `MOST_LETTERS`."""

    def __init__(self, faults: Faults) -> None:
        """Start with an empty box; `faults` may make the post refuse letters."""
        self._faults = faults
        self._letters: deque[dict[str, str | None]] = deque(maxlen=MOST_LETTERS)

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the addresses of the post."""
        return [web.post("/post", self.receive), web.get("/post", self.listed)]

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Take one letter in: 201 with the letter. While a fault lasts, nothing is taken in but slowly."""
        kind = self._faults.take("post")
        if kind in misbehaving.INSTEAD:
            return await misbehaving.instead(request, kind, content_type="application/json")
        letter = read_letter(await Form.read(request))
        self._letters.append(letter)
        return await misbehaving.on_the_way(request, web.json_response(letter, status=201), kind)

    async def listed(self, request: web.Request) -> web.Response:
        """Answer `{items: […]}` for `?to=`, newest last."""
        address = request.query.get("to", "")
        if not address:
            refuse("to is missing: GET /post?to=ADDRESS")
        return web.json_response({"items": [letter for letter in self._letters if letter["to"] == address]})


def read_letter(form: Form) -> dict[str, str | None]:
    """Read one notice. Raises `Refused` (400) naming the field."""
    form.only("channel", "to", "template", "subject", "body", "sent_at", "event")
    channel = form.text("channel")
    if channel not in {"email", "sms"}:
        refuse("channel must be email or sms")
    return {
        "channel": channel,
        "to": form.text("to"),
        "template": form.text("template"),
        "subject": form.text_or_null("subject"),
        "body": form.text("body", longest=LONGEST_BODY),
        "sent_at": form.text("sent_at"),
        "event": form.text_or_null("event"),
    }
