"""A dataset as a certificate: PDF/UA-1 (ISO 14289-1), tagged, its fonts embedded, the same bytes for the same data.

Typst sets the page in memory. The data travel as JSON beside the template, never inside it, so that nothing an agency
writes can act as markup; only the vendored fonts are used, so that no machine prints it differently. What comes out is
not signed yet: see `mydata.core.pades`.
"""

import datetime as dt
import functools
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import typst

from personal_cloud.documents.abridging import abridge
from personal_cloud.documents.glyphs import FAMILIES, FONTS, Typecase
from personal_cloud.documents.wording import CHECK_COMMAND, PDF_COMMAND, TRUST_COMMAND, WORDS
from personal_cloud.pictures import Picture, for_paper
from personal_cloud.presentation import Field, Presentation, Section, Table
from personal_cloud.values import taipei_time

TEMPLATE = Path(__file__).with_name("certificate.typ")

WIDEST_TABLE = 52
"""Ems (of 9 pt) between the margins; a table that would be cramped in them is set as one card a row."""

_COMFORTABLE = 8
_NARROWEST_HEADING = 5
_WIDEST_SHARE = 3 * _COMFORTABLE
_GUTTER = 0.9
_LATIN_EM = 0.58
_LONGEST_WORD = 24
_LONGEST_WORD_IN_TABLE = 12
_LONGEST_LABEL = 100
_LONGEST_IN_A_ROW = 200
_MOST_LINES_IN_A_ROW = 10

_LONGEST_SIDE = 60
_DOT = 25.4 / 150
"""Millimetres: how large a picture is at most, and how large its pixels are at most."""

Said = str | list[str]
"""A text for the template; in pieces where it may break inside a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a certificate says around the data. Both moments are aware; the document is dated by the agency's.

    `file` is its place in the citizen's zip and `portal` the address of the portal's site, for whoever checks it.
    """

    title: str
    provider: str
    subject: str
    issued_at: dt.datetime
    received_at: dt.datetime
    provenance: Sequence[str]
    file: str
    portal: str


def render_pdf(head: Head, presentation: Presentation, *, language: str = "zh") -> bytes:
    """Set one dataset as a PDF.

    What would not fit on paper is left to the other files and counted (see `abridging`); what the fonts cannot print
    is set as 〓 and its code points are named at the end (see `glyphs`).
    """
    words = WORDS.get(language, WORDS["zh"])
    setter = _Setter()
    fitting, left_out = abridge(presentation)
    paper: dict[str, object] = {
        "name": setter.case.set(head.title)[:_LONGEST_LABEL].strip() or "MyData",
        "title": setter.heading(head.title) or "MyData",
        "provider": setter.say(head.provider[:_LONGEST_LABEL]),
        "facts": [setter.field(name, text) for name, text in _facts(head, words, language)],
        "sections": [setter.section(section) for section in fitting.sections],
        "abridged": words["abridged"].format(count=left_out) if left_out else "",
        "provenance": [setter.say(line) for line in head.provenance],
        "commands": [setter.say(TRUST_COMMAND), setter.say(PDF_COMMAND.format(file=head.file))],
        "trusted": setter.say(words["trusted"].format(portal=head.portal)),
        "command": CHECK_COMMAND,
        "missing": setter.case.note(),
        "families": FAMILIES,
        "lang": "en" if language == "en" else "zh",
        "region": "US" if language == "en" else "TW",
        "words": words,
    }
    return _compile(paper, created=head.issued_at)


def _facts(head: Head, words: Mapping[str, str], language: str) -> Iterator[tuple[str, str]]:
    """Say about whom it is, by whom, and when."""
    yield words["subject"], head.subject
    yield words["provider"], head.provider
    yield words["issued_at"], taipei_time(head.issued_at, language)
    yield words["received_at"], taipei_time(head.received_at, language)


