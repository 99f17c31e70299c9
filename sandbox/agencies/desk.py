"""The desk of an agency: hears from the portal that something in a paper is wrong, and answers. This is the page to copy.

1. The portal posts a compact JWS; the desk checks who signed it, for whom, and when. 2. It finds the paper by `tx_id` and
takes the remark in: `202`, the same again for a `jti` that it knows. 3. It looks into it and tells the portal what became of it.
Remarks are kept in memory only and are gone with the process.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from aiohttp import web

from sandbox import misbehaving
from sandbox.agencies.asking import Portal
from sandbox.faults import Faults
from sandbox.forms import Form, Refused
from sandbox.keyring import Keyring

REMARK_TYPE = "mydata-remark+jws"
SECONDS_OLD = 600
SECONDS_AHEAD = 60
MOST_REMARKS = 2000
"""The oldest remarks make room for new ones."""
SECONDS_TO_LOOK_INTO_IT = 3.0
TRIES = 8
"""How often the portal is told, each time after twice as many seconds as before."""

BY_HAND = "人工"
"""A remark with this word waits until somebody answers it by `POST /agencies/desk/{remark}/answer`."""
ELSEWHERE = "別的機關"
"""A remark with this word is forwarded."""
Given = Callable[[str], tuple[str, str] | None]
"""Says by which dataset and for which `sub` a paper was given under a `tx_id`; None for one that nobody remembers."""


@dataclass
class Remark:
    """One remark as it was taken in, and what was answered."""

    provider: str
    claims: dict[str, Any]
    matched: bool
    answer: dict[str, Any] | None = None
    told: bool = False

    def written(self) -> dict[str, object]:
        """Return it as `GET /agencies/desk` lists it."""
        names = ("jti", "dataset", "tx_id", "sub", "path", "remark", "proposed")
        said = {name: self.claims[name] for name in names if name in self.claims}
        return {"provider": self.provider, **said, "matched": self.matched, "answer": self.answer, "told": self.told}


@dataclass
class DeskRoom:
    """The desks of all agencies."""

    providers: Mapping[str, str]
    keyring: Keyring
    given: Given
    faults: Faults
    issuer: str
    _remarks: OrderedDict[str, Remark] = field(default_factory=OrderedDict)
    _looking: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make the desks' secrets, and know the portal."""
        self.secrets = {name: self.keyring.secret(f"desk {name}") for name in self.providers}
        self._portal = Portal(self.issuer)

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the desks' addresses."""
        return [
            web.get("/agencies/desk", self.listed),
            web.post("/agencies/desk/{provider}", self.receive),
            web.post("/agencies/desk/{remark}/answer", self.answer_by_hand),
        ]

    async def close(self, _: web.Application) -> None:
        """Stop looking into things, and hang up."""
        for task in self._looking:
            task.cancel()
        await self._portal.close()

    def registration(self, provider: str, *, base_url: str) -> dict[str, str]:
        """Return what the portal has to know about one agency's desk."""
        return {"url": f"{base_url}/agencies/desk/{provider}", "secret": self.secrets[provider]}

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Take one remark in: 202. Raises `Refused`: 401 where its signature or time does not hold, 404, 422."""
        provider = request.match_info["provider"]
        if provider not in self.providers:
            raise Refused(404, "not_found", "there is no such agency here")
        fault = self.faults.take(f"provider:{provider}")
        if fault in misbehaving.INSTEAD:
            return await misbehaving.instead(request, fault, content_type="application/json")
        claims = await self._verified(await request.read(), provider)
        remark = self._remarks.get(claims["jti"])
        if remark is None:
            remark = self._take_in(provider, claims)
        answer = web.json_response({"id": claims["jti"], "matched": remark.matched}, status=202)
        return await misbehaving.on_the_way(request, answer, fault)

    async def listed(self, _: web.Request) -> web.Response:
        """Answer `{items: […]}`, newest last."""
        return web.json_response({"items": [remark.written() for remark in self._remarks.values()]})

    async def answer_by_hand(self, request: web.Request) -> web.Response:
        """Tell the portal `{outcome, available_from?, sentence?}`: 200 with what it said, 502 where it did not take it."""
        remark = self._remarks.get(request.match_info["remark"])
        if remark is None:
            raise Refused(404, "not_found", "no desk here has such a remark")
        form = await Form.read(request)
        form.only("outcome", "available_from", "sentence")
        said = {name: value for name in form.fields if (value := form.text_or_null(name)) is not None}
        return web.json_response(await self._tell(remark, said))

    async def _verified(self, statement: bytes, provider: str) -> dict[str, Any]:
        """Return the claims of a remark. Raises `Refused` (401)."""
        try:
            header = jwt.get_unverified_header(statement)
            if header.get("typ") != REMARK_TYPE:
                raise Refused(401, "not_believed", "this is no remark")
            key = await self._portal.key(str(header.get("kid")))
            claims: dict[str, Any] = jwt.decode(
                statement,
                jwt.PyJWK(key),
                algorithms=["ES256"],
                audience=provider,
                issuer=self.issuer,
                leeway=SECONDS_AHEAD,
                options={"require": ["iss", "aud", "iat", "jti"]},
            )
            uuid.UUID(str(claims["jti"]))
        except (jwt.PyJWTError, ValueError) as problem:
            raise Refused(401, "not_believed", "this is not the portal's, or not for this desk") from problem
        if time.time() - int(claims["iat"]) > SECONDS_OLD:
            raise Refused(401, "not_believed", "the statement is too old")
        return claims

    def _take_in(self, provider: str, claims: dict[str, Any]) -> Remark:
        """Find the paper and begin to look into it. Raises `Refused` (422) where the paper was about somebody else."""
        paper = self.given(str(claims.get("tx_id")))
        if paper is not None and paper != (claims.get("dataset"), claims.get("sub")):
            raise Refused(422, "other_transaction", "under this tx_id another paper was given")
        remark = Remark(provider, claims, matched=paper is not None)
        self._remarks[claims["jti"]] = remark
        if len(self._remarks) > MOST_REMARKS:
            self._remarks.popitem(last=False)
        if BY_HAND not in str(claims.get("remark")):
            task = asyncio.get_running_loop().create_task(self._look_into(remark))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)
        return remark

    async def _look_into(self, remark: Remark) -> None:
        """Decide after some seconds, and tell the portal until it hears."""
        for tried in range(TRIES):
            await asyncio.sleep(SECONDS_TO_LOOK_INTO_IT * 2**tried)
            try:
                await self._tell(remark, decision(remark.claims))
            except Refused:
                continue
            return

    async def _tell(self, remark: Remark, said: dict[str, Any]) -> dict[str, Any]:
        """Tell the portal. Raises `Refused` (502)."""
        secret = self.secrets[remark.provider]
        path = f"/connect/remarks/{remark.claims['jti']}"
        heard = await self._portal.tell(path, name=remark.provider, secret=secret, document=said)
        remark.answer, remark.told = said, True
        return heard


def decision(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Decide by what was written: what is right where the citizen says it, not ours, or else no error."""
    if ELSEWHERE in str(claims.get("remark")):
        return {"outcome": "forwarded", "sentence": "這一項由別的機關登記，已轉請該機關查對，由該機關直接答覆。"}
    if claims.get("proposed"):
        day = (datetime.now(UTC) + timedelta(hours=8)).date()
        return {"outcome": "corrected", "available_from": day.isoformat(), "sentence": "已依原始文件更正。"}
    return {"outcome": "upheld", "sentence": "與原始文件核對相符；若有新的證明文件，請攜帶到本機關辦理。"}
