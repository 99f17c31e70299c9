"""The ways out that the settings name; where a notice directory is set, every message is also written there."""

from functools import cache
from importlib import import_module

from django.conf import settings

from portal.notices.backends.base import Backend, Message, NotDelivered


def deliver(message: Message) -> None:
    """Hand a message to every configured way that carries its channel. Raises NotDelivered, also where there is none.

    The file comes first: written again it replaces itself, while a gateway would deliver twice.
    """
    ways = [way for way in map(_backend, filter(None, settings.NOTICE_BACKENDS)) if message.channel in way.channels]
    if not ways:
        raise NotDelivered
    for way in [_backend("file"), *ways] if settings.NOTICE_DIR else ways:
        way.deliver(message)


@cache
def _backend(name: str) -> Backend:
    module = import_module(f"portal.notices.backends.{name}")
    backend: Backend = module.BACKEND
    return backend
