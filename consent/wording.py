"""What the citizen is shown, and nothing else, is what is stored: versioned texts, kept for ever, and their hash."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from dataproviders.fields import as_schema, naming
from dataproviders.models import Dataset

TEXTS = Path(__file__).with_name("wordings")
DOWNLOAD = "download-1"
"""The version now shown for mode 1. A changed text is a new file under a new name; the old ones stay."""

PURPOSE = {"zh": "自行下載保存運用", "en": "to download, keep and use them yourself"}
RECIPIENT = {"zh": "您本人", "en": "you yourself"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A text as shown, its version, language and the lower-case hex of the SHA-256 of its UTF-8 bytes."""

    version: str
    language: str
    text: str

    @property
    def hash(self) -> str:
        """The hash that `give` must bring back."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def for_download(chosen: Sequence[tuple[Dataset, Mapping[str, Any]]], *, language: str) -> Wording:
    """Write out what a citizen agrees to who downloads these datasets with these parameters."""
    template = (TEXTS / f"{DOWNLOAD}.{language}.txt").read_text(encoding="utf-8")
    text = template.format(
        datasets="\n".join(_line(dataset, parameters, language) for dataset, parameters in chosen),
        purpose=PURPOSE[language],
        hours=_span(settings.PARCEL_TTL, language),
    )
    return Wording(version=DOWNLOAD, language=language, text=text)


def _line(dataset: Dataset, parameters: Mapping[str, Any], language: str) -> str:
    conditions = [_condition(dataset, name, value, language) for name, value in parameters.items()]
    if language == "zh":
        held = f"{dataset.name}（{dataset.provider.name}）"
        return f"- {held}：{'、'.join(conditions)}" if conditions else f"- {held}"
    held = f"{dataset.name} ({dataset.provider.name})"
    return f"- {held}: {', '.join(conditions)}" if conditions else f"- {held}"


def _condition(dataset: Dataset, name: str, value: object, language: str) -> str:
    """Write one parameter by its title and, where the schema gives its values titles, by the value's."""
    rule: Mapping[str, Any] = as_schema(dataset.parameters.get("properties", {}).get(name))
    options = rule.get("oneOf", [])
    titled = [as_schema(option) for option in options if as_schema(option).get("const") == value]
    shown = _title(titled[0], str(value), language) if titled else str(value)
    return f"{_title(rule, name, language)} {shown}"


def _title(schema: Mapping[str, Any], name: str, language: str) -> str:
    titles = naming(schema, name)
    return titles["en"] if language == "en" else titles["zh"]


def _span(seconds: int, language: str) -> str:
    """Write a span of time in hours, minutes or seconds: the largest of which it is a whole number, and that above one."""
    for size, zh, en in ((3600, "小時", "hours"), (60, "分鐘", "minutes")):
        if seconds >= 2 * size and seconds % size == 0:
            return f"{seconds // size} {zh if language == 'zh' else en}"
    return f"{seconds} {'秒' if language == 'zh' else 'seconds'}"
