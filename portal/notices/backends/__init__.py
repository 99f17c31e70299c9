"""The ways out that the settings name; where a notice directory is set, every message is also written there."""

from functools import cache
from importlib import import_module

from django.conf import settings

from portal.notices.backends.base import Backend, Message


def deliver(message: Message) -> None:
    """Hand a message to every configured way. Raises NotDelivered."""
    for name in _names():
        _backend(name).deliver(message)


def _names() -> list[str]:
    named = [name for name in settings.NOTICE_BACKENDS if name]
    return [*named, "file"] if settings.NOTICE_DIR else named


@cache
def _backend(name: str) -> Backend:
    module = import_module(f"portal.notices.backends.{name}")
    backend: Backend = module.BACKEND
    return backend
