"""`GET /people`: the list from which tests, tutorials and the page choose their people."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from sandbox.people.personas import People


class PeopleRoom:
    """The public half of the register."""

    def __init__(self, people: People) -> None:
        """Show `people`."""
        self._people = people

    def routes(self) -> Iterable[web.RouteDef]:
        """Return the room's one address."""
        return [web.get("/people", self.listed)]

    async def listed(self, _: web.Request) -> web.Response:
        """Answer `{items: […]}`."""
        return web.json_response({"items": [person.public() for person in self._people]})
