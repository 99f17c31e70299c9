"""A date that a person types: year of either calendar, month and day, in three fields."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

ROC_ERA = 1911
LAST_ROC_YEAR = 999
"""A year of up to three digits is one of the Republic; one of four digits is common era."""

PARTS = ("year", "month", "day")
LABELS = {"year": _("年"), "month": _("月"), "day": _("日")}
NOT_A_DATE = _("這不是一個日期。請填年、月、日，例如民國 80 年 5 月 3 日。")


class DateParts(forms.MultiWidget):
    """Three number fields under one legend, each with its own label."""

    use_fieldset = True

    def __init__(self, *, autocomplete: str = "") -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(attrs=_attributes(part, autocomplete)) for part in PARTS
        }
        super().__init__(widgets=parts)

    def decompress(self, value: dt.date | None) -> list[str | None]:
        """Split a date as it was written: in the years of the Republic."""
        if value is None:
            return [None, None, None]
        return [str(value.year - ROC_ERA), str(value.month), str(value.day)]

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give each part its label."""
        context = super().get_context(name, value, attrs)
        for part, inner in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            inner["label"] = LABELS[part]
        return context

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, Any] | None = None,
        renderer: object = None,  # noqa: ARG002 - Django's shape
    ) -> SafeString:
        """Write the three fields."""
        return render_to_string("design/date_parts.html", self.get_context(name, value, attrs))


class DateField(forms.MultiValueField):
    """Reads 民國 80/5/3 and 1991/5/3 alike."""

    def __init__(self, *, autocomplete: str = "", **kwargs: Any) -> None:  # noqa: ANN401 - a form field's own options
        parts = [forms.IntegerField(min_value=1, max_value=top) for top in (9999, 12, 31)]
        kwargs.setdefault("error_messages", {"invalid": NOT_A_DATE, "required": NOT_A_DATE})
        super().__init__(fields=parts, widget=DateParts(autocomplete=autocomplete), **kwargs)

    def clean(self, value: Any) -> dt.date | None:  # noqa: ANN401 - whatever the widget read
        """Return the date, or None for an empty one that nobody asked for. Raises ValidationError in one sentence."""
        try:
            cleaned: dt.date | None = super().clean(value)
        except ValidationError as error:
            raise ValidationError(NOT_A_DATE, code="invalid") from error
        return cleaned

    def compress(self, data_list: Sequence[int]) -> dt.date | None:
        """Put the parts together. Raises ValidationError for no day of the calendar."""
        if not data_list:
            return None
        year, month, day = data_list
        try:
            return dt.date(year + ROC_ERA if year <= LAST_ROC_YEAR else year, month, day)
        except ValueError as error:
            raise ValidationError(NOT_A_DATE, code="invalid") from error


def _attributes(part: str, autocomplete: str) -> dict[str, str]:
    told = {"autocomplete": f"{autocomplete}-{part}"} if autocomplete else {"autocomplete": "off"}
    width = "govuk-input--width-4" if part == "year" else "govuk-input--width-2"
    return {"inputmode": "numeric", "class": f"govuk-input {width}"} | told
