"""A ViewDefinition (SQL on FHIR v2) as YAML or JSON: which columns a table has, and where in a resource they stand.

What stands outside of the part that is understood here is a problem with its line and column, never left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from campcompile.errors import UsageError
from campcompile.plan.fhir.path import Constant, Path, PathError, type_of
from campcompile.plan.fhir.path_reading import parse_path
from campcompile.regex import regex
from campcompile.syntax.decode import decode
from campcompile.syntax.source import Source, Span
from campcompile.syntax.suggest import listed, nearest
from campcompile.syntax.tree import Entry, Kind, Node, Scalar, Sequence
from campcompile.syntax.tree import Mapping as Tree
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass

RESOURCES = ("Appointment", "Communication", "Consent", "Encounter", "Patient")
_NAME = regex(r"[a-z][a-z0-9_]*")
_VIEW_KEYS = ("name", "resource", "constant", "select", "where")
_ABOUT_KEYS = (  # what FHIR lets a definition say about itself
    "resourceType", "id", "meta", "url", "identifier", "version", "title", "status", "experimental", "date",
    "publisher", "contact", "description", "useContext", "copyright", "fhirVersion", "profile",
)  # fmt: skip
_SELECT_KEYS = ("column", "select", "forEach", "forEachOrNull", "unionAll")
_COLUMN_KEYS = ("name", "path", "type", "collection", "description")
_CONSTANTS = {
    **dict.fromkeys(("valueString", "valueCode", "valueUri", "valueUrl", "valueId"), Kind.TEXT),
    **dict.fromkeys(("valueInteger", "valuePositiveInt", "valueUnsignedInt"), Kind.INTEGER),
    "valueDecimal": Kind.NUMBER,
    "valueBoolean": Kind.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    path: Path
    collection: bool = False  # a list; else one value at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    """The product of its columns, of nested selects and of a union, for each item of a path."""

    columns: tuple[Column, ...] = ()
    selects: tuple[Select, ...] = ()
    union: tuple[Select, ...] = ()
    each: Path | None = None
    or_null: bool = False  # where there is no item: a row without values

    def all_columns(self) -> Iterator[Column]:
        """In the order of rows."""
        yield from self.columns
        for select in self.selects:
            yield from select.all_columns()
        if self.union:
            yield from self.union[0].all_columns()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    name: str  # the table that it makes
    resource: str
    select: Select
    where: tuple[Path, ...]
    file: str


def read_view(path: str, content: bytes) -> View:
    """Raises UsageError with every problem found, each with its line and column."""
    text = content.replace(b"\t", b" ") if path.endswith(".json") else content
    source = decode(path, text)
    document = read_yaml(source.value)
    reading = _Reading(source.value)
    for found in (*source.diagnostics, *document.diagnostics):
        reading.problem(found.span, f"{found.message} ({found.rule.code})")
    view = None if reading.problems else reading.view(document.value.root)
    if view is None or reading.problems:
        lines = (f"{path}:{line}:{column}: {said}" for line, column, said in sorted(reading.problems))
        advice = "docs/how-to/read-fhir.md shows what a view may say"
        raise UsageError("\n".join(lines), help=advice)
    return view


class _Wrong(Exception):
    """A problem was noted, and what it is in can't be read any further."""


