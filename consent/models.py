"""Who may ask, and what the citizen answered."""

import uuid
from typing import ClassVar

from django.db import models

from identity.levels import AssuranceLevel
from mydata.core.states import Life


class Service(models.Model):
    """申辦服務: what an agency does for people, at a counter or online, with papers it already demands."""

    class Mode(models.TextChoices):
        """臨櫃核驗 or 線上服務."""

        COUNTER = "counter"
        ONLINE = "online"

    id = models.SlugField(primary_key=True, max_length=64)
    mode = models.CharField(max_length=10, choices=Mode)
    agency = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=40, blank=True)
    open_months = models.JSONField(default=list)
    is_planned = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=1000)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    @property
    def status(self) -> str:
        """`planned` where the deck only announces it, else `listed`: named, and not yet open on this portal."""
        return "planned" if self.is_planned else "listed"


class Grant(models.Model):
    """當次同意: one answer of one citizen to one question, good for one parcel."""

    class State(models.TextChoices):
        """The life of an answer."""

        DRAFTED = "drafted"
        GIVEN = "given"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"
        SPENT = "spent"

    LIFE = Life(
        {
            State.GIVEN: (State.DRAFTED,),
            State.REFUSED: (State.DRAFTED,),
            State.EXPIRED: (State.DRAFTED, State.GIVEN),
            State.SPENT: (State.GIVEN,),
            State.WITHDRAWN: (State.GIVEN,),
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFTED)
    datasets = models.JSONField()
    language = models.CharField(max_length=2)
    wording_version = models.CharField(max_length=40)
    wording = models.TextField()
    wording_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=400)
    recipient = models.CharField(max_length=200)
    minimum_level = models.PositiveSmallIntegerField(choices=AssuranceLevel)
    given_level = models.PositiveSmallIntegerField(choices=AssuranceLevel, null=True)
    given_method = models.CharField(max_length=40, blank=True)
    receipt = models.TextField(blank=True)
    drafted_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "-drafted_at"], name="grant_by_subject")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=["drafted", "refused", "expired"]) | models.Q(given_at__isnull=False),
                name="a_given_grant_says_when",
            )
        ]

    @property
    def required_level(self) -> AssuranceLevel:
        """The level that every chosen dataset accepts."""
        return AssuranceLevel(self.minimum_level)

    @property
    def dataset_ids(self) -> list[str]:
        """The ids of what was chosen, in the order of choosing."""
        return [str(chosen["id"]) for chosen in self.datasets]
