"""Problem documents (RFC 9457): how the portal says no to a program. Nothing personal is in any of them."""

import secrets
from typing import Any

from mydata.core.errors import MyDataError

MEDIA_TYPE = "application/problem+json"


def new_trace() -> str:
    """Return an id by which a person can name what happened to them and an operator can find it in the log."""
    return secrets.token_hex(8)


def document(error: MyDataError, *, trace: str, language: str = "zh") -> dict[str, Any]:
    """Return the members `{type, title, status, detail, code, trace}` with the error's own facts."""
    return {
        "type": f"urn:mydata:problem:{error.code}",
        "title": error.code.replace("_", " "),
        "status": error.status,
        "detail": error.explain(language),
        "code": error.code,
        "trace": trace,
        **error.facts,
    }