class _Reading:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[tuple[int, int, str]] = []
        self.constants: dict[str, Constant] = {}

    def problem(self, span: Span, message: str) -> None:
        self.problems.append((*self.source.position(span.start), message))

    def stop(self, span: Span, message: str) -> NoReturn:
        self.problem(span, message)
        raise _Wrong

    def view(self, root: Tree) -> View | None:
        try:
            self._known(root, (*_VIEW_KEYS, *_ABOUT_KEYS), "a view")
            self.constants = dict(self._constants(root.get("constant")))
            name = self._table(root)
            resource = self._resource(root)
            select = Select(selects=tuple(self._selects(self._wanted(root, "select", "a view"), resource)))
            where = tuple(self._conditions(root.get("where"), resource))
            self._check_names(select, root)
            return View(name=name, resource=resource, select=select, where=where, file=self.source.path)
        except _Wrong:
            return None

    def _table(self, root: Tree) -> str:
        node = self._wanted(root, "name", "a view")
        name = self._text(node, "name")
        if not _NAME.fullmatch(name):
            self.stop(node.span, "`name` is the table that this makes, such as `patient`: small letters, digits and _")
        return name

    def _resource(self, root: Tree) -> str:
        kind = root.get("resourceType")
        if kind is not None and self._text(kind, "resourceType") != "ViewDefinition":
            self.problem(kind.span, "`resourceType` of a view is `ViewDefinition`")
        node = self._wanted(root, "resource", "a view")
        name = self._text(node, "resource")
        if name not in RESOURCES:
            near = nearest(name, RESOURCES)
            advice = f"did you mean `{near}`?" if near else f"there are {listed(RESOURCES)}"
            self.problem(node.span, f"`resource` can't be `{name[:60]}` here: {advice}")
        return name

    def _constants(self, node: Node | None) -> Iterator[tuple[str, Constant]]:
        for item in self._items(node, "constant"):
            name = self._text(self._wanted(item, "name", "a constant"), "name")
            values = [entry for entry in item.entries if entry.key.value.startswith("value")]
            self._known(item, ("name", *_CONSTANTS), "a constant")
            if len(values) == 1 and values[0].key.value not in _CONSTANTS:
                raise _Wrong  # told already
            if len(values) != 1:
                self.stop(item.span, "a constant has a name and one value, such as `valueString`")
            yield name, self._constant(values[0])

    def _constant(self, entry: Entry) -> Constant:
        kind, value = _CONSTANTS[entry.key.value], entry.value
        fits = {Kind.NUMBER: (Kind.NUMBER, Kind.INTEGER)}.get(kind, (kind,))
        if not isinstance(value, Scalar) or (kind is not Kind.TEXT and value.kind not in fits):
            self.stop(value.span, f"`{entry.key.value}` must be {_A[kind]}")
        if kind is Kind.TEXT:
            return value.value
        found: Constant = value.data()
        return found

    def _selects(self, node: Node, this: str) -> Iterator[Select]:
        found = self._items(node, "select")
        if not found:
            self.problem(node.span, "`select` is a list: begin each with `- column:`")
        for item in found:
            try:
                yield self._select(item, this)
            except _Wrong:
                continue

    def _select(self, item: Tree, this: str) -> Select:
        self._known(item, _SELECT_KEYS, "a select")
        each, other = item.entry("forEach"), item.entry("forEachOrNull")
        if each is not None and other is not None:
            self.stop(other.key.span, "`forEachOrNull` stands beside `forEach`: keep one of them")
        chosen = each or other
        nested, union = item.get("select"), item.get("unionAll")
        path = None if chosen is None else self._path(chosen.value, chosen.key.value, this)
        this = this if path is None else type_of(path, this)
        select = Select(
            columns=tuple(self._columns(item.get("column"), this)),
            selects=() if nested is None else tuple(self._selects(nested, this)),
            union=() if union is None else tuple(self._selects(union, this)),
            each=path,
            or_null=chosen is not None and chosen is other,
        )
        self._check_union(select, item.entry("unionAll"))
        if not (select.columns or select.selects or select.union):
            self.problem(item.span, "this brings no column: add `column`, `select` or `unionAll`")
        return select

    def _check_union(self, select: Select, entry: Entry | None) -> None:
        ways = [[column.name for column in one.all_columns()] for one in select.union]
        if entry is not None and any(way != ways[0] for way in ways):
            self.problem(entry.key.span, "all parts of `unionAll` must have the same columns in the same order")

    def _columns(self, node: Node | None, this: str) -> Iterator[Column]:
        for item in self._items(node, "column"):
            self._known(item, _COLUMN_KEYS, "a column")
            name = self._wanted(item, "name", "a column")
            if not _NAME.fullmatch(self._text(name, "name")):
                self.stop(name.span, "a column's name has small letters, digits and _ alone")
            collection = item.get("collection")
            if collection is not None and not (isinstance(collection, Scalar) and collection.kind is Kind.BOOLEAN):
                self.stop(collection.span, "`collection` must be true or false")
            path = self._path(self._wanted(item, "path", "a column"), "path", this)
            yield Column(self._text(name, "name"), path, collection is not None and collection.data() is True)

    def _conditions(self, node: Node | None, this: str) -> Iterator[Path]:
        for item in self._items(node, "where"):
            self._known(item, ("path", "description"), "a condition")
            yield self._path(self._wanted(item, "path", "a condition"), "path", this)

    def _path(self, node: Node, key: str, this: str) -> Path:
        text = self._text(node, key)
        assert isinstance(node, Scalar)
        try:
            return parse_path(text, self.constants, this)
        except PathError as error:
            self.stop(node.text.span(error.start, max(error.end, error.start)), error.message)

    def _check_names(self, select: Select, root: Tree) -> None:
        names = [column.name for column in select.all_columns()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            self.problem(root.span, f"there are two columns {listed(twice)}")

    def _known(self, item: Tree, keys: tuple[str, ...], what: str) -> None:
        for entry in item.entries:
            if entry.key.value not in keys:
                near = nearest(entry.key.value, keys)
                advice = f"did you mean `{near}`?" if near else f"{what} may have {listed(keys)}"
                self.problem(entry.key.span, f"views can't use `{entry.key.value[:60]}` here: {advice}")

    def _wanted(self, item: Tree, key: str, what: str) -> Node:
        found = item.get(key)
        if found is None:
            self.stop(item.span, f"{what} needs `{key}`")
        return found

    def _items(self, node: Node | None, key: str) -> list[Tree]:
        if node is None:
            return []
        items = node.items if isinstance(node, Sequence) else (node,)
        for item in items:
            if not isinstance(item, Tree):
                self.stop(item.span, f"below `{key}` stands a list of `name: value`")
        return [item for item in items if isinstance(item, Tree)]

    def _text(self, node: Node, key: str) -> str:
        if not isinstance(node, Scalar) or not node.value.strip():
            self.stop(node.span, f"`{key}` is a text")
        return node.value


_A = {Kind.TEXT: "a text", Kind.INTEGER: "a whole number", Kind.NUMBER: "a number", Kind.BOOLEAN: "true or false"}
