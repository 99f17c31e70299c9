"""Makes somebody misbehave: `POST /faults {target, kind, count}`.

The next `count` answers of the target (default 1) go wrong in the way that `kind` says; 0 lifts the fault.
A target has one fault at a time: a new one takes the place of the old. `GET /faults` lists what is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

from sandbox.forms import Form, refuse

MOST_ANSWERS = 1_000_000
MOST_TARGETS = 1000
"""Services are remembered whatever their name, so their number has a bound."""


class Kind(StrEnum):
    """Every way of going wrong."""

    SLOW = "slow"
    SILENT = "silent"
    DOWN = "down"
    ERROR = "error"
    GARBAGE = "garbage"
    TRUNCATED = "truncated"
    COME_BACK = "come_back"
    NO_RECORD = "no_record"
    WRONG_PERSON = "wrong_person"
    UNSIGNED = "unsigned"
    BAD_SIGNATURE = "bad_signature"
    BAD_DIGEST = "bad_digest"


ON_THE_LINE = frozenset({Kind.SLOW, Kind.SILENT, Kind.DOWN, Kind.ERROR})
ON_ANY_DOCUMENT = ON_THE_LINE | {Kind.GARBAGE, Kind.TRUNCATED, Kind.BAD_SIGNATURE}
ON_A_STATEMENT = ON_ANY_DOCUMENT | {Kind.UNSIGNED, Kind.WRONG_PERSON}
AUTHORITIES = {
    "ca": ON_A_STATEMENT,
    "ocsp": ON_ANY_DOCUMENT,
    "health_insurance": ON_A_STATEMENT,
    "household": ON_A_STATEMENT,
    "mobile_identity": ON_A_STATEMENT,
}


@dataclass
class Fault:
    """What is left of one order to misbehave."""

    kind: Kind
    count: int


class Faults:
    """The orders in force, and the rules which target can go wrong in which way."""

    def __init__(self, *, datasets: Collection[str], providers: Collection[str]) -> None:
        """Accept faults for these datasets and providers, all authorities, any service, and the post."""
        self._datasets = datasets
        self._providers = providers
        self._orders: dict[str, Fault] = {}

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the addresses at which faults are ordered and listed."""
        return [web.post("/faults", self.order), web.get("/faults", self.listed)]

    async def order(self, request: web.Request) -> web.Response:
        """Take an order: 200 with the order, 400 naming what is wrong with it."""
        form = await Form.read(request)
        form.only("target", "kind", "count")
        target, kind = form.text("target"), _kind(form.text("kind"))
        count = form.whole_number("count", otherwise=1, largest=MOST_ANSWERS)
        if kind not in self._kinds_for(target):
            refuse(f"kind {kind} does not apply to {target}")
        self.set(target, kind, count)
        return web.json_response({"target": target, "kind": kind, "count": count})

    async def listed(self, _: web.Request) -> web.Response:
        """Answer `{items: [{target, kind, count}]}` with the answers still to be spoilt."""
        items = [{"target": target, "kind": left.kind, "count": left.count} for target, left in self._orders.items()]
        return web.json_response({"items": items})

    def set(self, target: str, kind: Kind, count: int) -> None:
        """Spoil the next `count` answers of `target`; 0 lifts what was ordered before."""
        self._orders.pop(target, None)
        if count and len(self._orders) >= MOST_TARGETS:
            refuse(f"{MOST_TARGETS} targets misbehave already; lift some with count 0")
        if count:
            self._orders[target] = Fault(kind, count)

    def take(self, *targets: str) -> Kind | None:
        """Use up one answer of the first of `targets` that has a fault; None where none has."""
        target = next((name for name in targets if name in self._orders), None)
        if target is None:
            return None
        fault = self._orders[target]
        self.set(target, fault.kind, fault.count - 1)
        return fault.kind

    def _kinds_for(self, target: str) -> Collection[Kind]:
        """Return the kinds that apply. Raises `Refused` (400) for a target that does not exist."""
        if target == "post":
            return ON_THE_LINE
        room, _, name = target.partition(":")
        if room == "authority" and name in AUTHORITIES:
            return AUTHORITIES[name]
        known = {"dataset": self._datasets, "provider": self._providers}.get(room, ())
        if name not in known and not (room == "service" and name):
            rooms = f"dataset:ID, provider:ID, service:ID, post, authority:({'|'.join(AUTHORITIES)})"
            refuse(f"no target {target[:64]}; targets are {rooms}")
        return frozenset(Kind)


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        refuse(f"no kind {name[:64]}; kinds are {', '.join(Kind)}")