def _compile(paper: dict[str, object], *, created: dt.datetime) -> bytes:
    compiler = typst.Compiler(
        input=TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs={"document": json.dumps(paper)}
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(created.timestamp()))
    return cast("bytes", made)  # A list only for images, None only with an output path.


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@dataclass
class _Setter:
    """Turns a presentation into what the template reads."""

    case: Typecase = field(default_factory=Typecase)

    def say(self, text: str, *, longest: int = _LONGEST_WORD) -> Said:
        pieces = _breakable(self.case.set(text), longest)
        return pieces if len(pieces) > 1 else "".join(pieces)

    def heading(self, title: str) -> Said:
        """Set a title on one line; one of nothing but space is none (PDF/UA-1 refuses an empty heading)."""
        return self.say(" ".join(self.case.set(title).split()))

    def field(self, title: str, text: str) -> dict[str, object]:
        """Set a label and its text; a label that would not fit on a page goes on where there is room."""
        if len(title) > _LONGEST_LABEL:
            title, text = f"{title[:_LONGEST_LABEL]}…", f"{title}\n{text}"
        return {"title": self.heading(title), "text": self.say(text)}

    def section(self, section: Section) -> dict[str, object]:
        return {
            "title": self.heading(section.title),
            "fields": self._fields(section.fields),
            "tables": [self._table(table) for table in section.tables],
            "sections": [self.section(inner) for inner in section.sections],
        }

    def _fields(self, fields: Iterable[Field]) -> list[dict[str, object]]:
        return [
            self.field(one.title, one.text) | (self._picture(one.picture, one.title) if one.picture else {})
            for one in fields
        ]

    def _picture(self, picture: Picture, title: str) -> dict[str, object]:
        """Set a picture under its title, which is also what it says to whoever cannot see it."""
        scale = min(_LONGEST_SIDE / max(picture.width, picture.height), _DOT)
        alt = " ".join(self.case.set(title).split())[:_LONGEST_LABEL]
        return {"picture": list(for_paper(picture)), "width": picture.width * scale, "alt": alt or "MyData"}

    def _table(self, table: Table) -> dict[str, object]:
        widths = _widths(table)
        wide = sum(min(width, _COMFORTABLE) + _GUTTER for width in widths) > WIDEST_TABLE or any(
            len(column.title) > _LONGEST_LABEL for column in table.columns
        )
        return {
            "title": self.heading(table.title),
            "count": len(table.rows),
            "wide": wide,
            **(self._cards(table) if wide else self._grid(table, widths)),
        }

    def _cards(self, table: Table) -> dict[str, object]:
        return {"cards": [self._fields(_card(table, row)) for row in table.rows]}

    def _grid(self, table: Table, widths: list[float]) -> dict[str, object]:
        narrow = functools.partial(self.say, longest=_LONGEST_WORD_IN_TABLE)
        fixed = any(width > _COMFORTABLE for width in widths)
        return {
            "columns": [
                {
                    "title": narrow(" ".join(one.title.split())),
                    "numeric": one.numeric,
                    "flexible": not fixed or width > _COMFORTABLE,
                    "width": min(width, _WIDEST_SHARE) if fixed else 1,
                }
                for one, width in zip(table.columns, widths, strict=True)
            ],
            "breakable": any(_is_tall(text) for row in table.rows for text in row),
            "cells": [narrow(text) for row in table.rows for text in row],
        }


def _card(table: Table, row: tuple[str, ...]) -> list[Field]:
    """Write one row as fields, without those it does not have."""
    return [Field(column.path, column.title, text) for column, text in zip(table.columns, row, strict=True) if text]


def _is_tall(text: str) -> bool:
    """Tell a text that may fill a page in a narrow column; all other rows stay whole."""
    return len(text) > _LONGEST_IN_A_ROW or text.count("\n") >= _MOST_LINES_IN_A_ROW


def _breakable(text: str, longest: int) -> list[str]:
    """Cut words longer than `longest` letters into pieces; Chinese breaks anywhere and needs no help."""
    if len(text) <= longest:
        return [text]
    return [piece for piece in re.split(rf"([!-\u2e7f]{{{longest}}})(?=[!-\u2e7f])", text) if piece]


def _widths(table: Table) -> list[float]:
    """Estimate how wide each column wants to be, in ems; a heading may wrap, so it asks for less."""
    headings = [min(_ems(column.title), _NARROWEST_HEADING) for column in table.columns]
    return [
        max(heading, *(_ems(row[index]) for row in table.rows)) if table.rows else heading
        for index, heading in enumerate(headings)
    ]


def _ems(text: str) -> float:
    """Estimate the width of the longest line in ems."""
    return max((sum(_em(letter) for letter in line[:80]) for line in text.splitlines()), default=0)


@functools.lru_cache(maxsize=4096)
def _em(letter: str) -> float:
    return 1 if unicodedata.east_asian_width(letter) in {"W", "F"} else _LATIN_EM
