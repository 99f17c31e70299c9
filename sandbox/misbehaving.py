"""How an answer goes wrong on the line. What goes wrong inside a signed answer is up to whoever signs it."""

from __future__ import annotations

import asyncio
import os

from aiohttp import web

from sandbox.faults import Kind

INSTEAD = frozenset({Kind.SILENT, Kind.DOWN, Kind.ERROR, Kind.GARBAGE, Kind.COME_BACK, Kind.NO_RECORD})
"""Kinds that need no true answer: something else comes in its place."""

SECONDS_SLOW = 5.0
SECONDS_SILENT = 90.0
"""Longer than any caller waits; then the line is dropped."""
SECONDS_UNTIL_BACK = 3
BYTES_OF_GARBAGE = 2048


async def instead(request: web.Request, kind: Kind | None, *, content_type: str) -> web.Response:
    """Do what `kind` says in place of answering; `content_type` is what garbage pretends to be."""
    match kind:
        case Kind.ERROR:
            return web.Response(status=500, text="the sandbox was told to fail")
        case Kind.GARBAGE:
            return web.Response(body=os.urandom(BYTES_OF_GARBAGE), content_type=content_type)
        case Kind.COME_BACK:
            return web.Response(status=429, headers={"Retry-After": str(SECONDS_UNTIL_BACK)})
        case Kind.NO_RECORD:
            return web.Response(status=204)
        case Kind.SILENT:
            await asyncio.sleep(SECONDS_SILENT)
    raise line_dropped(request)


async def on_the_way(request: web.Request, response: web.Response, kind: Kind | None) -> web.StreamResponse:
    """Return `response`, late or cut in half where `kind` says so, as it is for any other kind."""
    if kind is Kind.SLOW:
        await asyncio.sleep(SECONDS_SLOW)
    if kind is Kind.TRUNCATED:
        return await half(request, response)
    return response


async def half(request: web.Request, response: web.Response) -> web.StreamResponse:
    """Promise all of `response`, send half of it, and hang up."""
    whole = response.body if isinstance(response.body, bytes) else b""
    cut = web.StreamResponse(status=response.status, headers=response.headers)
    cut.content_length = len(whole)
    await cut.prepare(request)
    await cut.write(whole[: len(whole) // 2])
    raise line_dropped(request, flush=True)


def line_dropped(request: web.Request, *, flush: bool = False) -> asyncio.CancelledError:
    """Close the connection without another byte; return what then ends the handler.

    `flush` lets those bytes go out that were written before.
    """
    if request.transport is not None:
        if flush:
            request.transport.close()
        else:
            request.transport.abort()
    return asyncio.CancelledError()
