"""What every page knows: who is signed in, how they are named here, and where they are."""

from typing import Any

from django.http import HttpRequest

from identity import contact, gates
from portal.design.language import spoken


def page(request: HttpRequest) -> dict[str, Any]:
    """Return `page`: `{sign_in, masked, language, path, here}`.

    `masked` is the contact as a stranger may read it, or None; `here` is an address that can be opened again.
    """
    sign_in = gates.sign_in_or_none(request) if hasattr(request, "session") else None
    addresses = contact.masked(sign_in.subject) if sign_in is not None else {}
    masked = addresses.get("email") or addresses.get("mobile")
    return {"page": nobody(request) | {"sign_in": sign_in, "masked": masked}}


def nobody(request: HttpRequest) -> dict[str, Any]:
    """Return the same as where nobody is signed in; no database is asked."""
    return {
        "sign_in": None,
        "masked": None,
        "language": {"zh": "zh-Hant-TW", "en": "en"}[spoken()],
        "path": request.path,
        "here": request.get_full_path() if request.method in {"GET", "HEAD"} else "/",
    }
