"""What an agency does when the portal calls, step by step. This is the page to copy.

The national ID does not travel in the portal's request: the agency asks the portal back with the token it was shown.
"""

from __future__ import annotations

import functools
import uuid
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from aiohttp import web

from sandbox import misbehaving
from sandbox.agencies.answer import Answer, Wire
from sandbox.agencies.asking import TOKEN_PREFIX, Portal
from sandbox.agencies.datasets import Data, Dataset
from sandbox.agencies.habits import Habits
from sandbox.agencies.signed_json import SignedJson
from sandbox.agencies.signed_zip import SignedZip
from sandbox.faults import Faults, Kind
from sandbox.forms import Refused, json_object, refuse
from sandbox.keyring import Keyring
from sandbox.people.personas import People, Persona
from sandbox.settings import Settings

WIRES: Mapping[str, type[SignedZip | SignedJson]] = {"signed_zip": SignedZip, "signed_json": SignedJson}

MOST_PAPERS_REMEMBERED = 10_000


class AgenciesRoom:
    """All datasets of all agencies, each with a secret and a key of its own."""

    def __init__(
        self,
        datasets: Mapping[str, Dataset],
        *,
        keyring: Keyring,
        people: People,
        faults: Faults,
        settings: Settings,
    ) -> None:
        """Answer for `datasets` about `people`; the portal of `settings` is asked about tokens."""
        self._datasets = datasets
        self._people = people
        self._faults = faults
        self._habits = Habits()
        self._issuer = settings.portal
        self._portal = Portal(settings.portal)
        self._canary = settings.canary
        self._given: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self.secrets = {name: keyring.secret(f"dataset {name}") for name in datasets}
        self.wires: dict[str, Wire] = {name: WIRES[each.wire](each, keyring) for name, each in datasets.items()}

    def routes(self) -> Iterable[web.RouteDef]:
        """Return one address a dataset, for the one method it is registered with."""
        return [
            web.route(each.method, f"/agencies/{each.id}", functools.partial(self.answer, each))
            for each in self._datasets.values()
        ]

    async def close(self, _: web.Application) -> None:
        """Let go of the connections to the portal."""
        await self._portal.close()

    async def answer(self, dataset: Dataset, request: web.Request) -> web.StreamResponse:
        """Answer one call of the portal; see the numbered steps."""
        wire = self.wires[dataset.id]
        fault = self._faults.take(f"dataset:{dataset.id}", f"provider:{dataset.provider}")
        if fault in misbehaving.INSTEAD:
            return await misbehaving.instead(request, fault, content_type=wire.content_type)

        # 1. What is asked for: the token, the transaction, the parameters.
        token, tx_id = bearer(request), transaction(request)
        parameters = dataset.checked(await given(dataset, request))

        # 2. Whether the token is good for it, 3. whom it is about.
        await self._portal.introspect(token, dataset=dataset, secret=self.secrets[dataset.id], tx_id=tx_id)
        subject = await self._portal.userinfo(token)
        person = self._people.with_national_id(subject.uid)
        if person is None:
            return web.Response(status=204)

        # Not for copying: some people's agencies go wrong, and some were told to.
        kind = fault or self._habits.of(person, tx_id)
        if kind in misbehaving.INSTEAD:
            return await misbehaving.instead(request, kind, content_type=wire.content_type)
        sub = subject.sub
        if kind is Kind.WRONG_PERSON:
            person = self._mistaken(dataset, person, parameters)
            sub = f"{person.id}-{tx_id}"

        # 4. The answer: no record, or the signed paper.
        data = self._paper(dataset, person, parameters)
        if data is None:
            return web.Response(status=204)
        answer = Answer(dataset=dataset, tx_id=tx_id, sub=sub, audience=self._issuer, data=data)
        self._remember(tx_id, dataset, sub)
        response = web.Response(body=wire.seal(answer, kind), content_type=wire.content_type)
        return await misbehaving.on_the_way(request, response, kind)

    def _mistaken(self, dataset: Dataset, person: Persona, parameters: Mapping[str, object]) -> Persona:
        """Return another person of whom there is such a paper, always the same one."""
        others = (other for other in self._people if other != person and dataset.write(other, parameters))
        return next(others, self._people.somebody_else(person))

    def given(self, tx_id: str) -> tuple[str, str] | None:
        """Return dataset and `sub` of the paper that was given under `tx_id`, or None."""
        return self._given.get(tx_id)

    def _remember(self, tx_id: str, dataset: Dataset, sub: str) -> None:
        """Remember what was given, for the desk; the oldest papers are forgotten first."""
        self._given[tx_id] = (dataset.id, sub)
        if len(self._given) > MOST_PAPERS_REMEMBERED:
            self._given.popitem(last=False)

    def _paper(self, dataset: Dataset, person: Persona, parameters: Mapping[str, object]) -> Data | None:
        data = dataset.write(person, parameters)
        if data is not None and self._canary:
            data[dataset.free_text] = f"{data[dataset.free_text]} {self._canary}".strip()
        return data


def bearer(request: web.Request) -> str:
    """Return the token, its prefix included. Raises `Refused` (401) when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX):
        raise Refused(401, "no_token", f"Authorization: Bearer {TOKEN_PREFIX}… is missing")
    return token


def transaction(request: web.Request) -> str:
    """Return the transaction's id. Raises `Refused` (400) when it is missing or no UUID."""
    tx_id = request.headers.get("tx_id", "")
    try:
        uuid.UUID(tx_id)
    except ValueError:
        refuse("the header tx_id must be a UUID")
    return tx_id


async def given(dataset: Dataset, request: web.Request) -> Mapping[str, object]:
    """Return the parameters as they came, from where the registration says. Raises `Refused` (400)."""
    if dataset.parameters_in == "query":
        return dict(request.query)
    body = await request.read()
    return json_object(body) if body else {}
