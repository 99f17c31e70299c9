"""The agency's desk: where remarks go, in which form, and how the desk proves itself when it answers.

Portal: `POST {desk}` with `Content-Type: application/jose`, a compact JWS of the portal (keys at `/.well-known/jwks.json`) of
type `mydata-remark+jws` with the claims `{iss, aud: provider id, iat, jti, dataset, tx_id, sub, path, remark, proposed?}`.
`tx_id` and `sub` are those of the call with which the agency gave the paper; the national ID does not travel. Agency: `202` once
it has taken it, the same again for a `jti` that it knows; `Retry-After` is honoured; anything else is tried again.
"""

import datetime as dt
import hmac
from email.utils import parsedate_to_datetime

from django.conf import settings

from dataproviders.models import Dataset, Provider, Remark
from dataproviders.remarks.sealed import Text
from mydata.core import outbound, references, signing

TYPE = "mydata-remark+jws"
LIMITS = outbound.Limits(total=15.0, max_bytes=64 * 1024)
LONGEST_WAIT = dt.timedelta(hours=1)


class NotTaken(Exception):
    """The desk did not take it now; `wait` is how long it asks for, where it says so."""

    def __init__(self, wait: dt.timedelta | None = None) -> None:
        super().__init__()
        self.wait = wait


def is_open_for(dataset_id: str) -> bool:
    """Say whether the agency that gives this dataset takes remarks."""
    return (
        Provider.objects.filter(pk__in=Dataset.objects.filter(pk=dataset_id).values("provider"))
        .exclude(desk_url="")
        .exists()
    )


def hand_over(remark: Remark, text: Text, *, now: dt.datetime) -> None:
    """Give one remark to its agency's desk. Raises NotTaken."""
    if not remark.dataset.provider.desk_url:
        raise NotTaken
    call = outbound.Call(
        method="POST",
        url=remark.dataset.provider.desk_url,
        headers={"Content-Type": "application/jose"},
        body=signing.jws(claims(remark, text, now=now), TYPE).encode(),
        limits=LIMITS,
    )
    try:
        reply, _ = outbound.fetch(call)
    except outbound.OutboundError as error:
        raise NotTaken from error
    if reply.status != 202:
        raise NotTaken(_asked_wait(reply.headers.get("retry-after", ""), now))


def claims(remark: Remark, text: Text, *, now: dt.datetime) -> dict[str, object]:
    """Return what the desk is told."""
    proposed = {"proposed": text.proposed} if text.proposed else {}
    return {
        "iss": settings.ISSUER,
        "aud": remark.dataset.provider_id,
        "iat": int(now.timestamp()),
        "jti": str(remark.pk),
        "dataset": remark.dataset_id,
        "tx_id": str(remark.tx_id),
        "sub": references.per_transaction(remark.subject, str(remark.tx_id)),
        "path": remark.path,
        "remark": text.remark,
        **proposed,
    }


def provider_of(name: str, secret: str) -> Provider | None:
    """Return the agency whose id and desk secret these are, or None."""
    provider = Provider.objects.filter(pk=name[:64]).exclude(desk_secret_digest="").first()
    known = provider.desk_secret_digest if provider else "-" * 64
    given = references.digest("desk-secret", secret.encode())
    return provider if hmac.compare_digest(known, given) else None


def _asked_wait(written: str, now: dt.datetime) -> dt.timedelta | None:
    """Read a Retry-After (RFC 9110, section 10.2.3), an hour at most; None where there is none that can be read."""
    try:
        asked = dt.timedelta(seconds=int(written)) if _is_number(written) else parsedate_to_datetime(written) - now
    except (ValueError, TypeError):
        return None
    return min(max(asked, dt.timedelta(seconds=1)), LONGEST_WAIT)


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) < 8
