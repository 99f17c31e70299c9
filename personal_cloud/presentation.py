"""A dataset's data as a document: the same sections, tables and words on the screen and on paper.

The schema gives names and order, the data give the shape. What the schema lists and the data lack is shown as 無;
what the data hold beyond the schema is shown after it, under its own name. Nothing is left out.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dataproviders.fields import Schema, element, merged, naming, pointer, properties
from personal_cloud import pictures, values
from personal_cloud.pictures import Album, Picture

DEEPEST = 4
"""Sections nest this deep; what lies further down becomes fields whose titles name the way (甲 › 乙)."""

MOST_CELLS = 200_000
"""Cells of one table, unless at least a quarter of them is filled: rows that share no columns would make it grow without end."""

WAY = " › "

Writer = Callable[[Schema, object], str]


@dataclass(frozen=True, slots=True)
class Field:
    """One value: where it stands (JSON Pointer into `data`), what it is called, what it says, and what it shows."""

    path: str
    title: str
    text: str
    numeric: bool = False
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `path` is a JSON Pointer into each row's object."""

    path: str
    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An array of alike, flat objects; every row has one text a column, empty where that row has no such thing."""

    path: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """An object, or an array of unlike things. To be shown in this order: fields, tables, sections."""

    path: str
    title: str
    fields: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Presentation:
    """The whole document. A section without a title stands directly under the document's own."""

    title: str
    sections: tuple[Section, ...]


def present(schema: Schema, data: object, *, language: str = "zh") -> Presentation:
    """Lay data out by their schema, in words for a reader of `zh` or `en`."""
    write = functools.partial(values.spoken, language=language)
    return arrange(schema, data, write, language=language, album=Album())


def picture_at(document: Presentation, path: str) -> Picture | None:
    """Return the picture that a document shows at this place, or None."""
    return next((one.picture for one in shown(document.sections) if one.path == path and one.picture), None)


def arrange(
    schema: Schema, data: object, write: Writer, *, language: str = "zh", album: Album | None = None
) -> Presentation:
    """Lay data out by their schema, each scalar as `write` writes it, with pictures where there is an album for them."""
    top = _Layout(schema, write, language, album).document(data)
    first = Section(path="", title="", fields=top.fields, tables=top.tables)
    return Presentation(title=top.title, sections=(*([first] if first.fields or first.tables else []), *top.sections))


@dataclass(frozen=True, slots=True)
class _Part:
    """A value with its schema (merged for it), on its way into the document."""

    path: str
    title: str
    schema: Schema
    value: object


