"""Sweeping: what no live row names is removed, so that a death between two steps leaves nothing behind."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from dataproviders import tokens
from dataproviders.models import FetchToken
from dataproviders.remarks import sealed
from identity import sessions, verifying
from mydata.core import clock, keys
from personal_cloud import spool, tries, vault, wraps
from personal_cloud.models import CounterCode, Item, Parcel

GRACE = 30.0
"""Seconds for which something unnamed is left alone: its row may be on its way."""


def sweep() -> None:
    """Remove what nobody names from spool and key store, and sessions and tries that are over."""
    _sweep_spool()
    _sweep_shares()
    _sweep_tokens()
    sealed.sweep(older_than=GRACE)
    _sweep_codes()
    _sweep_by_age(keys.PROBES, GRACE)
    _sweep_by_age(sessions.SHARES, settings.SESSION_ABSOLUTE + GRACE)
    _sweep_by_age(verifying.CLAIMS, settings.VERIFICATION_TTL + GRACE)
    SessionStore.clear_expired()
    tries.forget(clock.now())


def _sweep_spool() -> None:
    now = clock.now().timestamp()
    old = [entry.name for entry in spool.names() if now - _modified(entry.path) > GRACE]
    named = set(Item.objects.filter(spool__in=old).values_list("spool", flat=True))
    named |= set(Parcel.objects.filter(file_spool__in=old).values_list("file_spool", flat=True))
    for name in set(old) - named:
        if not _is_being_made(name):
            spool.unlink(name)


def _is_being_made(name: str) -> bool:
    """Say whether somebody who still holds a lease writes this file: `kind.owner.lease token`."""
    parts = name.split(".")
    if len(parts) != 3 or not _is_uuid(parts[2]):
        return False
    now = clock.now()
    if parts[0] == "item":
        return Item.objects.filter(lease_token=parts[2], lease_until__gt=now).exists()
    return Parcel.objects.filter(claim_token=parts[2], claim_until__gt=now, state=Parcel.State.SEALED).exists()


def _sweep_shares() -> None:
    names = set(keys.store().names(vault.SHARES, older_than=GRACE))
    owners = Parcel.objects.filter(pk__in=filter(_is_uuid, names)).exclude(state=Parcel.State.PURGED)
    _destroy(vault.SHARES, names - {str(pk) for pk in owners.values_list("pk", flat=True)})


def _sweep_tokens() -> None:
    """Remove the tokens of items that have ended, and what a writer left that died before it gave the key its name."""
    over = FetchToken.objects.exclude(pk__in=Item.objects.filter(state__in=Item.OPEN).values("pk"))
    for item in list(over.values_list("pk", flat=True)):
        tokens.end(item)
    names = set(keys.store().names(tokens.KIND, older_than=GRACE))
    live = FetchToken.objects.filter(pk__in=filter(_is_uuid, names)).values_list("pk", flat=True)
    _destroy(tokens.KIND, names - {str(pk) for pk in live})


def _sweep_codes() -> None:
    """Remove the wraps of codes that have ended, and of those that never came to be."""
    names = set(keys.store().names(wraps.KIND, older_than=GRACE))
    live = CounterCode.objects.filter(pk__in=filter(_is_uuid, names), state__in=CounterCode.LIVE)
    _destroy(wraps.KIND, names - {str(pk) for pk in live.values_list("pk", flat=True)})


def _sweep_by_age(kind: str, seconds: float) -> None:
    _destroy(kind, keys.store().names(kind, older_than=seconds))


def _destroy(kind: str, names: Iterable[str]) -> None:
    for name in list(names):
        keys.store().destroy(kind, name)


def _modified(path: str) -> float:
    try:
        return spool.path(path).stat().st_mtime
    except FileNotFoundError:
        return clock.now().timestamp()


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
