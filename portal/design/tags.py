"""The template tags of every page: the place line, the seal, fields of forms, moments and spans in words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from identity.levels import AssuranceLevel
from mydata.core import clock
from personal_cloud.values import WRITTEN_DATE, both_calendars, taipei_time
from portal.design import times
from portal.design.language import in_words, spoken
from portal.design.places import Whereabouts

register = template.Library()

SEALS = {"封": gettext_lazy("已封存"), "毀": gettext_lazy("已銷毀"), "驗": gettext_lazy("簽章已檢查")}
"""The three facts for which the seal stands, and nothing else."""


@register.filter
def when(moment: dt.datetime) -> SafeString:
    """Write a moment as people say it, with its full form in `title`: 「今天 16:42」."""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        clock.rfc3339(moment),
        taipei_time(moment, spoken()),
        times.moment(moment, now=clock.now()),
    )


@register.filter
def in_full(moment: dt.datetime) -> str:
    """Write a moment in both calendars, as documents do."""
    return taipei_time(moment, spoken())


@register.filter
def in_lines(text: str) -> SafeString:
    """Write the lines of a cell; however narrow it is, none ends within a date of either calendar."""
    return mark_safe(WRITTEN_DATE.sub(r'<span class="whole">\g<0></span>', linebreaksbr(text)))  # noqa: S308 - linebreaksbr escapes


@register.filter
def day(date: dt.date) -> str:
    """Write a day in both calendars."""
    return both_calendars(date, spoken())


@register.filter
def span(seconds: int) -> str:
    """Write a number of seconds as people say it."""
    return times.span(seconds)


@register.filter
def size(octets: int) -> str:
    """Write a number of bytes as people compare files."""
    return times.size(octets)


@register.filter
def told(texts: dict[str, str]) -> str:
    """Pick from `{zh, en}` what the page speaks."""
    return in_words(texts)


@register.filter
def enumerated(words: Iterable[object]) -> str:
    """Write several words in a row, with the comma of the page's language."""
    return _("、").join(str(word) for word in words)


@register.filter
def beside(texts: Sequence[str], columns: Sequence[object]) -> list[tuple[object, str]]:
    """Pair the columns of a table with one row's texts."""
    return list(zip(columns, texts, strict=True))


@register.filter
def level_name(level: AssuranceLevel) -> str:
    """Name a level by its number, which the deck fixes."""
    return _("安全等級 %(level)d") % {"level": int(level)}


@register.inclusion_tag("design/seal.html")
def seal(word: str, kind: str = "") -> dict[str, Any]:
    """Draw the seal: 封 while sealed, 毀 struck through, 驗 where a signature has been checked. Raises KeyError for others."""
    return {"word": word, "meaning": SEALS[word], "kind": kind}


@register.inclusion_tag("design/where.html")
def where(whereabouts: Whereabouts) -> dict[str, Any]:
    """Say and draw where the data are now."""
    return {"whereabouts": whereabouts}


@register.inclusion_tag("design/field.html")
def field(bound: forms.BoundField, form_id: str = "") -> dict[str, Any]:
    """Lay out one field of a form: label, hint, what is wrong, and the control, tied together for those who listen.

    `form_id` names the form to which a control that stands outside of it belongs.
    """
    described = [f"{bound.auto_id}-hint"] if bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    is_group = bound.field.widget.use_fieldset
    attributes: dict[str, str | bool] = {"form": form_id} if form_id else {}
    if not is_group:
        attributes |= {"class": _look(bound)} | ({"aria-describedby": " ".join(described)} if described else {})
    control = bound.as_widget(attrs=attributes)
    return {
        "field": bound,
        "control": control,
        "form_id": form_id,
        "is_group": is_group,
        "is_choice": isinstance(bound.field.widget, forms.RadioSelect),
        "described": " ".join(described),
    }


@register.inclusion_tag("design/errors.html")
def errors(asked: forms.BaseForm | Sequence[forms.BaseForm]) -> dict[str, Any]:
    """List what has to be corrected in one form or several, each a link to its field; nothing where all is well."""
    several = [asked] if isinstance(asked, forms.BaseForm) else asked
    whole = [("", text) for form in several for text in form.non_field_errors()]
    wrong = [(_target(bound), text) for form in several for bound in form for text in bound.errors]
    return {"errors": [*whole, *wrong]}


def _look(bound: forms.BoundField) -> str:
    widget = bound.field.widget
    kind = (
        "select" if isinstance(widget, forms.Select) else "textarea" if isinstance(widget, forms.Textarea) else "input"
    )
    wrong = f"govuk-{kind}--error" if bound.errors else ""
    return " ".join(filter(None, (f"govuk-{kind}", wrong, widget.attrs.get("class", ""))))


def _target(bound: forms.BoundField) -> str:
    """Return the id of the first control of a field, to which its error leads."""
    return f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else bound.auto_id
