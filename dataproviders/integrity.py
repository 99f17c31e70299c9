"""What both wire formats check alike: that an answer is about this errand, this person and this schema, in that order."""

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import jsonschema
from referencing import Registry
from referencing.exceptions import Unresolvable

from dataproviders.errors import BadAnswer, WrongPerson
from mydata.core import clock

_HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an answer must say to be taken: whose, for which call, by which keys, in which form."""

    provider: str
    dataset: str
    tx_id: str
    sub: str
    issuer: str
    schema: Mapping[str, Any]
    certificates: tuple[str, ...]
    jwks: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A checked answer: its data, when its agency issued it and the name of the key that signed."""

    data: dict[str, Any]
    issued_at: dt.datetime
    signer: str


def check_errand(expected: Expected, *, dataset: object, tx_id: object) -> None:
    """Refuse an answer to another call. Raises BadAnswer."""
    if dataset != expected.dataset or tx_id != expected.tx_id:
        raise BadAnswer


def check_person(expected: Expected, sub: object) -> None:
    """Refuse an answer about somebody else. Raises WrongPerson, BadAnswer where it names nobody."""
    if not isinstance(sub, str) or not sub:
        raise BadAnswer
    if sub != expected.sub:
        raise WrongPerson


def check_data(expected: Expected, data: object) -> dict[str, Any]:
    """Return `data` if it holds by the dataset's JSON Schema. Raises BadAnswer."""
    checker = jsonschema.Draft202012Validator(
        expected.schema,
        format_checker=jsonschema.FormatChecker(["date"]),
        registry=Registry(),  # an empty one: no reference in a schema makes the house call anybody
    )
    try:
        if not isinstance(data, dict) or next(checker.iter_errors(data), None) is not None:
            raise BadAnswer
    except (RecursionError, Unresolvable) as error:
        raise BadAnswer from error
    return data


def read_json(content: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read JSON strictly: UTF-8, no duplicate names, finite numbers, whole characters (RFC 7493). Raises BadAnswer."""
    try:
        found = json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
        if _HALF_A_CHARACTER.search(content):
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadAnswer from error
    return found


def read_moment(written: object) -> dt.datetime:
    """Read an ISO 8601 moment; one without a zone is Taipei's. Raises BadAnswer."""
    try:
        moment = dt.datetime.fromisoformat(str(written))
    except ValueError as error:
        raise BadAnswer from error
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.TAIPEI)


def sha256_of(source: BinaryIO) -> str:
    """Return the lower-case hex of SHA-256 of everything left in `source`."""
    digest = hashlib.sha256()
    while chunk := source.read(64 * 1024):
        digest.update(chunk)
    return digest.hexdigest()


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return names


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse_constant(digits)
    return number
