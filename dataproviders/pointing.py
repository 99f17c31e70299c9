"""What a JSON Pointer (RFC 6901) into a paper's data leads to, in the words of the paper's schema."""

import re
from collections.abc import Mapping
from typing import Any

from dataproviders.errors import UnknownField
from dataproviders.fields import InTwoLanguages, Schema, element, merged, naming, properties

LONGEST = 300
WAY = " › "
WHOLE: InTwoLanguages = {"zh": "整份資料", "en": "All of it"}

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")


def title_of(schema: Schema, data: Mapping[str, Any], path: str) -> InTwoLanguages:
    """Return the titles on the way to the place that `path` names, rows by their number from 1.

    Only names that the schema lists and rows that are there lead on, so that a path and its title hold nothing of what the
    paper says. A listed property that the data lack is a place too. Raises UnknownField.
    """
    here: object = data
    known, titles = merged(schema, schema, data), list[InTwoLanguages]()
    for token in _tokens(path):
        if isinstance(here, list):
            index = _index(token, here)
            known, here = element(known, index), here[index]
            titles[-1:] = [_row(titles[-1], index + 1)] if titles else []
        else:
            known, here = _member(known, here, token)
            titles.append(naming(merged(schema, known, here), token))
        known = merged(schema, known, here)
    return _joined(titles) if titles else WHOLE


def _tokens(path: str) -> list[str]:
    if len(path) > LONGEST or (path and not path.startswith("/")):
        raise UnknownField
    return [token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:]]


def _index(token: str, rows: list[object]) -> int:
    if not _INDEX.fullmatch(token) or int(token) >= len(rows):
        raise UnknownField
    return int(token)


def _member(known: Schema, here: object, token: str) -> tuple[Schema, object]:
    listed = properties(known)
    if not isinstance(here, Mapping) or token not in listed:
        raise UnknownField
    return listed[token], here.get(token)


def _row(title: InTwoLanguages, number: int) -> InTwoLanguages:
    return {"zh": f"{title['zh']}第 {number} 筆", "en": f"{title['en']}, no. {number}"}


def _joined(titles: list[InTwoLanguages]) -> InTwoLanguages:
    zh, en = (WAY.join(title[language] for title in titles)[:LONGEST] for language in ("zh", "en"))
    return {"zh": zh, "en": en}
