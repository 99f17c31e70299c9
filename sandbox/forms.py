"""Reads what callers send: one JSON object a request, every field checked, every refusal naming its field."""

from __future__ import annotations

import json
from datetime import date
from typing import NoReturn

from aiohttp import web

LONGEST_TEXT = 512
"""Characters of an ordinary text field; identifiers, nonces and addresses are all far shorter."""


class Refused(Exception):
    """The answer to a request that cannot be served: an HTTP status, a stable code and a sentence."""

    def __init__(self, status: int, code: str, detail: str, **more: object) -> None:
        """`more` joins the JSON body of the answer."""
        super().__init__(detail)
        self.status = status
        self.body = {"error": code, "detail": detail, **more}


def refuse(detail: str) -> NoReturn:
    """Refuse a request that is not in the agreed form: 400 `malformed`."""
    raise Refused(400, "malformed", detail)


class Form:
    """One JSON object, read field by field; each reader raises `Refused` (400) naming the field."""

    def __init__(self, fields: dict[str, object]) -> None:
        """`fields` is the object as it came, nothing checked."""
        self.fields = fields

    @classmethod
    async def read(cls, request: web.Request) -> Form:
        """Read the body of `request`."""
        return cls(json_object(await request.read()))

    def only(self, *names: str) -> None:
        """Refuse fields that nobody here knows."""
        unknown = sorted(self.fields.keys() - set(names))
        if unknown:
            refuse(f"unknown field: {unknown[0][:64]}; known: {', '.join(names)}")

    def text(self, name: str, *, longest: int = LONGEST_TEXT) -> str:
        """Return a non-empty text."""
        value = self.fields.get(name)
        if not isinstance(value, str) or not value or len(value) > longest:
            refuse(f"{name} must be a text of 1 to {longest} characters")
        return value

    def text_or_null(self, name: str, *, longest: int = LONGEST_TEXT) -> str | None:
        """Return a text, which may be empty, or None where it is null or not given."""
        value = self.fields.get(name)
        return "" if value == "" else None if value is None else self.text(name, longest=longest)

    def day(self, name: str) -> date:
        """Return an ISO 8601 calendar date."""
        value = self.text(name)
        try:
            return date.fromisoformat(value)
        except ValueError:
            refuse(f"{name} must be a date such as 1988-04-12")

    def day_or_null(self, name: str) -> date | None:
        """Return an ISO 8601 calendar date, or None where it is null or not given."""
        return None if self.fields.get(name) is None else self.day(name)

    def whole_number(self, name: str, *, otherwise: int, largest: int) -> int:
        """Return an integer from 0 to `largest`, `otherwise` where it is not given."""
        value = self.fields.get(name, otherwise)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= largest:
            refuse(f"{name} must be an integer from 0 to {largest}")
        return value


def json_object(raw: bytes) -> dict[str, object]:
    """Parse a JSON object (RFC 8259). Raises `Refused` (400), also for nesting beyond reason."""
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        refuse("the body must be one JSON object")
    if not isinstance(value, dict):
        refuse("the body must be one JSON object")
    return value
