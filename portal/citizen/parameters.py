"""The conditions of a dataset as form fields, made from its parameters' JSON Schema.

What a field cannot express the act still checks: the schema decides, the form only helps to fill it in.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dataproviders import catalogue
from dataproviders.errors import BadParameters
from dataproviders.fields import as_schema, naming
from dataproviders.models import Dataset
from portal.design.dates import DateField
from portal.design.language import spoken

MOST_OPTIONS = 30
"""A range of whole numbers up to this wide is a list to choose from, the latest first; a wider one is typed."""


class ParametersForm(forms.Form):
    """The conditions of one dataset. `chosen` has what is filled in, without what was left empty."""

    def __init__(self, dataset: Dataset, data: Mapping[str, Any] | None, *, kept: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=dataset.pk, initial={name: _from_json(value) for name, value in kept.items()})
        self.dataset = dataset
        self.required = frozenset(dataset.parameters.get("required", []))
        for name, rule in dataset.parameters.get("properties", {}).items():
            self.fields[name] = field = self._field(name, as_schema(rule))
            field.error_messages["required"] = _("請填寫「%(label)s」。") % {"label": field.label}

    @property
    def chosen(self) -> dict[str, Any]:
        """The parameters as JSON holds them."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.cleaned_data.items()
            if value not in ("", None)
        }

    def clean(self) -> dict[str, Any]:
        """Have what is filled in checked by the schema too, before anybody is asked to verify who they are."""
        if not self.errors:
            try:
                catalogue.complete(self.dataset, self.chosen)
            except BadParameters as error:
                self.refuse(str(error.facts["path"]))
        return self.cleaned_data

    def refuse(self, path: str) -> None:
        """Say at the field of `path`, or at the whole form, that the agency does not take it so."""
        name = path.partition("/")[0]
        self.add_error(name if name in self.fields else None, _("這個條件不符合機關的要求，請依說明修改。"))

    def _field(self, name: str, rule: Mapping[str, Any]) -> forms.Field:
        description = rule.get("x-en", {}).get("description") if spoken() == "en" else rule.get("description")
        common = {
            "label": naming(rule, name)[spoken()],
            "help_text": description or "",
            "required": name in self.required and "default" not in rule,
            "initial": _from_json(rule.get("default")),
        }
        options = _options(rule)
        if options:
            return forms.TypedChoiceField(choices=options, coerce=_reader(rule), empty_value=None, **common)
        return _KINDS.get(str(rule.get("format") or rule.get("type")), _text)(rule, common)


def _options(rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return value and label of everything that may be chosen, or nothing where it is typed."""
    titled = [as_schema(option) for option in rule.get("oneOf", []) if "const" in as_schema(option)]
    if titled:
        return [(str(option["const"]), naming(option, str(option["const"]))[spoken()]) for option in titled]
    if "enum" in rule:
        return [(str(value), str(value)) for value in rule["enum"]]
    return [(str(value), str(value)) for value in _range(rule)]


def _range(rule: Mapping[str, Any]) -> Sequence[int]:
    """Return a narrow range of whole numbers, the highest first; nothing for a wide or open one."""
    match rule:
        case {"type": "integer", "minimum": int(lowest), "maximum": int(highest)} if highest - lowest < MOST_OPTIONS:
            return range(highest, lowest - 1, -1)
    return ()


def _reader(rule: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a callable that reads one option back
    values = {
        str(option["const"]): option["const"] for option in map(as_schema, rule.get("oneOf", [])) if "const" in option
    }
    values |= {str(value): value for value in rule.get("enum", [])}
    return lambda written: values[written] if values else int(written)


def _text(rule: Mapping[str, Any], common: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=rule.get("maxLength", 200), min_length=rule.get("minLength"), **common)


def _integer(rule: Mapping[str, Any], common: dict[str, Any]) -> forms.Field:
    typed = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(min_value=rule.get("minimum"), max_value=rule.get("maximum"), widget=typed, **common)


def _number(rule: Mapping[str, Any], common: dict[str, Any]) -> forms.Field:
    typed = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.FloatField(min_value=rule.get("minimum"), max_value=rule.get("maximum"), widget=typed, **common)


def _yes_or_no(rule: Mapping[str, Any], common: dict[str, Any]) -> forms.Field:  # noqa: ARG001 - the shape of every kind
    answers = [("true", _("是")), ("false", _("否"))]
    return forms.TypedChoiceField(choices=answers, coerce=lambda text: text == "true", empty_value=None, **common)


def _date(rule: Mapping[str, Any], common: dict[str, Any]) -> forms.Field:  # noqa: ARG001 - the shape of every kind
    return DateField(**common)


_KINDS = {"integer": _integer, "number": _number, "boolean": _yes_or_no, "date": _date}


def _from_json(value: Any) -> Any:  # noqa: ANN401 - any JSON scalar
    """Return a date for what is written as one, so that its three fields are filled; anything else as it is."""
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-01-31") else value
    except ValueError:
        return value
