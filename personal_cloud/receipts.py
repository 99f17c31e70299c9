"""The proof that a parcel was destroyed."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.conf import settings

from mydata.core import clock, signing
from personal_cloud.models import Item, Parcel

TYPE = "mydata-deletion+jws"


def deletion(parcel: Parcel, items: Sequence[Item], *, finished_at: dt.datetime) -> str:
    """Return the compact JWS over what was destroyed, when and why; a commitment is the SHA-256 of the destroyed ciphertext."""
    started_at = parcel.purge_started_at or finished_at
    return signing.jws(
        {
            "iss": settings.ISSUER,
            "jti": str(uuid.uuid5(parcel.pk, "deletion")),
            "iat": int(finished_at.timestamp()),
            "parcel": str(parcel.pk),
            "grant": str(parcel.grant_id),
            "because": parcel.purge_because,
            "started_at": clock.rfc3339(started_at),
            "finished_at": clock.rfc3339(finished_at),
            "destroyed": [
                {"item": item.dataset_id, "commitment": item.commitment} for item in items if item.commitment
            ],
        },
        TYPE,
    )
