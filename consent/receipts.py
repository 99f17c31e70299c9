"""The proof of what was agreed to: a signed consent record."""

import datetime as dt
import uuid

from django.conf import settings

from consent.models import Grant
from mydata.core import clock, references, signing

TYPE = "mydata-consent+jws"


def consent(grant: Grant, *, given_at: dt.datetime, expires_at: dt.datetime) -> str:
    """Return the compact JWS over what the citizen was shown and agreed to."""
    return signing.jws(
        {
            "iss": settings.ISSUER,
            "jti": str(uuid.uuid5(grant.pk, "consent")),
            "iat": int(given_at.timestamp()),
            "grant": str(grant.pk),
            "sub": references.pairwise(grant.subject, "citizen"),
            "wording": grant.wording,
            "wording_hash": grant.wording_hash,
            "datasets": grant.dataset_ids,
            "parameters": {chosen["id"]: chosen["parameters"] for chosen in grant.datasets},
            "purpose": grant.purpose,
            "recipient": grant.recipient,
            "expires_at": clock.rfc3339(expires_at),
        },
        TYPE,
    )
