"""Strict readers of the environment: a setting is what it says or the portal does not start."""

import ipaddress
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def text(name: str, default: str) -> str:
    """Return the variable, or `default` where it is unset or empty."""
    return os.environ.get(name) or default


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Return the variable, which must be one of `allowed`. Raises ImproperlyConfigured."""
    value = text(name, default)
    if value not in allowed:
        message = f"{name} must be one of {', '.join(allowed)}, not {value!r}"
        raise ImproperlyConfigured(message)
    return value


def seconds(name: str, default: int, *, least: int = 1) -> int:
    """Return the variable as whole seconds. Raises ImproperlyConfigured."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < least:
        message = f"{name} must be a whole number of at least {least}, not {value!r}"
        raise ImproperlyConfigured(message)
    return int(value)


def port(name: str, default: int) -> int:
    """Return the variable as a TCP port. Raises ImproperlyConfigured."""
    value = seconds(name, default)
    if value > 65535:
        message = f"{name} must be a port below 65536, not {value}"
        raise ImproperlyConfigured(message)
    return value


def address(name: str, schemes: tuple[str, ...]) -> str:
    """Return the variable, an address with a host and one of `schemes`, or nothing. Raises ImproperlyConfigured."""
    value = os.environ.get(name, "")
    parts = urlsplit(value)
    if value and (parts.scheme not in schemes or not parts.hostname):
        message = f"{name} must be {' or '.join(f'{scheme}://…' for scheme in schemes)}"
        raise ImproperlyConfigured(message)
    return value


def networks(name: str) -> list[Network]:
    """Return the variable's addresses and networks, set apart by commas; none where it is unset. Raises ImproperlyConfigured."""
    try:
        return [ipaddress.ip_network(one.strip()) for one in text(name, "").split(",") if one.strip()]
    except ValueError as error:
        message = f"{name} must be addresses or networks (192.0.2.0/24), set apart by commas"
        raise ImproperlyConfigured(message) from error


def path(name: str, default: Path) -> Path:
    """Return the variable as an absolute path."""
    return Path(text(name, str(default))).expanduser().resolve()


def database(name: str, sqlite_file: Path) -> dict[str, object]:
    """Return Django's settings for `postgresql://user:password@host:port/name`, or for SQLite where it is unset.

    SQLite runs in WAL with IMMEDIATE transactions: under DEFERRED a read and then an update fail when two meet.
    """
    url = os.environ.get(name)
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_file,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        message = f"{name} must be postgresql://user:password@host:port/name"
        raise ImproperlyConfigured(message)
    query = dict(item.split("=", 1) for item in parts.query.split("&") if "=" in item)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", "") or parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
