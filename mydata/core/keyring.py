"""The portal's long-lived secrets: one file each under `MYDATA_SECRETS_DIR`, read once a process.

Only the sandbox profile makes a missing one; `production` refuses to start without them.
"""

import contextlib
import os
import secrets
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@cache
def secret(name: str) -> bytes:
    """Return the 32 bytes kept under `name`.

    Raises ImproperlyConfigured where there is none and the profile does not make one.
    """
    path: Path = settings.SECRETS_DIR / name
    if not path.exists():
        write_once(path, secrets.token_bytes(32))
    value = path.read_bytes()
    if len(value) != 32:
        message = f"the secret {name!r} must be exactly 32 bytes"
        raise ImproperlyConfigured(message)
    return value


@cache
def text(name: str) -> str:
    """Return a password or token that somebody else issued, kept as text under `name`. Raises ImproperlyConfigured."""
    path: Path = settings.SECRETS_DIR / name
    if not path.exists():
        message = f"{name!r} is missing from MYDATA_SECRETS_DIR"
        raise ImproperlyConfigured(message)
    return path.read_text(encoding="utf-8").strip()


def write_once(path: Path, content: bytes) -> None:
    """Create `path` with `content`, readable by its owner only; a file that is there already stays as it is.

    Raises ImproperlyConfigured outside the sandbox profile, where secrets are brought, never made.
    """
    if not settings.SANDBOX:
        message = f"{path.name!r} is missing from MYDATA_SECRETS_DIR; the production profile makes no secrets"
        raise ImproperlyConfigured(message)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
