"""個人雲: one parcel for one grant, one item for one dataset, and the codes by which a parcel is opened elsewhere."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from consent.models import Grant
from dataproviders.models import Dataset
from mydata.core.leases import Leased
from mydata.core.states import Life


class Parcel(models.Model):
    """What one grant brings together. The database holds the public key; the private one exists only in the holder's hands.

    `purge_started_at` shuts it: from then on nobody opens, lands or claims.
    """

    class State(models.TextChoices):
        """The life of a parcel."""

        COLLECTING = "collecting"
        SEALED = "sealed"
        FAILED = "failed"
        RELEASED = "released"
        PURGED = "purged"

    LIFE = Life(
        {
            State.SEALED: (State.COLLECTING,),
            State.FAILED: (State.COLLECTING,),
            State.RELEASED: (State.SEALED,),
            State.PURGED: (State.COLLECTING, State.SEALED, State.FAILED, State.RELEASED),
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.COLLECTING)
    public_key = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)

    claim_key_digest = models.CharField(max_length=64, blank=True)
    claim_body_digest = models.CharField(max_length=64, blank=True)
    claim_token = models.UUIDField(null=True)
    claim_until = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    release_level = models.PositiveSmallIntegerField(null=True)
    file_spool = models.CharField(max_length=100, blank=True)
    file_sealed_key = models.BinaryField(null=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_size = models.BigIntegerField(null=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    last_sent_at = models.DateTimeField(null=True)

    purge_started_at = models.DateTimeField(null=True)
    purge_because = models.CharField(max_length=20, blank=True)
    purged_at = models.DateTimeField(null=True)
    deletion_receipt = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "-created_at"], name="parcel_by_subject"),
            models.Index(fields=["state", "expires_at"], name="parcel_by_end"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="purged") | Q(file_sealed_key__isnull=True, file_spool=""),
                name="a_purged_parcel_has_no_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="purged") | (Q(purged_at__isnull=False) & ~Q(deletion_receipt="")),
                name="a_purged_parcel_has_a_receipt",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Say whether it may still be opened, landed in or claimed."""
        return self.purge_started_at is None and self.state != self.State.PURGED

    @property
    def etag(self) -> str:
        """The file's entity tag, without quotes."""
        return self.file_sha256[:32]


class Item(Leased):
    """One dataset of a parcel: fetched under a lease, sealed, erased; its outcome is kept."""

    class State(models.TextChoices):
        """The life of an item."""

        WAITING = "waiting"
        FETCHING = "fetching"
        LANDED = "landed"
        NONE_HELD = "none_held"
        FAILED = "failed"
        ERASED = "erased"

    OPEN = (State.WAITING, State.FETCHING)
    LIFE = Life(
        {
            State.FETCHING: OPEN,
            State.WAITING: (State.FETCHING,),
            State.LANDED: (State.FETCHING,),
            State.NONE_HELD: (State.FETCHING,),
            State.FAILED: OPEN,
            State.ERASED: (State.WAITING, State.FETCHING, State.LANDED, State.NONE_HELD, State.FAILED),
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="items")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    parameters = models.JSONField(default=dict)
    tx_id = models.UUIDField(default=uuid.uuid4)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    outcome = models.CharField(max_length=10, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    spool = models.CharField(max_length=100, blank=True)
    sealed_key = models.BinaryField(null=True)
    commitment = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="item_by_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["parcel", "dataset"], name="one_item_per_dataset"),
            models.CheckConstraint(
                condition=~Q(state="erased") | Q(sealed_key__isnull=True, spool=""),
                name="an_erased_item_has_no_content",
            ),
            models.CheckConstraint(
                condition=~Q(state="landed") | (Q(sealed_key__isnull=False) & ~Q(spool="")),
                name="a_landed_item_has_content",
            ),
        ]


class CounterCode(models.Model):
    """資料條碼: shown once, so that somebody who reads it may open the parcel; today another device of the same citizen.

    The row knows a code by keyed digests alone. What the code opens lies wrapped in the key store until the code has ended.
    """

    class State(models.TextChoices):
        """The life of a code."""

        SHOWN = "shown"
        SCANNED = "scanned"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        EXPIRED = "expired"
        REVOKED = "revoked"

    LIVE = (State.SHOWN, State.SCANNED)
    LIFE = Life(
        {
            State.SCANNED: (State.SHOWN,),
            State.ACCEPTED: (State.SCANNED,),
            State.DECLINED: (State.SCANNED,),
            State.EXPIRED: LIVE,
            State.REVOKED: LIVE,
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    parcel = models.ForeignKey(Parcel, on_delete=models.PROTECT, related_name="codes")
    state = models.CharField(max_length=10, choices=State, default=State.SHOWN)
    qr_digest = models.CharField(max_length=64, unique=True)
    spoken_digest = models.CharField(max_length=64, unique=True)
    shown_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "expires_at"], name="code_by_end")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parcel"], condition=Q(state__in=["shown", "scanned"]), name="one_live_code_per_parcel"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["shown", "scanned"]) | Q(ended_at__isnull=False), name="an_ended_code_says_when"
            ),
        ]


class CodeTry(models.Model):
    """One of the few wrong codes that a person or a network may enter in a while; `who` is a keyed digest.

    It is taken before a code is looked at, stays taken until `free_at` where the code was wrong, and is given back where it
    was not. `settles_by` is set while that is still open.
    """

    who = models.CharField(max_length=64)
    slot = models.PositiveSmallIntegerField()
    free_at = models.DateTimeField()
    settles_by = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["free_at"], name="code_try_by_end")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["who", "slot"], name="one_row_per_try")]
