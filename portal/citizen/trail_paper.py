"""The record of use as a tagged PDF (PDF/UA-1): for whoever wants it on paper, or to hand it to somebody."""

import functools
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from audit.reading import Line
from mydata.core import clock, pades
from personal_cloud.documents.glyphs import FAMILIES, FONTS, Typecase
from personal_cloud.values import taipei_time
from portal.design.language import spoken

TEMPLATE = Path(__file__).with_name("trail.typ")
MOST_LINES = 5_000
"""Lines on paper, the newest: some 250 pages."""


def render(lines: Iterable[Line], names: Mapping[str, str], *, filtered: bool, is_whole: bool = True) -> bytes:
    """Set the lines, the newest first, in the language of the page that asks, under the portal's signature.

    `filtered` and `is_whole` say what the reader must know: that these are the lines asked for, that older ones are left out.
    """
    language, now, case = spoken(), clock.now(), Typecase()
    cells = [case.set(text) for line in lines for text in _row(line, names, language)]
    facts = [_("MyData 平臺於%(time)s 印出，最新的在前。") % {"time": taipei_time(now, language)}]
    facts += [
        _("這份紀錄帶有平臺的數位簽章；在 %(portal)s/verify 可以查驗，檔案不會上傳。") % {"portal": settings.ISSUER}
    ]
    facts += [_("只列出符合所選條件的紀錄。")] if filtered else []
    facts += [] if is_whole else [_("紙本只列最新的 %(count)d 筆；完整紀錄請下載 CSV。") % {"count": MOST_LINES}]
    paper = {
        "title": _("個人資料使用紀錄"),
        "facts": facts,
        "columns": [_("時間"), _("發生什麼事"), _("資料")],
        "cells": cells,
        "families": FAMILIES,
        "lang": "en" if language == "en" else "zh",
        "region": "US" if language == "en" else "TW",
        "words": {"page": _("第 {page} 頁，共 {pages} 頁")},
    }
    compiler = typst.Compiler(
        input=TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs={"document": json.dumps(paper)}
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(now.timestamp()))
    return pades.sign(cast("bytes", made), at=now)


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _row(line: Line, names: Mapping[str, str], language: str) -> list[str]:
    when = line.time.astimezone(clock.TAIPEI).strftime("%Y-%m-%d %H:%M:%S")
    return [when, line.sentence[language], _("、").join(names.get(dataset, dataset) for dataset in line.datasets)]
