"""Invented persons, parcels and papers, so that every part of the pages can be seen in every state it knows."""

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mydata.core import clock
from personal_cloud.parcels import ItemView, ParcelView
from personal_cloud.presentation import Presentation, present
from portal.citizen import whereabouts
from portal.citizen.outcomes import Outcome, outcome
from portal.design.dates import DateField
from portal.design.language import spoken
from portal.design.places import Whereabouts

SOMETHING = UUID("5f0c6f0a-6f0e-4c3e-9a55-2f6f2f6b6b10")
PARCELS: tuple[dict[str, Any], ...] = (
    {"state": "collecting"},
    {"state": "sealed", "opens_here": True},
    {"state": "sealed", "opens_here": False},
    {"state": "failed"},
    {"state": "released"},
    {"state": "released", "last_sent_at": 0},
    {"state": "purged", "because": "received"},
)
ITEMS: tuple[tuple[str, str | None], ...] = (
    ("waiting", None),
    ("fetching", None),
    ("landed", None),
    ("none_held", "no_record"),
    ("failed", "provider_down"),
    ("failed", "bad_answer"),
)
PAPER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": "姓名"},
        "birth_date": {"type": "string", "format": "date", "title": "出生日期"},
        "incomes": {
            "type": "array",
            "title": "所得明細",
            "items": {
                "type": "object",
                "properties": {
                    "payer": {"type": "string", "title": "扣繳單位"},
                    "amount": {"type": "integer", "title": "給付總額", "x-unit": "TWD"},
                },
            },
        },
    },
}
VALUES: dict[str, Any] = {
    "name": "王小明",
    "birth_date": "1991-05-03",
    "incomes": [
        {"payer": "範例安康醫療器材股份有限公司", "amount": 1_284_000},
        {"payer": "範例銀行", "amount": 3_150},
    ],
}


class SpecimenForm(forms.Form):
    """One field of each kind."""

    national_id = forms.CharField(
        label=gettext_lazy("身分證字號或居留證號"),
        help_text=gettext_lazy("例如 A123456789"),
        error_messages={"required": gettext_lazy("請填身分證字號或居留證號。")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("檔案格式"), choices=[("pdf", "PDF"), ("csv", "CSV")])
    birth_date = DateField(
        label=gettext_lazy("出生日期"), help_text=gettext_lazy("民國年或西元年都可以，例如 80 年 5 月 3 日")
    )


def form(*, wrong: bool) -> SpecimenForm:
    """Return the form as one meets it, or as it comes back with mistakes."""
    born = {"wrong-birth_date_year": "80", "wrong-birth_date_month": "13", "wrong-birth_date_day": "3"}
    return SpecimenForm({"wrong-kind": "pdf", **born}, prefix="wrong") if wrong else SpecimenForm(prefix="fresh")


def parcels() -> list[ParcelView]:
    """Return a parcel in every state."""
    return [_parcel(**facts) for facts in PARCELS]


def places() -> list[Whereabouts]:
    """Say where data are, in every state they can be in."""
    return [whereabouts.untouched(), *(whereabouts.of(parcel) for parcel in parcels())]


def outcomes() -> list[Outcome]:
    """Return a row for everything that may become of a dataset."""
    return [outcome(_item(state, reason)) for state, reason in ITEMS]


def paper() -> Presentation:
    """Return a filled paper."""
    return present(PAPER, VALUES, language=spoken())


def _parcel(
    state: str, *, opens_here: bool = True, because: str | None = None, last_sent_at: int | None = None
) -> ParcelView:
    now = clock.now()
    past = now - dt.timedelta(minutes=3)
    return ParcelView(
        id=SOMETHING,
        grant=SOMETHING,
        state=state,
        because=because,
        created_at=past,
        expires_at=now + dt.timedelta(hours=8),
        sealed_at=past,
        released_at=past if state in {"released", "purged"} else None,
        last_sent_at=now if last_sent_at is not None else None,
        purged_at=now if state == "purged" else None,
        opens_here=opens_here,
        is_shared=False,
        file=None,
        items=[_item("landed", None)],
        deletion_receipt=None,
    )


def _item(state: str, reason: str | None) -> ItemView:
    return ItemView(
        dataset="specimen",
        name=_("範例資料"),
        provider=_("範例機關"),
        state=state,
        outcome=state,
        reason=reason,
        ready_at=None,
        estimated_seconds=30,
        ended_at=None,
    )