@dataclass(slots=True)
class _Draft:
    fields: list[Field] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Layout:
    root: Schema
    write: Writer
    language: str
    album: Album | None

    def document(self, data: object) -> Section:
        root = merged(self.root, self.root, data)
        title = self._title(root, "")
        if values.is_scalar(data):
            return Section("", title, (self._field(_Part("", title, root, data)),))
        return self._section(_Part("", title, root, data), depth=0)

    def _section(self, whole: _Part, *, depth: int) -> Section:
        draft = _Draft()
        for part in self._parts(whole):
            self._place(part, draft, depth=depth)
        return Section(whole.path, whole.title, tuple(draft.fields), tuple(draft.tables), tuple(draft.sections))

    def _place(self, part: _Part, draft: _Draft, *, depth: int) -> None:
        if _is_line(part.value) and not self._lists_pictures(part):
            draft.fields.append(self._field(part))
        elif (table := self._table(part)) is not None:
            draft.tables.append(table)
        elif depth < DEEPEST:
            draft.sections.append(self._section(part, depth=depth + 1))
        else:
            draft.fields.extend(map(self._field, self._leaves(part, through_arrays=True)))

    def _field(self, part: _Part) -> Field:
        if self.album is not None and pictures.media_type(part.schema, part.value) is not None:
            return self._pictured(part, self.album)
        if isinstance(part.value, list) and part.value:
            text = self._joined(part.schema, part.value)
        else:
            # An empty object or array says as little as a missing one.
            text = self.write(part.schema, part.value if values.is_scalar(part.value) else None)
        return Field(part.path, part.title, text, values.is_number(part.value))

    def _pictured(self, part: _Part, album: Album) -> Field:
        """Show a picture with what it is in words; what cannot be shown is only named."""
        picture, text = album.take(part.schema, part.value), self.write(part.schema, part.value)
        unshown = "" if picture else values.words_in(self.language)["unshown"]
        return Field(part.path, part.title, text + unshown, picture=picture)

    def _lists_pictures(self, part: _Part) -> bool:
        return isinstance(part.value, list) and any(map(_is_picture, self._parts(part)))

    def _joined(self, schema: Schema, several: Sequence[object]) -> str:
        kinds = (merged(self.root, element(schema, index), value) for index, value in enumerate(several))
        return values.words_in(self.language)["comma"].join(map(self.write, kinds, several))

    def _table(self, part: _Part) -> Table | None:
        """Rule a table for an array of flat and like objects without pictures; for anything else there is none."""
        if not isinstance(part.value, list) or not all(isinstance(row, Mapping) and row for row in part.value):
            return None
        rows = [{leaf.path: leaf for leaf in self._leaves(_inside(row))} for row in self._parts(part)]
        leaves = [leaf for row in rows for leaf in row.values()]
        if not all(_is_line(leaf.value) for leaf in leaves) or any(map(_is_picture, leaves)):
            return None
        columns = _columns(rows)
        if len(columns) * len(rows) > max(MOST_CELLS, 4 * len(leaves)):
            return None
        written = ({path: self._field(leaf).text for path, leaf in row.items()} for row in rows)
        texts = tuple(tuple(_cell(row, column.path) for column in columns) for row in written)
        return Table(part.path, part.title, columns, texts)

    def _leaves(self, whole: _Part, *, through_arrays: bool = False) -> Iterator[_Part]:
        """Walk to the lines below a value without recursion: data may nest as deep as their parser allows."""
        waiting = [whole]
        while waiting:
            part = waiting.pop()
            if _is_line(part.value) or (isinstance(part.value, list) and not through_arrays):
                yield part
            else:
                waiting.extend(reversed([_on_the_way(part, below) for below in self._parts(part)]))

    def _parts(self, whole: _Part) -> Iterator[_Part]:
        if isinstance(whole.value, Mapping):
            yield from self._members(whole, whole.value)
        elif isinstance(whole.value, list):
            for index, value in enumerate(whole.value):
                part = self._part(whole, index, element(whole.schema, index), value, "")
                yield replace(part, title=f"{part.title} {index + 1}".strip())

    def _members(self, whole: _Part, held: Mapping[str, object]) -> Iterator[_Part]:
        listed = properties(whole.schema)
        for name, schema in listed.items():
            yield self._part(whole, name, schema, held.get(name), name)
        beyond = whole.schema.get("additionalProperties")
        for name, value in held.items():
            if name not in listed:
                yield self._part(whole, name, beyond if isinstance(beyond, Mapping) else {}, value, name)

    def _part(self, whole: _Part, token: str | int, schema: Schema, value: object, name: str) -> _Part:
        known = merged(self.root, schema, value)
        return _Part(whole.path + pointer(token), self._title(known, name), known, value)

    def _title(self, schema: Schema, name: str) -> str:
        return naming(schema, name)["en" if self.language == "en" else "zh"]


def _is_line(value: object) -> bool:
    """Tell whether a value fits on one line: a scalar, a list of scalars, or nothing at all."""
    if isinstance(value, list):
        return all(values.is_scalar(inner) for inner in value)
    return values.is_scalar(value) or not value


def _is_picture(part: _Part) -> bool:
    return pictures.media_type(part.schema, part.value) in pictures.KINDS


def _inside(row: _Part) -> _Part:
    """Stand inside a row: paths and titles of its cells begin there."""
    return replace(row, path="", title="")


def _on_the_way(above: _Part, below: _Part) -> _Part:
    return replace(below, title=f"{above.title}{WAY}{below.title}") if above.title else below


def _columns(rows: list[dict[str, _Part]]) -> tuple[Column, ...]:
    """Name the columns in the order they are met; where one row lacks an object that others have, theirs count."""
    met: dict[str, list[_Part]] = {}
    for row in rows:
        for path, leaf in row.items():
            met.setdefault(path, []).append(leaf)
    opened = {above for path in met for above in _ancestors(path)}
    return tuple(
        Column(path, leaves[0].title, _all_numbers(leaves))
        for path, leaves in met.items()
        if path not in opened or any(leaf.value for leaf in leaves)
    )


def _cell(texts: Mapping[str, str], path: str) -> str:
    """Return what a row says in a column; where it lacks the whole object around it, what it says of that."""
    return next((texts[place] for place in (path, *_ancestors(path)) if place in texts), "")


def _ancestors(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _all_numbers(leaves: list[_Part]) -> bool:
    said = [leaf.value for leaf in leaves if leaf.value is not None]
    return bool(said) and all(map(values.is_number, said))


def shown(sections: Sequence[Section]) -> Iterator[Field]:
    """Walk every single field, in the order in which it is shown; cells of tables are none."""
    for section in sections:
        yield from section.fields
        yield from shown(section.sections)
