"""What of the record of use is asked for: a dataset, a kind, some days. It stands in the address, so that it can be kept."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from audit.reading import REFUSED_OR_FAILED, Asked
from dataproviders import catalogue

KINDS = {
    "consent": _("同意與撤回"),
    "data": _("向機關取資料"),
    "parcel": _("封存、預覽、領取與銷毀"),
    "code": _("取件碼"),
    "remark": _("反映資料有誤"),
    "identity": _("身分驗證與登出"),
    "notice": _("通知"),
    REFUSED_OR_FAILED: _("被拒絕或沒有成功的"),
}


class TrailForm(forms.Form):
    """The filter above the record; everything may stay empty."""

    dataset = forms.ChoiceField(label=_("資料"), required=False)
    kind = forms.ChoiceField(label=_("發生什麼事"), required=False, choices=[("", _("全部")), *KINDS.items()])
    since = forms.DateField(label=_("從哪一天"), required=False)
    until = forms.DateField(label=_("到哪一天"), required=False)

    def __init__(self, query: QueryDict, *, datasets: list[str]) -> None:
        super().__init__(query)
        names = catalogue_names()
        chosen = [(name, names.get(name, name)) for name in datasets]
        self.fields["dataset"].choices = [("", _("全部")), *chosen]  # type: ignore[attr-defined]  # it is a ChoiceField
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields[name].error_messages["invalid"] = str(_("請填一個日期，例如 2026-11-23。"))

    def clean(self) -> dict[str, Any]:
        """Return what was read. Raises ValidationError where the days are the wrong way round."""
        read = super().clean() or {}
        since, until = read.get("since"), read.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("這一天早於「從哪一天」，請改成之後的日子。")))
        return read

    @property
    def asked(self) -> Asked:
        """What is asked for, once it is valid."""
        read = self.cleaned_data
        return Asked(dataset=read["dataset"], kind=read["kind"], since=read["since"], until=read["until"])

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked for."""
        return any(self.cleaned_data.values())

    @property
    def address(self) -> str:
        """The query of this filter, without what is empty."""
        query = QueryDict(mutable=True)
        query.update({name: _written(value) for name, value in self.cleaned_data.items() if value})
        return query.urlencode()


def catalogue_names() -> dict[str, str]:
    """Name every dataset of the catalogue by its id."""
    return dict(catalogue.offered().values_list("id", "name"))


def _written(value: str | dt.date) -> str:
    return value.isoformat() if isinstance(value, dt.date) else value
