"""`python -m sandbox --port 9000 --portal http://127.0.0.1:8000 --dir var-sandbox`."""

from __future__ import annotations

import logging
import sys

from aiohttp import web

from sandbox import settings
from sandbox.access_log import PathsOnly
from sandbox.app import build

logger = logging.getLogger("sandbox")

SECONDS_TO_FINISH = 1.0
"""Answers under way at SIGTERM get this long; a silent one would otherwise hold the process for a minute."""


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; leave with status 1 and a sentence when the port is taken."""
    logging.basicConfig(level=logging.INFO, format="sandbox %(levelname)s %(message)s")
    chosen = settings.read(sys.argv[1:])
    try:
        web.run_app(
            build(chosen),
            host=chosen.bind,
            port=chosen.port,
            access_log_class=PathsOnly,
            shutdown_timeout=SECONDS_TO_FINISH,
            handler_cancellation=True,
            print=lambda _: logger.info("sandbox at %s", chosen.base_url),
        )
    except OSError as problem:
        sys.exit(f"sandbox: cannot serve at {chosen.base_url}: {problem.strerror}")


if __name__ == "__main__":
    main()
