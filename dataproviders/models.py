"""What data exists, who holds it, and how it is fetched."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from dataproviders import years
from dataproviders.fields import InTwoLanguages
from dataproviders.maintenance import Window, under_way
from identity.levels import AssuranceLevel
from identity.methods import registry
from mydata.core import clock
from mydata.core.leases import Leased
from mydata.core.states import Life


class Provider(models.Model):
    """資料提供機關: an agency that holds data. Its desk, where it has one, takes remarks that something in them is wrong."""

    id = models.SlugField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200)
    typical_uses = models.CharField(max_length=400, blank=True)
    position = models.PositiveIntegerField(default=1000)
    desk_url = models.URLField(max_length=500, blank=True)
    desk_secret_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "id"]


class Dataset(models.Model):
    """資料集: one kind of paper that an agency gives about one person."""

    class Wire(models.TextChoices):
        """The format of an agency's answer."""

        SIGNED_ZIP = "signed_zip"
        SIGNED_JSON = "signed_json"

    id = models.SlugField(primary_key=True, max_length=64)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    minimum_level = models.PositiveSmallIntegerField(choices=AssuranceLevel)
    accepted_methods = models.JSONField(default=list)
    schema = models.JSONField(null=True)
    parameters_schema = models.JSONField(default=dict)
    sample = models.JSONField(null=True)
    maintenance = models.JSONField(default=list)
    estimated_seconds = models.PositiveIntegerField(default=10)
    wire = models.CharField(max_length=20, choices=Wire, blank=True)
    secret_digest = models.CharField(max_length=64, blank=True)
    position = models.PositiveIntegerField(default=1000)

    class Meta:
        ordering: ClassVar = ["position", "id"]

    @property
    def status(self) -> str:
        """`available`, `maintenance` while its agency is at work on it, `planned` where it has no open endpoint yet."""
        if not self.is_available:
            return "planned"
        return "available" if self.maintenance_now is None else "maintenance"

    @property
    def maintenance_now(self) -> Window | None:
        """The announced time of maintenance that this moment is in."""
        return under_way(self.maintenance, now=clock.now())

    @property
    def purpose(self) -> InTwoLanguages | None:
        """What people need it for, in the words of its schema (`x-purpose`)."""
        said = (self.schema or {}).get("x-purpose")
        return {"zh": said["zh"], "en": said["en"]} if said else None

    @property
    def is_available(self) -> bool:
        """Whether a citizen can fetch it: it has an open endpoint."""
        return any(endpoint.stage == Endpoint.Stage.LIVE for endpoint in self.endpoints.all())

    @property
    def methods(self) -> list[str]:
        """The methods of verification that open it, the strongest first."""
        return [
            method.name
            for method in registry.offered()
            if self.level.satisfied_by(method.level)
            and (not self.accepted_methods or method.name in self.accepted_methods)
        ]

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON Schema of what it is asked with, its years as they stand today."""
        return years.resolve(self.parameters_schema, today=clock.today())

    @property
    def level(self) -> AssuranceLevel:
        """The weakest level that may fetch it."""
        return AssuranceLevel(self.minimum_level)

    @property
    def formats(self) -> list[str]:
        """The formats in which a citizen takes it."""
        return ["json", "csv", "pdf"] if self.schema else []


class Endpoint(models.Model):
    """Where a dataset is fetched, one address a stage; a testing service cannot name a real one."""

    class Stage(models.TextChoices):
        """測試區, 試辦區, 試營運."""

        TESTING = "testing"
        PILOT = "pilot"
        LIVE = "live"

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="endpoints")
    stage = models.CharField(max_length=10, choices=Stage)
    url = models.URLField(max_length=500)
    method = models.CharField(max_length=4, default="GET")
    parameters_in = models.CharField(max_length=10, default="query")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "stage"], name="one_endpoint_per_stage"),
        ]


class ProviderKey(models.Model):
    """A key with which an agency signs one dataset; replaced ones are kept, so that old papers stay checkable."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="keys")
    certificate_pem = models.TextField(blank=True)
    jwk = models.JSONField(null=True)
    fingerprint = models.CharField(max_length=64)
    registered_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "fingerprint"], name="one_row_per_key"),
        ]


class FetchToken(models.Model):
    """What an agency may ask about one item. The token itself is in the key store only; this row opens with it."""

    item = models.UUIDField(primary_key=True, default=uuid.uuid4)
    digest = models.CharField(max_length=64, unique=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="+")
    tx_id = models.UUIDField()
    subject_for_provider = models.CharField(max_length=32)
    verification = models.CharField(max_length=3)
    envelope_sealed = models.BinaryField()
    expires_at = models.DateTimeField()


MOST_REMARKS_A_DAY = 20
"""Of one citizen, by Taipei's calendar."""


class Remark(Leased):
    """資料有誤: what a citizen says is wrong in one place of one paper, on its way to the agency's desk and back.

    Neither the citizen's words nor the agency's stand here in the clear: their keys are in the key store, the first destroyed
    when the remark has been handed over, the second when its answer has been kept long enough.
    """

    class State(models.TextChoices):
        """The life of a remark."""

        QUEUED = "queued"
        SENT = "sent"
        ANSWERED = "answered"
        GIVEN_UP = "given_up"

    class Outcome(models.TextChoices):
        """What became of it at the agency."""

        CORRECTED = "corrected"
        UPHELD = "upheld"
        FORWARDED = "forwarded"

    class Because(models.TextChoices):
        """Why it was given up."""

        NOT_TAKEN = "not_taken"
        NO_ANSWER = "no_answer"
        TEXT_LOST = "text_lost"

    LIFE = Life(
        {
            State.SENT: (State.QUEUED,),
            State.ANSWERED: (State.SENT,),
            State.GIVEN_UP: (State.QUEUED, State.SENT),
        }
    )
    OPEN = (State.QUEUED, State.SENT)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=32)
    tx_id = models.UUIDField()
    path = models.CharField(max_length=300, blank=True)
    title = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    text_sealed = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    day = models.DateField()
    number_of_day = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(null=True)

    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    available_from = models.DateField(null=True)
    sentence_sealed = models.BinaryField(null=True)
    sentence_key = models.UUIDField(null=True)
    because = models.CharField(max_length=10, choices=Because, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "-made_at"], name="remark_by_subject"),
            models.Index(fields=["due_at"], name="remark_by_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tx_id", "path"], condition=Q(state__in=("queued", "sent")), name="one_open_remark_per_place"
            ),
            models.UniqueConstraint(fields=["subject", "day", "number_of_day"], name="one_remark_per_number_of_day"),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(text_sealed__isnull=True), name="a_remark_handed_over_has_no_text"
            ),
            models.CheckConstraint(
                condition=Q(number_of_day__range=(1, MOST_REMARKS_A_DAY)), name="not_too_many_remarks_a_day"
            ),
        ]
