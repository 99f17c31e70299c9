"""What `/connect/*` answers: one token an item, with which its agency learns for whom to answer.

The database holds the token's keyed digest and the identity envelope sealed under the token; the worker's copy lives in the
key store and is destroyed when the item has ended. A token lives at most two hours; a later come-back brings a fresh one.
"""

import base64
import datetime as dt
import hmac
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from dataproviders.models import Dataset, FetchToken
from identity.envelope import Envelope
from mydata.core import clock, keys, references, sealing

KIND = "token"
PREFIX = "mydata::"
LIFE = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One item as its agency may know it."""

    item: uuid.UUID
    dataset: str
    tx_id: uuid.UUID
    subject: str
    verification: str


def prepare(errand: Errand, envelope: Envelope, *, now: dt.datetime) -> FetchToken:
    """Make a token, put it into the key store, and return its row, to be saved in the caller's transaction."""
    token = _new_token()
    keys.store().put(KIND, str(errand.item), token.encode())
    return FetchToken(
        item=errand.item,
        digest=_digest(token),
        dataset_id=errand.dataset,
        tx_id=errand.tx_id,
        subject_for_provider=references.per_transaction(errand.subject, str(errand.tx_id)),
        verification=errand.verification,
        envelope_sealed=_seal(token, envelope, errand.item),
        expires_at=now + LIFE,
    )


def bearer(item: uuid.UUID, *, now: dt.datetime) -> tuple[str, str]:
    """Return `(token, sub)` for the item's next call, under a fresh token where the old one is past its life.

    Raises keys.KeyGone where the item has ended or the key store was lost.
    """
    try:
        token = keys.store().get(KIND, str(item)).decode()
    except UnicodeDecodeError as error:
        # A token that is just being overwritten reads as garbage.
        raise keys.KeyGone(KIND) from error
    row = FetchToken.objects.filter(pk=item).first()
    if row is None:
        raise keys.KeyGone(KIND)
    if now < row.expires_at:
        return token, row.subject_for_provider
    fresh = _new_token()
    envelope = _open(token, row)
    keys.store().put(KIND, str(item), fresh.encode())
    FetchToken.objects.filter(pk=item).update(
        digest=_digest(fresh), envelope_sealed=_seal(fresh, envelope, item), expires_at=now + LIFE
    )
    return fresh, row.subject_for_provider


def end(item: uuid.UUID) -> None:
    """Destroy the item's token; what it opened is shut for good."""
    keys.store().destroy(KIND, str(item))
    FetchToken.objects.filter(pk=item).delete()


def dataset_of(name: str, secret: str) -> Dataset | None:
    """Return the dataset whose id and secret these are, or None."""
    dataset = Dataset.objects.filter(pk=name[:64]).exclude(secret_digest="").first()
    known = dataset.secret_digest if dataset else "-" * 64
    given = references.digest("dataset-secret", secret.encode())
    return dataset if hmac.compare_digest(known, given) else None


def introspect(dataset: Dataset, token: str) -> dict[str, Any]:
    """Return `{active, scope, tx_id, exp, verification}` (RFC 7662), `{active: false}` for any token not this dataset's."""
    row = _live(token)
    if row is None or row.dataset_id != dataset.pk:
        return {"active": False}
    return {
        "active": True,
        "scope": row.dataset_id,
        "tx_id": str(row.tx_id),
        "exp": int(row.expires_at.timestamp()),
        "verification": row.verification,
    }


def userinfo(token: str) -> dict[str, Any] | None:
    """Return `{sub, uid, uid_verified, birthdate, cn}` for a live token, or None; what no authority vouched for is null."""
    row = _live(token)
    if row is None:
        return None
    envelope = _open(token, row)
    return {
        "sub": row.subject_for_provider,
        "uid": envelope.uid,
        "uid_verified": True,
        "birthdate": envelope.birth_date,
        "cn": envelope.name,
    }


def _live(token: str) -> FetchToken | None:
    return FetchToken.objects.filter(digest=_digest(token), expires_at__gt=clock.now()).first()


def _new_token() -> str:
    return PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def _digest(token: str) -> str:
    return references.digest("fetch-token", token.encode())


def _seal(token: str, envelope: Envelope, item: uuid.UUID) -> bytes:
    return sealing.wrap(sealing.derive(token.encode(), "fetch-token"), envelope.encode(), item.bytes)


def _open(token: str, row: FetchToken) -> Envelope:
    key = sealing.derive(token.encode(), "fetch-token")
    return Envelope.decode(sealing.unwrap(key, bytes(row.envelope_sealed), row.item.bytes))
