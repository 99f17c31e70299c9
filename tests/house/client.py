"""A small client of the JSON API (CONTRACT section 3), as an agency's programmer would write one: cookies, CSRF, acts."""

import hashlib
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import requests

from tests.house.standing import StandingHouse

TIMEOUT = 30.0
Json = dict[str, Any]


class Refused(AssertionError):
    """The portal answered with another status than the caller expected."""

    def __init__(self, method: str, path: str, answer: requests.Response) -> None:
        super().__init__(f"{method} {path}: {answer.status_code} {answer.text[:800]}")
        self.answer = answer


class Client:
    """One browser or program of one person. Acts return the answer's JSON; a status not expected raises Refused.

    For a refusal that a test is about, say `expect=409` and read `code` in what comes back.
    """

    def __init__(self, house: StandingHouse) -> None:
        self.house = house
        self.http = requests.Session()
        self.http.trust_env = False

    # -- the wire ------------------------------------------------------------------------------------------------------

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
        """Call `/api/v1{path}` with the CSRF header, and an `Idempotency-Key` (a fresh one unless given) on POST."""
        sent = dict(headers or {})
        if method not in {"GET", "HEAD"}:
            sent.setdefault("X-CSRFToken", self.csrf())
        if method == "POST":
            sent.setdefault("Idempotency-Key", key or str(uuid.uuid4()))
        answer = self.http.request(method, f"{self.house.base}/api/v1{path}", json=body, headers=sent, timeout=TIMEOUT)
        if answer.status_code not in _expected(expect):
            raise Refused(method, path, answer)
        return answer

    def get(self, path: str, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """GET and return the JSON."""
        return _json(self.call("GET", path, **options))

    def post(self, path: str, body: object = None, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """POST and return the JSON."""
        return _json(self.call("POST", path, {} if body is None else body, **options))

    def csrf(self) -> str:
        """Return the session's present token."""
        return str(self.session()["csrf"])

    def session(self) -> Json:
        """Return who this client is to the portal."""
        return self.get("/session")

    # -- who ----------------------------------------------------------------------------------------------------------

    def verify_two_documents(self, person: Json, *, by: str = "household_no", **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Try the health card and one more document; `by` is `household_no` or `id_issued_on`."""
        claim = {name: person[name] for name in ("national_id", "birth_date", "health_card_no", by)}
        return self.post("/verifications", {"method": "two_documents", "claim": claim}, **options)

    def verify_card(self, person: Json, *, card: Json | None = None, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Try the citizen certificate, signing with the sandbox's card component."""
        chosen = card or _card(person)
        body = {"method": "citizen_certificate", "claim": {"national_id": person["national_id"]}}
        started = self.post("/verifications", body)
        cms = self.sign(chosen, started["challenge"]["data"])
        return self.post(f"/verifications/{started['id']}/answer", {"cms": cms}, **options)

    def sign(self, card: Json, data: str) -> str:
        """Have the card component sign `data` (base64); returns the detached CMS."""
        body = {"card": card["card"], "pin": card["pin"], "data": data}
        answer = requests.post(f"{self.house.sandbox}/card/sign", json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        return str(answer.json()["cms"])

    def sign_in(self, person: Json, *, level: int = 4) -> "Client":
        """Sign in at `level`: 1 with the card, 4 with two documents. Returns this client."""
        done = self.verify_card(person) if level == 1 else self.verify_two_documents(person)
        assert done["state"] == "verified", done
        return self

    def sign_out(self) -> None:
        """End the session."""
        self.call("DELETE", "/session")

    # -- the act -------------------------------------------------------------------------------------------------------

    def draft(self, *datasets: str, parameters: Mapping[str, Json] | None = None, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Draft a grant; `parameters` by dataset."""
        chosen = parameters or {}
        entries = [{"id": name} | ({"parameters": chosen[name]} if name in chosen else {}) for name in datasets]
        return self.post("/grants", {"datasets": entries}, **options)

    def give(self, grant: Json, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Consent to the wording that the draft showed."""
        return self.post(f"/grants/{grant['id']}/give", {"wording_hash": grant["wording_hash"]}, **options)

    def refuse(self, grant: Json, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Refuse a draft."""
        return self.post(f"/grants/{grant['id']}/refuse", **options)

    def withdraw(self, grant: Json, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Take the consent back; the parcel is purged."""
        return self.post(f"/grants/{grant['id']}/withdraw", **options)

    def receipt(self, grant: Json) -> str:
        """Return the signed consent record, a compact JWS."""
        return self.call("GET", f"/grants/{grant['id']}/receipt").text

    def request(self, *datasets: str, parameters: Mapping[str, Json] | None = None) -> tuple[Json, str]:
        """Draft and give in one go; returns the draft and the parcel's id."""
        grant = self.draft(*datasets, parameters=parameters)
        return grant, str(self.give(grant)["parcel"])

    def parcel(self, parcel: str, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Return the parcel as it is now."""
        return self.get(f"/parcels/{parcel}", **options)

    def wait(self, parcel: str, *states: str, seconds: float = 30.0) -> Json:
        """Return the parcel once it is in one of `states`, without naming any: once nothing is being collected."""
        wanted = states or ("sealed", "failed", "released", "purged")
        deadline = time.monotonic() + seconds
        while (found := self.parcel(parcel))["state"] not in wanted:
            assert time.monotonic() < deadline, f"not {wanted} within {seconds:.0f} s: {found}"
            time.sleep(0.1)
        return found

    def preview(self, parcel: str, dataset: str, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Return the values of one landed item."""
        return self.get(f"/parcels/{parcel}/items/{dataset}", **options)

    def claim(self, parcel: str, *, passphrase: str | None = None, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Claim the parcel's file; the cookie that opens it stays with this client."""
        return self.post(f"/parcels/{parcel}/claim", {"passphrase": passphrase} if passphrase else {}, **options)

    def download(
        self, parcel: str, *, headers: Mapping[str, str] | None = None, expect: int | Iterable[int] | None = None
    ) -> bytes:
        """Return the bytes of the file, or of the range that `headers` ask for."""
        return self.call("GET", f"/parcels/{parcel}/file", headers=headers, expect=expect).content

    def acknowledge(self, parcel: str, content: bytes, **options: Any) -> Json:  # noqa: ANN401 - handed on to `call`
        """Say that the file arrived; the parcel is purged."""
        digest = hashlib.sha256(content).hexdigest()
        return self.post(f"/parcels/{parcel}/received", {"sha256": digest}, **options)

    def take(self, parcel: str, *, passphrase: str | None = None) -> tuple[bytes, Json]:
        """Claim, download and acknowledge; returns the file and the last answer."""
        claimed = self.claim(parcel, passphrase=passphrase)
        content = self.download(parcel)
        assert hashlib.sha256(content).hexdigest() == claimed["sha256"]
        return content, self.acknowledge(parcel, content)

    def items(self, path: str) -> list[Json]:
        """Return a whole list such as `/usage`, page after page."""
        found, after = [], None
        while True:
            page = self.get(f"{path}?after={after}" if after else path)
            found += page["items"]
            after = page.get("next")
            if not after:
                return found

    def usage(self) -> list[Json]:
        """Return the whole record of use."""
        return self.items("/usage")

    def notices(self) -> list[Json]:
        """Return every notice."""
        return self.items("/notices")


def _expected(expect: int | Iterable[int] | None) -> set[int]:
    if expect is None:
        return {200, 201, 202, 204, 206}
    return {expect} if isinstance(expect, int) else set(expect)


def _json(answer: requests.Response) -> Json:
    found = answer.json()
    assert isinstance(found, dict), f"not an object: {answer.text[:200]}"
    return found


def _card(person: Json) -> Json:
    cards = [card for card in person["cards"] if card["kind"] == "citizen_certificate"]
    return next((card for card in cards if card["status"] == "good"), cards[0])
