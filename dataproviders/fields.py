"""The fields of a dataset, read from its JSON Schema (2020-12) for people: their names, places and kinds.

Agencies write these schemas, so nothing in them is trusted to be well-made: what cannot be read counts as not said.
No reference leaves the document, no pattern is run, and every walk ends.
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, TypedDict

Schema: TypeAlias = Mapping[str, object]

MOST_FIELDS = 2_000
"""A dataset never lists more fields than this: mutually recursive schemas would otherwise go on forever."""

_DEEPEST = 8
_LONGEST_CHAIN = 32
_NAMING = ("title", "description", "x-en")
_SHAPES = (("properties", "object"), ("additionalProperties", "object"), ("prefixItems", "array"), ("items", "array"))


class InTwoLanguages(TypedDict):
    """One text in Traditional Chinese and in English."""

    zh: str
    en: str


class FieldListing(TypedDict):
    """One field as `listDatasets` names it (CONTRACT section 3).

    `path` is a JSON Pointer (RFC 6901) into `data`; the token `*` stands for every element of an array.
    `type` is the JSON Schema type, or `any` where the schema leaves it open.
    """

    path: str
    title: InTwoLanguages
    type: str
    description: InTwoLanguages


ANYTHING: Final = object()
"""The value that every branch of a union could hold: for reading a schema without data."""


def fields(schema: Schema) -> list[FieldListing]:
    """List every field below the root in the schema's order, containers before what they hold."""
    return list(itertools.islice(_walk(schema, schema, "", ()), MOST_FIELDS))


def naming(schema: Schema, name: str) -> InTwoLanguages:
    """Return the title in both languages; a property that nobody gave one goes by its own name."""
    zh = _text(schema.get("title"))
    en = _text(as_schema(schema.get("x-en")).get("title"))
    return {"zh": zh or name, "en": en or zh or name}


def pointer(*tokens: str | int) -> str:
    """Write tokens as a JSON Pointer (RFC 6901 section 3)."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def as_schema(candidate: object) -> Schema:
    """Return a schema object; a boolean schema, or anything else, says nothing about what to show."""
    return candidate if isinstance(candidate, Mapping) else {}


def properties(schema: Schema) -> dict[str, Schema]:
    """Return the properties that a merged schema lists, in its order."""
    return {name: as_schema(child) for name, child in as_schema(schema.get("properties")).items()}


def element(schema: Schema, index: int) -> Schema:
    """Return the schema of an array's element (2020-12: `prefixItems`, then `items`)."""
    first = schema.get("prefixItems")
    if isinstance(first, list) and index < len(first):
        return as_schema(first[index])
    return as_schema(schema.get("items"))


def merged(root: Schema, schema: Schema, value: object = ANYTHING) -> Schema:
    """Return the schema with its references followed and its branches laid over each other.

    Of a union (`oneOf`, `anyOf`) only the first branch that could hold `value` counts, or all of them for `ANYTHING`.
    A branch adds properties and kinds but never renames the field it stands in.
    """
    return _merged(root, schema, value, _LONGEST_CHAIN)


def _merged(root: Schema, schema: Schema, value: object, steps: int) -> Schema:
    if not steps or schema.keys().isdisjoint(("$ref", "allOf", "oneOf", "anyOf", "if")):
        return schema
    result = dict(schema)
    target = _target(root, schema.get("$ref"))
    for part in (target, *_schemas(schema.get("allOf"))):
        result = _overlay(result, _merged(root, part, value, steps - 1))
    for branch in _branches(root, schema, value, steps):
        result = _overlay(result, {key: said for key, said in branch.items() if key not in _NAMING})
    return result


def _branches(root: Schema, schema: Schema, value: object, steps: int) -> Iterator[Schema]:
    for keyword in ("oneOf", "anyOf"):
        options = (_merged(root, option, value, steps - 1) for option in _schemas(schema.get(keyword)))
        fitting = (option for option in options if admits(option, value))
        yield from itertools.islice(fitting, None if value is ANYTHING else 1)
    if "if" in schema:
        holds = admits(as_schema(schema["if"]), value)
        for keyword in ("then", "else") if value is ANYTHING else ("then",) if holds else ("else",):
            yield _merged(root, as_schema(schema.get(keyword)), value, steps - 1)


