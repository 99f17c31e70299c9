"""Datasets that can be asked for, and people who ask."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from consent import grants
from consent.models import Grant
from dataproviders.models import Dataset, Endpoint, Provider
from identity.gates import SignIn
from identity.levels import AssuranceLevel
from mydata.core import clock

SUBJECT = "reference-of-somebody"
PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "year": {"type": "integer", "title": "年度", "x-en": {"title": "Year"}, "x-years": "this_and_four_back"},
        "kind": {
            "title": "種類",
            "x-en": {"title": "Kind"},
            "default": "all",
            "oneOf": [
                {"const": "all", "title": "全部", "x-en": {"title": "all of it"}},
                {"const": "pay", "title": "薪資", "x-en": {"title": "salary"}},
            ],
        },
    },
    "additionalProperties": False,
}


def dataset(dataset_id: str, *, level: int = 4, planned: bool = False, **members: object) -> Dataset:
    """Put a dataset into the catalogue; nobody is ever asked for it here."""
    provider, _ = Provider.objects.get_or_create(id="tests", name="測試機關")
    made = Dataset.objects.create(
        id=dataset_id,
        provider=provider,
        minimum_level=level,
        wire="signed_zip",
        **{"name": f"資料 {dataset_id}"} | members,
    )
    if not planned:
        Endpoint.objects.create(dataset=made, stage=Endpoint.Stage.LIVE, url=f"http://127.0.0.1:9/{dataset_id}")
    return made


def sign_in(level: int = 1, method: str = "citizen_certificate", subject: str = SUBJECT) -> SignIn:
    """Return somebody who is signed in."""
    now = clock.now()
    ends = now + dt.timedelta(hours=1)
    return SignIn(subject=subject, level=AssuranceLevel(level), method=method, verified_at=now, expires_at=ends)


def drafted(*choices: str | grants.Choice, language: str = "zh") -> Grant:
    """Write down what would be agreed to."""
    return grants.draft(sign_in(), chosen(choices), language=language, now=clock.now())


def chosen(choices: Sequence[str | grants.Choice]) -> list[grants.Choice]:
    """Return choices; a name alone is asked with no parameters."""
    return [grants.Choice(one) if isinstance(one, str) else one for one in choices]
