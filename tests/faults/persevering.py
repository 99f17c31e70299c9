"""A client that does not give up: it asks again under the same key, as a program does when the line breaks."""

import hashlib
import time
import uuid
from collections.abc import Iterable, Mapping

import requests

from tests.house.client import Client, Json, Refused

PATIENCE = 180.0
"""Seconds after which a call is given up: an abandoned call holds its key for 60, and may be killed again."""
NO_ANSWER = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
COME_AGAIN = {429, 500, 502, 503}


class Persevering(Client):
    """One browser whose portal may die at any moment. `broken` lists answers that should never have been given."""

    broken: list[str]

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        expect: int | Iterable[int] | None = None,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> requests.Response:
        """Call until there is an answer that is neither silence nor "busy"."""
        key = key or str(uuid.uuid4())
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return super().call(method, path, body, expect=expect, headers=headers, key=key)
            except NO_ANSWER:
                wait = 0.3
            except Refused as refused:
                if refused.answer.status_code not in COME_AGAIN:
                    raise
                wait = self._told_to_wait(refused.answer)
            assert time.monotonic() < deadline, f"{method} {path}: no answer within {PATIENCE:.0f} s"
            time.sleep(wait)

    def _told_to_wait(self, answer: requests.Response) -> float:
        if answer.status_code == 500:
            self.broken = [*getattr(self, "broken", []), answer.text]
        return float(answer.headers.get("Retry-After", "0.5"))

    def enter(self, person: Json) -> "Persevering":
        """Sign in with the card, again from the start where the portal forgot what was begun."""
        for _ in range(10):
            try:
                self.verify_card(person)
            except Refused as refused:
                # The attempt's claim died with the portal, or its end was written and its session was not.
                if refused.answer.json()["code"] not in {"not_found", "already_answered"}:
                    raise
            if "subject" in self.session():
                return self
        message = "ten sign-ins were lost"
        raise AssertionError(message)

    def agree(self, *datasets: str) -> tuple[Json, str]:
        """Draft and give; where the first answer was lost, the parcel is found by its grant."""
        grant = self.draft(*datasets)
        try:
            return grant, str(self.give(grant)["parcel"])
        except Refused as refused:
            if refused.answer.json()["code"] != "illegal_state":
                raise
            mine = [parcel for parcel in self.items("/parcels") if parcel["grant"] == grant["id"]]
            assert len(mine) == 1, "it was neither given nor refused"
            return grant, str(mine[0]["id"])

    def fetch(self, parcel: str) -> bytes:
        """Claim and download, in pieces where the line breaks; the file is whole or this raises."""
        claimed = self.claim(parcel)
        whole = self.download(parcel)
        assert hashlib.sha256(whole).hexdigest() == claimed["sha256"]
        assert len(whole) == claimed["size"]
        return whole
