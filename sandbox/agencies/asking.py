"""The agency asks the portal about the token it was shown: is it good, for what, and about whom.

Two calls (the portal's contract, provider wire, steps 2 and 3): `POST /connect/introspect` (RFC 7662) with the
dataset's own id and secret, then `GET /connect/userinfo` with the token itself. An agency's desk also asks for the portal's
keys, and tells it what became of a remark.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp

from sandbox.agencies.datasets import Dataset
from sandbox.forms import Refused

TOKEN_PREFIX = "mydata::"
SECONDS_TO_ASK = 10


@dataclass(frozen=True)
class Subject:
    """The person a token is about: the portal's reference for this transaction, and the national ID."""

    sub: str
    uid: str


class Portal:
    """The portal as its agencies see it."""

    def __init__(self, base_url: str) -> None:
        """Ask the portal at `base_url`; `opened` and `closed` bracket the life of the connection pool."""
        self._base_url = base_url
        self._session: aiohttp.ClientSession | None = None
        self._keys: dict[str, dict[str, Any]] = {}

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()

    async def introspect(self, token: str, *, dataset: Dataset, secret: str, tx_id: str) -> None:
        """Make sure that the token is good for this dataset and transaction.

        Raises `Refused`: 401 for a token that is not active, 403 for one given for something else.
        """
        basic = aiohttp.BasicAuth(dataset.id, secret).encode()
        facts = await self._ask("POST", "/connect/introspect", authorization=basic, form={"token": token})
        if facts.get("active") is not True:
            raise Refused(401, "token_not_active", "the portal says that the token is not active")
        if dataset.id not in str(facts.get("scope", "")).split():
            raise Refused(403, "other_scope", "the token was given for another dataset")
        if facts.get("tx_id") != tx_id:
            raise Refused(403, "other_transaction", "the token was given for another transaction")

    async def userinfo(self, token: str) -> Subject:
        """Return whom the token is about. Raises `Refused` (502) when the portal does not say."""
        facts = await self._ask("GET", "/connect/userinfo", authorization=f"Bearer {token}")
        sub, uid = facts.get("sub"), facts.get("uid")
        if not isinstance(sub, str) or not isinstance(uid, str):
            raise Refused(502, "portal_unclear", "the portal named no subject")
        return Subject(sub, uid)

    async def key(self, kid: str) -> dict[str, Any]:
        """Return the portal's public key of that id. Raises `Refused`: 401 where it has none, 502 where it does not say."""
        if kid not in self._keys:
            keys = (await self._ask("GET", "/.well-known/jwks.json")).get("keys")
            self._keys = (
                {str(key.get("kid")): key for key in keys if isinstance(key, dict)} if isinstance(keys, list) else {}
            )
        if kid not in self._keys:
            raise Refused(401, "unknown_key", "the portal has no such key")
        return self._keys[kid]

    async def tell(self, path: str, *, name: str, secret: str, document: dict[str, Any]) -> dict[str, Any]:
        """Post a JSON object as whoever has this name and secret. Raises `Refused` (502) where the portal does not take it."""
        basic = aiohttp.BasicAuth(name, secret).encode()
        return await self._ask("POST", path, authorization=basic, document=document)

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        authorization: str = "",
        form: dict[str, str] | None = None,
        document: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Call the portal and return its JSON object. Raises `Refused` (502) for anything else."""
        try:
            async with self._pool().request(
                method,
                f"{self._base_url}{path}",
                headers={"Authorization": authorization} if authorization else {},
                data=form,
                json=document,
                allow_redirects=False,
            ) as response:
                facts = json.loads(await response.read() if response.status == HTTPStatus.OK else b"")
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise Refused(502, "portal_unclear", f"the portal gave no answer to {path}") from None
        if not isinstance(facts, dict):
            raise Refused(502, "portal_unclear", f"the portal's answer to {path} is no JSON object")
        return facts

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            patience = aiohttp.ClientTimeout(total=SECONDS_TO_ASK)
            self._session = aiohttp.ClientSession(timeout=patience, cookie_jar=aiohttp.DummyCookieJar())
        return self._session
