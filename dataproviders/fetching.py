"""自資料提供機關下載: one call to one agency, and what its answer means before anybody looks inside."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from dataproviders import tokens
from dataproviders.connectors import registry
from dataproviders.errors import NotTaken, Reason
from dataproviders.integrity import Expected
from dataproviders.models import Dataset, Endpoint, ProviderKey
from mydata.core import outbound

LIMITS = outbound.Limits()
SHORTEST_WAIT = dt.timedelta(seconds=1)
USUAL_WAIT = dt.timedelta(seconds=60)


class NoRecord(Exception):
    """The agency holds nothing about this person: a result, not an error."""


class ComeBack(Exception):
    """The agency asks to be called again; `wait` says how long from now."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__()
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One call, ready to be made, and what its answer must say."""

    call: outbound.Call
    expected: Expected
    wire: str


def plan(*, dataset: Dataset, parameters: Mapping[str, Any], item: UUID, tx_id: UUID, now: dt.datetime) -> Errand:
    """Put one call together. Raises keys.KeyGone without a token, NotTaken where the dataset has no open endpoint."""
    endpoint = Endpoint.objects.filter(dataset=dataset, stage=Endpoint.Stage.LIVE).first()
    if endpoint is None:
        raise NotTaken(Reason.PROVIDER_DOWN)
    token, sub = tokens.bearer(item, now=now)
    return Errand(
        call=_call(endpoint, parameters, token, str(tx_id)),
        expected=_expected(dataset, str(tx_id), sub),
        wire=dataset.wire,
    )


def judge(reply: outbound.Reply, *, wire: str, now: dt.datetime) -> None:
    """Return if the answer carries data to be checked. Raises NoRecord, ComeBack, NotTaken."""
    if reply.status == 204:
        raise NoRecord
    if reply.status == 429:
        raise ComeBack(_wait(reply.headers.get("retry-after", ""), now))
    if reply.status >= 500:
        raise NotTaken(Reason.PROVIDER_DOWN)
    if reply.status != 200:
        raise NotTaken(Reason.PROVIDER_REFUSED)
    media_type = reply.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type != registry.of(wire).media_type:
        raise NotTaken(Reason.BAD_ANSWER)


def _call(endpoint: Endpoint, parameters: Mapping[str, Any], token: str, tx_id: str) -> outbound.Call:
    headers = {"Authorization": f"Bearer {token}", "tx_id": tx_id}
    texts = {name: str(value) for name, value in parameters.items()}
    in_header = endpoint.parameters_in == "header"
    return outbound.Call(
        method=endpoint.method,
        url=endpoint.url,
        headers=headers | texts if in_header else headers,
        query=texts if endpoint.parameters_in == "query" else None,
        json=dict(parameters) if endpoint.parameters_in == "json" else None,
        limits=LIMITS,
    )


def _expected(dataset: Dataset, tx_id: str, sub: str) -> Expected:
    keys = ProviderKey.objects.filter(dataset=dataset, retired_at=None)
    return Expected(
        provider=dataset.provider_id,
        dataset=dataset.pk,
        tx_id=tx_id,
        sub=sub,
        issuer=settings.ISSUER,
        schema=dataset.schema or {},
        certificates=tuple(key.certificate_pem for key in keys if key.certificate_pem),
        jwks=tuple(key.jwk for key in keys if key.jwk),
    )


def _wait(written: str, now: dt.datetime) -> dt.timedelta:
    """Read a Retry-After (RFC 9110, section 10.2.3): seconds or a date; what cannot be read means a minute."""
    if written.isascii() and written.isdigit() and len(written) < 8:
        return max(SHORTEST_WAIT, dt.timedelta(seconds=int(written)))
    try:
        return max(SHORTEST_WAIT, parsedate_to_datetime(written) - now)
    except (ValueError, TypeError):
        return USUAL_WAIT
