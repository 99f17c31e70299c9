"""One line a request: method, path, status, milliseconds. Never a query string: it may name a person."""

from __future__ import annotations

from aiohttp.abc import AbstractAccessLogger
from aiohttp.web import BaseRequest, StreamResponse


class PathsOnly(AbstractAccessLogger):
    """An access log that nobody can be recognised in."""

    def log(self, request: BaseRequest, response: StreamResponse, time: float) -> None:
        """Write the line; `time` is in seconds."""
        self.logger.info("%s %s %s %.0f ms", request.method, request.path, response.status, time * 1000)