def _overlay(above: Schema, below: Schema) -> dict[str, object]:
    """Lay one schema over another: the upper one's word counts, and properties are joined one by one."""
    joined: dict[str, object] = {**below, **above}
    upper, lower = properties(above), properties(below)
    if lower:
        joined["properties"] = {name: {**lower.get(name, {}), **upper.get(name, {})} for name in upper | lower}
    return joined


def admits(schema: Schema, value: object) -> bool:
    """Tell whether a branch could hold the value, by its kind, constants and required properties.

    A choice of words, not a validation: whether data are valid has been decided before anything is shown.
    """
    if value is ANYTHING:
        return True
    kinds = schema.get("type")
    if isinstance(kinds, str | list) and not any(_is_a(kind, value) for kind in _listed(kinds)):
        return False
    if not _may_equal(schema, value):
        return False
    return not isinstance(value, Mapping) or _could_be(schema, value)


def _could_be(schema: Schema, value: Mapping[str, object]) -> bool:
    required = schema.get("required")
    if isinstance(required, list) and any(name not in value for name in required if isinstance(name, str)):
        return False
    return all(_may_equal(child, value[name]) for name, child in properties(schema).items() if name in value)


def _may_equal(schema: Schema, value: object) -> bool:
    if "const" in schema and schema["const"] != value:
        return False
    allowed = schema.get("enum")
    return not isinstance(allowed, list) or value in allowed


_KINDS: dict[str, tuple[type, ...]] = {
    "object": (Mapping,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}


def _is_a(kind: object, value: object) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _KINDS.get(str(kind), ()))


def _target(root: Schema, reference: object) -> Schema:
    """Follow a `$ref` inside the document; one that leads elsewhere or nowhere says nothing."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return {}
    here: object = root
    for token in reference[1:].split("/")[1:]:
        here = as_schema(here).get(token.replace("~1", "/").replace("~0", "~"))
    return as_schema(here)


def _walk(root: Schema, raw: Schema, path: str, open_references: tuple[object, ...]) -> Iterator[FieldListing]:
    """List what lies below one schema. A reference that is already open is listed but not opened again."""
    reference = raw.get("$ref")
    if path.count("/") >= _DEEPEST or (reference is not None and reference in open_references):
        return
    schema = merged(root, raw)
    still_open = (*open_references, reference)
    for name, child in properties(schema).items():
        below = path + pointer(name)
        yield _listing(merged(root, child), below, name)
        yield from _walk(root, child, below, still_open)
    held = as_schema(schema.get("items"))
    if held:
        yield from _walk(root, held, path + "/*", still_open)


def _listing(schema: Schema, path: str, name: str) -> FieldListing:
    zh = _text(schema.get("description"))
    en = _text(as_schema(schema.get("x-en")).get("description"))
    return {
        "path": path,
        "title": naming(schema, name),
        "type": kind_of(schema),
        "description": {"zh": zh, "en": en or zh},
    }


def kind_of(schema: Schema) -> str:
    """Return the JSON Schema type that tells most, reading it from the schema's shape where it is not written."""
    kinds = [kind for kind in _listed(schema.get("type")) if isinstance(kind, str) and kind in _KINDS]
    told = [kind for kind in kinds if kind != "null"] or kinds
    if told:
        return told[0]
    return next((kind for keyword, kind in _SHAPES if keyword in schema), "any")


def _schemas(candidates: object) -> list[Schema]:
    return [as_schema(candidate) for candidate in _listed(candidates)]


def _listed(candidate: object) -> list[object]:
    if isinstance(candidate, list):
        return candidate
    return [] if candidate is None else [candidate]


def _text(candidate: object) -> str:
    return candidate if isinstance(candidate, str) else ""
