"""Puts the rooms together: who needs whom, which addresses there are, how refusals look."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.agencies import datasets as agencies_datasets
from sandbox.agencies.answering import AgenciesRoom
from sandbox.agencies.desk import DeskRoom
from sandbox.authorities.card_component import CardComponent
from sandbox.authorities.certificates import CertificateAuthority
from sandbox.authorities.desk import AuthoritiesDesk
from sandbox.faults import Faults
from sandbox.forms import Refused
from sandbox.keyring import Keyring
from sandbox.page import Page
from sandbox.people.personas import People
from sandbox.people.room import PeopleRoom
from sandbox.post import Post
from sandbox.registration import RegistrationRoom
from sandbox.settings import Settings

LARGEST_REQUEST = 512 * 1024
"""Bytes of a request body; more is refused with 413."""

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def build(settings: Settings) -> web.Application:
    """Return the application; makes the keys if this is the first start in `settings.directory`."""
    people, datasets = People.load(), agencies_datasets.load()
    faults = Faults(datasets=datasets, providers=agencies_datasets.PROVIDERS)
    with Keyring.opened(settings.directory) as keyring:
        certificates = CertificateAuthority(keyring, people)
        desk = AuthoritiesDesk(keyring, people, certificates, faults)
        agencies = AgenciesRoom(
            datasets,
            keyring=keyring,
            people=people,
            faults=faults,
            settings=settings,
        )
        remarks = DeskRoom(
            agencies_datasets.PROVIDERS, keyring=keyring, given=agencies.given, faults=faults, issuer=settings.portal
        )
    cards = CardComponent(people, certificates, portal=settings.portal)
    rooms = (
        PeopleRoom(people),
        Post(faults),
        faults,
        agencies,
        remarks,
        desk,
        cards,
        RegistrationRoom(datasets, agencies, remarks, people=people, base_url=settings.base_url),
        Page(people, datasets, settings),
    )
    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[refusals_as_json])
    for room in rooms:
        app.add_routes(room.routes())
    app.router.add_get("/healthz", healthz)
    app.on_response_prepare.extend([with_headers, cards.readable_by_the_portal])
    app.on_cleanup.extend([agencies.close, remarks.close])
    return app


async def healthz(_: web.Request) -> web.Response:
    """Answer that the process is alive; by then every key exists."""
    return web.json_response({"status": "ok"})


async def with_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Keep answers out of caches, and browsers from guessing at content types."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


@web.middleware
async def refusals_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn refusals, ours and aiohttp's, into `{error, detail}`."""
    try:
        return await handler(request)
    except Refused as refusal:
        return web.json_response(refusal.body, status=refusal.status)
    except web.HTTPException as refusal:
        code = refusal.reason.lower().replace(" ", "_")
        headers = {"Allow": refusal.headers["Allow"]} if "Allow" in refusal.headers else {}
        return web.json_response({"error": code, "detail": refusal.reason}, status=refusal.status, headers=headers)
