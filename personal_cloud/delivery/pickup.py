"""在另一個裝置打開: a code brought by the same citizen, elsewhere, hands the holder's half of one parcel to that device.

The portal keeps nothing of it: the half goes into a cookie there, and the code is used up.
"""

from dataclasses import dataclass
from uuid import UUID

from identity.gates import SignIn
from mydata.core import clock
from personal_cloud import barcodes, codes, parcels, tries, vault, wraps
from personal_cloud.errors import UnknownCode
from personal_cloud.models import Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedUp:
    """The parcel that a code opened, and the half that this device is to keep."""

    code: UUID
    parcel: Parcel
    half: bytes


def pick_up(sign_in: SignIn, written: str, *, address: str) -> PickedUp:
    """Open a code, once.

    1. It is written as codes are (CodeMistyped). 2. A try is taken of the person and of the network they call from, before anything
    secret is looked at (TooManyWrongCodes, Busy). 3. It is known and of this person's own parcel; else the try stays taken (UnknownCode).
    4. It lives (CodeUsed, CodeRevoked, CodeExpired). 5. The session is as strong as the release asks (StepUp). 6. What it wraps opens
    the parcel (Gone). 7. A guarded update uses it up, with the log, and the wraps are destroyed.
    """
    secret = barcodes.read(written)
    with tries.counted(tries.of(sign_in.subject, address), wrong=UnknownCode):
        key = wraps.key_of(secret)
        code, now = codes.find(key, sign_in.subject), clock.now()
        codes.check_live(code, now=now)
        parcels.check_level(sign_in, code.parcel)
        half = codes.unwrap(code, key, now=now)
        vault.unlock(code.parcel, half)
        codes.accept(code, now=now)
    return PickedUp(code=code.pk, parcel=code.parcel, half=half)
