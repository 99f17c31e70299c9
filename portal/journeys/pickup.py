r"""在另一個裝置打開: the same citizen goes on with a parcel on a device that did not agree to it.

show (here) -> pick up (there, signed in as the same person) -> both preview, one claims
         \-> revoke, or until it runs out
"""

from uuid import UUID

from django.http import HttpRequest

from identity import gates, holder, networks
from mydata.core import clock
from personal_cloud import barcodes, codes, parcels, vault, wraps
from personal_cloud.codes import Shown
from personal_cloud.delivery import pickup
from personal_cloud.parcels import ParcelView

__all__ = ["ParcelView", "Shown"]


def show(request: HttpRequest, parcel_id: UUID) -> Shown:
    """Have a code shown that opens a sealed parcel; it takes the place of the one before.

    Raises StepUp, OtherBrowser, Gone, IllegalMove where it is not sealed, NotFound.
    """
    signed_in = gates.sign_in(request)
    own = parcels.of(signed_in.subject, parcel_id)
    half = vault.fitting(own, holder.halves(request, own.pk))
    return codes.show(signed_in, own, half=half, now=clock.now())


def shown(request: HttpRequest, code_id: UUID) -> Shown:
    """Return a code as it was shown, and whether it still opens. Raises StepUp, OtherBrowser, NotFound."""
    signed_in = gates.sign_in(request)
    code = codes.of(signed_in.subject, code_id)
    parcels.check_level(signed_in, code.parcel)
    return codes.shown(code, holder.halves(request, code.parcel_id), now=clock.now())


def revoke(request: HttpRequest, code_id: UUID) -> UUID:
    """Take a code back, in any browser; return its parcel's id. Raises CodeUsed, CodeExpired, NotFound."""
    code = codes.of(gates.sign_in(request).subject, code_id)
    codes.revoke(code, now=clock.now())
    return code.parcel_id


def pick_up(request: HttpRequest, written: str) -> tuple[UUID, ParcelView]:
    """Bring a code: from now on this browser opens the parcel too. Return the code's id and the parcel.

    Raises CodeMistyped, TooManyWrongCodes, Busy, UnknownCode, CodeUsed, CodeRevoked, CodeExpired, StepUp, Gone.
    """
    opened = pickup.pick_up(gates.sign_in(request), written, address=networks.address_of(request))
    parcel = opened.parcel
    holder.keep_half(request, parcel.pk, opened.half, until=parcel.expires_at)
    return opened.code, parcels.view(parcel, halves=holder.halves(request, parcel.pk))


def picked_up(request: HttpRequest, code_id: UUID, written: str) -> ParcelView:
    """Return what a code brought, for an answer that is asked for again. Raises IdempotencyMismatch for another code, NotFound."""
    code = codes.of(gates.sign_in(request).subject, code_id)
    codes.check_same(code, wraps.key_of(barcodes.read(written)))
    return parcels.view(code.parcel, halves=holder.halves(request, code.parcel_id))
