"""PostgreSQL takes no text with a NUL where SQLite does; in here SQLite takes none either."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import connection


def as_strict_as_postgresql() -> AbstractContextManager[None]:
    """Let every query fail that PostgreSQL would refuse for a NUL in a text."""
    return connection.execute_wrapper(_refuse_nul)


def _refuse_nul(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:  # noqa: FBT001 - Django's own signature
    texts = params if isinstance(params, list | tuple) else ()
    if any("\0" in text for text in texts if isinstance(text, str)):
        message = "a string literal cannot contain NUL"
        raise ValueError(message)
    return execute(sql, params, many, context)
