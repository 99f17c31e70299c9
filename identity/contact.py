"""Where a citizen is told: e-mail and mobile, sealed in the database under a key kept outside it."""

import re
from dataclasses import dataclass

from identity.models import Citizen
from mydata.core import keyring, sealing

_EMAIL = re.compile(r"[^@\s\x00]{1,64}@[^@\s\x00]{1,190}")
_MOBILE = re.compile(r"09[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Contact:
    """Addresses in plain; either may be missing."""

    email: str | None
    mobile: str | None


def of(subject: str) -> Contact:
    """Return where this citizen is told; nothing for somebody who is no member."""
    citizen = Citizen.objects.filter(pk=subject).first()
    if citizen is None:
        return Contact(None, None)
    return Contact(opened(citizen.email_sealed, subject), opened(citizen.mobile_sealed, subject))


def sealed(subject: str, address: str | None) -> bytes | None:
    """Return an address as the database keeps it, bound to its owner."""
    if not address:
        return None
    return sealing.wrap(keyring.secret("contact"), address.encode(), subject.encode())


def masked(subject: str) -> dict[str, str | None]:
    """Return the addresses as a page may show them: `w***@mail.example`, `09**-***-678`."""
    contact = of(subject)
    return {"email": mask_email(contact.email), "mobile": mask_mobile(contact.mobile)}


def mask_email(address: str | None) -> str | None:
    """Keep the first character and the domain."""
    if not address or not _EMAIL.fullmatch(address):
        return None
    name, domain = address.rsplit("@", 1)
    return f"{name[0]}***@{domain}"


def mask_mobile(number: str | None) -> str | None:
    """Keep the last three digits."""
    if not number or not _MOBILE.fullmatch(number):
        return None
    return f"09**-***-{number[-3:]}"


def opened(wrapped: bytes | memoryview | None, subject: str) -> str | None:
    """Return what `sealed` made, in plain, or None."""
    if not wrapped:
        return None
    return sealing.unwrap(keyring.secret("contact"), bytes(wrapped), subject.encode()).decode()
