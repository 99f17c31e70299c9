"""Members: who has proven themselves before and said where to be told."""

import datetime as dt

from identity import contact, national_id
from identity.models import Citizen
from mydata.core import references


def enrol(*, written_id: str, email: str | None, mobile: str | None, now: dt.datetime) -> Citizen:
    """Make somebody a member with a confirmed contact; doing it again renews the contact. Raises BadNationalId."""
    reference = references.of_subject(national_id.normalise(written_id))
    citizen, _ = Citizen.objects.update_or_create(
        reference=reference,
        defaults={
            "email_sealed": contact.sealed(reference, email),
            "mobile_sealed": contact.sealed(reference, mobile),
            "confirmed_at": now,
        },
        create_defaults={
            "email_sealed": contact.sealed(reference, email),
            "mobile_sealed": contact.sealed(reference, mobile),
            "confirmed_at": now,
            "joined_at": now,
        },
    )
    return citizen
