"""經身分驗證及線上同意: from a question to an answer, once.

`consent` never purges and never ends a given grant by itself: every ending of a given grant begins in
`personal_cloud.purging`, which calls `end` inside its own transaction.
"""

import datetime as dt
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from audit.actions import Action
from audit.recording import record
from consent import receipts, wording
from consent.errors import TooManyDatasets, WordingChanged
from consent.models import Grant
from dataproviders import catalogue
from dataproviders.errors import UnknownDataset
from dataproviders.models import Dataset
from identity.errors import StepUp
from identity.gates import SignIn
from identity.levels import AssuranceLevel, strictest
from mydata.core import states
from mydata.core.errors import IllegalMove, Malformed, NotFound

MOST_DATASETS = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """A dataset and the parameters it is asked with."""

    dataset: str
    parameters: dict[str, Any] = field(default_factory=dict)


def draft(sign_in: SignIn, choices: Sequence[Choice], *, language: str, now: dt.datetime) -> Grant:
    """Write down what would be agreed to. Raises UnknownDataset, TooManyDatasets, BadParameters, Malformed for none."""
    chosen = _complete(choices)
    text = wording.for_download(chosen, language=language)
    return Grant.objects.create(
        subject=sign_in.subject,
        datasets=[{"id": dataset.pk, "parameters": parameters} for dataset, parameters in chosen],
        language=language,
        wording_version=text.version,
        wording=text.text,
        wording_hash=text.hash,
        purpose=wording.PURPOSE[language],
        recipient=wording.RECIPIENT[language],
        minimum_level=strictest([dataset.level for dataset, _ in chosen]),
        drafted_at=now,
        expires_at=now + dt.timedelta(seconds=settings.DRAFT_TTL),
    )


def of(subject: str, grant_id: UUID) -> Grant:
    """Return a citizen's own grant. Raises NotFound."""
    grant = Grant.objects.filter(pk=grant_id, subject=subject).first()
    if grant is None:
        raise NotFound
    return grant


def check(sign_in: SignIn, grant: Grant, *, wording_hash: str, now: dt.datetime) -> None:
    """Say whether this grant may be given now.

    1. It is still a draft and within its time (IllegalMove). 2. The session is strong enough, by a method that every dataset
    accepts (StepUp). 3. What would be shown now is what was shown then, and what the citizen sends back (WordingChanged).
    """
    if grant.state != Grant.State.DRAFTED or now >= grant.expires_at:
        raise IllegalMove
    chosen = _complete([Choice(one["id"], one["parameters"]) for one in grant.datasets])
    required = strictest([dataset.level for dataset, _ in chosen])
    accepted = all(sign_in.method in dataset.methods for dataset, _ in chosen)
    if not required.satisfied_by(sign_in.level):
        raise StepUp(required_level=required.value)
    if not accepted:
        raise StepUp(required_level=required.value, methods=_common_methods([dataset for dataset, _ in chosen]))
    current = wording.for_download(chosen, language=grant.language)
    if not hmac.compare_digest(current.hash, grant.wording_hash) or not hmac.compare_digest(
        wording_hash.encode(), grant.wording_hash.encode()
    ):
        raise WordingChanged


def give(sign_in: SignIn, grant: Grant, *, now: dt.datetime, expires_at: dt.datetime) -> Grant:
    """Turn a checked draft into a given grant, inside the caller's transaction, with its signed receipt.

    Raises IllegalMove where somebody was first.
    """
    receipt = receipts.consent(grant, given_at=now, expires_at=expires_at)
    Grant.LIFE.move(
        states.row(Grant, grant.pk),
        Grant.State.GIVEN,
        given_at=now,
        given_level=sign_in.level,
        given_method=sign_in.method,
        expires_at=expires_at,
        receipt=receipt,
    )
    record(
        Action.CONSENT_GIVEN,
        subject=grant.subject,
        grant=str(grant.pk),
        datasets=grant.dataset_ids,
        purpose=grant.purpose,
        wording_hash=grant.wording_hash,
        level=sign_in.level.value,
    )
    return Grant.objects.get(pk=grant.pk)


def refuse(sign_in: SignIn, grant_id: UUID, *, now: dt.datetime) -> Grant:
    """Take a no: nothing is fetched. Raises NotFound, IllegalMove."""
    grant = of(sign_in.subject, grant_id)
    with transaction.atomic():
        Grant.LIFE.move(states.row(Grant, grant.pk), Grant.State.REFUSED, ended_at=now)
        record(Action.CONSENT_REFUSED, subject=grant.subject, grant=str(grant.pk), datasets=grant.dataset_ids)
    return Grant.objects.get(pk=grant.pk)


ENDINGS = {
    Grant.State.SPENT: Action.CONSENT_SPENT,
    Grant.State.WITHDRAWN: Action.CONSENT_WITHDRAWN,
    Grant.State.EXPIRED: Action.CONSENT_EXPIRED,
}


def end(grant_id: UUID, how: Grant.State, *, actor: str, now: dt.datetime) -> None:
    """End a given grant, inside the transaction of its parcel's purge. Raises IllegalMove, KeyError for no ending."""
    Grant.LIFE.move(states.row(Grant, grant_id), how, ended_at=now)
    grant = Grant.objects.get(pk=grant_id)
    record(ENDINGS[how], subject=grant.subject, actor=actor, grant=str(grant.pk), datasets=grant.dataset_ids)


def expire_drafts(now: dt.datetime) -> None:
    """End the drafts that nobody answered in time."""
    for pk in Grant.objects.filter(state=Grant.State.DRAFTED, expires_at__lt=now).values_list("pk", flat=True)[:500]:
        Grant.LIFE.attempt(states.row(Grant, pk).filter(state=Grant.State.DRAFTED), Grant.State.EXPIRED, ended_at=now)


def _complete(choices: Sequence[Choice]) -> list[tuple[Dataset, dict[str, Any]]]:
    """Look every choice up and fill its parameters in. Raises what `draft` raises."""
    if not choices:
        raise Malformed(path="datasets")
    if len(choices) > MOST_DATASETS:
        raise TooManyDatasets(most=MOST_DATASETS)
    if len({choice.dataset for choice in choices}) != len(choices):
        raise Malformed(path="datasets")
    chosen = []
    for choice in choices:
        dataset = catalogue.find_available(choice.dataset)
        if not dataset.methods:
            raise UnknownDataset(dataset=dataset.pk)
        chosen.append((dataset, catalogue.complete(dataset, choice.parameters)))
    return chosen


def _common_methods(datasets: Sequence[Dataset]) -> list[str]:
    return [name for name in datasets[0].methods if all(name in dataset.methods for dataset in datasets)]


def level_on(grant: Grant) -> AssuranceLevel | None:
    """Return the level recorded when the grant was given."""
    return AssuranceLevel(grant.given_level) if grant.given_level else None
