"""A view becomes one expression of DuckDB's SQL: of a resource's elements, the list of its rows.

A path becomes a list of JSON values (FHIRPath's collection), a condition a BOOLEAN where NULL stands for an empty
collection. A row is a list of such lists, one a column; so products and unions are lists, too, and nothing is joined.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from campcompile.audience.printing import DIALECTS, print_expression
from campcompile.audience.relation import Value
from campcompile.plan.fhir.path import Call, Compare, Constant, Index, Literal, Logic, Path, Step, This
from campcompile.plan.fhir.view import Select, View
from campcompile.values import dataclass

_RESOURCE = "a resource"  # no SQL: what stands in it is asked for by place
_NONE = "CAST([] AS JSON[])"
_IDENTIFIER = "[A-Za-z0-9.-]{1,64}"


@dataclass(frozen=True, slots=True)
class Lowered:
    """`rows`, of type JSON[][][], reads the list `top`: what stands at `places` of a resource, each as JSON."""

    rows: str
    places: tuple[str, ...]


def lower(view: View, *places: str) -> Lowered:
    """The rows of a view; `places` of the resource, such as `$.id`, come first in the list."""
    lowering = _Lowering(places)
    rows = lowering.rows(view.select, _RESOURCE)
    conditions = " AND ".join(f"COALESCE({lowering.truth(path, _RESOURCE)}, FALSE)" for path in view.where)
    chosen = f"CASE WHEN {conditions} THEN {rows} ELSE [] END" if conditions else rows
    return Lowered(chosen, tuple(lowering.places))


def one_text(cell: str) -> str:
    """The text of a cell that has one value at most."""
    return f"json_extract_string({cell}[1], '$')"


def texts(cell: str) -> str:
    """The texts of a cell with many."""
    return f"list_transform({cell}, lambda t: json_extract_string(t, '$'))"


class _Lowering:
    def __init__(self, places: Iterable[str]) -> None:
        self.places = dict.fromkeys(places)
        self.numbers = count(1)

    def name(self) -> str:
        """A lambda's variable that no other has."""
        return f"x{next(self.numbers)}"

    def _top(self, place: str) -> str:
        """An element of the resource itself, which is read once for all that ask for it."""
        self.places.setdefault(place)
        return f"top[{list(self.places).index(place) + 1}]"

    # ── rows ─────────────────────────────────────────────────────────────────────────────────────────

    def rows(self, select: Select, this: str) -> str:
        if select.each is None:
            return self._product(select, this)
        item = self.name()
        each = self.items(select.each, this)
        rows = f"flatten(list_transform({each}, lambda {item}: {self._product(select, item)}))"
        if not select.or_null:
            return rows
        nothing = f"[[{', '.join(_NONE for _ in select.all_columns())}]]"
        # Not where `rows` is empty: an item may bring no row by a `forEach` of its own.
        return f"CASE WHEN len({each}) = 0 THEN {nothing} ELSE {rows} END"

    def _product(self, select: Select, this: str) -> str:
        """Every row of the columns beside every row of each part."""
        parts = [self.rows(part, this) for part in select.selects]
        if select.union:
            parts.append(f"flatten([{', '.join(self.rows(part, this) for part in select.union)}])")
        if select.columns:
            cells = ", ".join(self.items(column.path, this) for column in select.columns)
            parts.insert(0, f"[[{cells}]]")
        product = parts[0]
        for part in parts[1:]:
            left, right = self.name(), self.name()
            beside = f"list_transform({part}, lambda {right}: list_concat({left}, {right}))"
            product = f"flatten(list_transform({product}, lambda {left}: {beside}))"
        return product

    # ── collections ──────────────────────────────────────────────────────────────────────────────────

    def items(self, path: Path, this: str) -> str:
        """A collection: JSON[], never NULL, without nulls."""
        match path:
            case Literal(value):
                return f"[to_json({_constant(value)})]"
            case This():
                return f"[{self._top('$')}]" if this == _RESOURCE else f"[{this}]"
            case Step(This(), name):
                return _values(self._top(f"$.{name}")) if this == _RESOURCE else _elements(this, name)
            case Step(of, name):
                item = self.name()
                return f"flatten(list_transform({self.items(of, this)}, lambda {item}: {_elements(item, name)}))"
            case Index(of, place):
                return f"({self.items(of, this)})[{place + 1}:{place + 1}]"
            case Call(_, "iif", _):
                return self._chosen(path, this)
            case Call(_, "exists" | "empty" | "not", _) | Compare() | Logic():
                item = self.name()
                return f"list_filter([to_json({self.truth(path, this)})], lambda {item}: {item} IS NOT NULL)"
            case Call(of, function, arguments):
                return self._called(self.items(of, this), function, arguments)

    def _chosen(self, path: Call, this: str) -> str:
        condition, chosen, *otherwise = path.arguments
        other = self.items(otherwise[0], this) if otherwise else _NONE
        return f"CASE WHEN {self.truth(condition, this)} THEN {self.items(chosen, this)} ELSE {other} END"

    def _called(self, of: str, function: str, arguments: tuple[Path, ...]) -> str:
        item = self.name()
        match function:
            case "where":
                return f"list_filter({of}, lambda {item}: {self.truth(arguments[0], item)})"
            case "extension":
                url = Compare("=", Step(This(), "url"), arguments[0])
                found = "flatten(list_transform({}, lambda {}: {}))".format(of, item, _elements(item, "extension"))
                return self._called(found, "where", (url,))
            case "first":
                return f"({of})[1:1]"
            case "getResourceKey":
                return f"flatten(list_transform({of}, lambda {item}: {_elements(item, 'id')}))"
            case "getReferenceKey":
                return self._mapped(of, item, _reference_key(item, arguments))
            case "join":
                between = _text(_value(arguments[0]) if arguments else "")
                return f"[to_json(array_to_string({texts(of)}, {between}))]"
            case "substring":
                start, *length = (int(_value(one)) for one in arguments)
                part = ", ".join(str(number) for number in (start + 1, *length))
                text = f"json_extract_string({item}, '$')"
                return self._mapped(of, item, f"CASE WHEN length({text}) > {start} THEN substr({text}, {part}) END")
        raise AssertionError(function)

    def _mapped(self, of: str, item: str, text: str) -> str:
        """A text for each item; those without one are left out."""
        kept = self.name()
        return f"list_filter(list_transform({of}, lambda {item}: to_json({text})), lambda {kept}: {kept} IS NOT NULL)"

    # ── conditions ───────────────────────────────────────────────────────────────────────────────────

    def truth(self, path: Path, this: str) -> str:
        """A condition: TRUE, FALSE, or NULL for an empty collection."""
        match path:
            case Literal(bool(value)):
                return "TRUE" if value else "FALSE"
            case Logic(word, left, right):
                return f"({self.truth(left, this)} {word.upper()} {self.truth(right, this)})"
            case Compare(sign, left, right):
                return self._compared(sign, left, right, this)
            case Call(of, "not", _):
                return f"(NOT {self.truth(of, this)})"
            case Call(of, "exists", (condition,)):
                return f"(len({self._called(self.items(of, this), 'where', (condition,))}) > 0)"
            case Call(of, "exists", _):
                return f"(len({self.items(of, this)}) > 0)"
            case Call(of, "empty", _):
                return f"(len({self.items(of, this)}) = 0)"
            case _:
                item = self.name()
                yes = f"CASE json_type({item}) WHEN 'BOOLEAN' THEN CAST({item} AS VARCHAR) = 'true' ELSE TRUE END"
                return f"list_transform({self.items(path, this)}, lambda {item}: {yes})[1]"

    def _compared(self, sign: str, left: Path, right: Path, this: str) -> str:
        if sign not in ("=", "!="):
            sides = (f"{self._like(side, 0, this)}[1]" for side in (left, right))
            return f"({f' {sign} '.join(sides)})"
        sample = next((side.value for side in (left, right) if isinstance(side, Literal)), None)
        sides = (f"NULLIF({self._like(side, sample, this)}, [])" for side in (left, right))
        return f"({f' {sign} '.join(sides)})".replace("!=", "<>")

    def _like(self, path: Path, sample: Constant | None, this: str) -> str:
        """A collection's values as what is compared is: NULL for those of another kind."""
        item = self.name()
        text = f"json_extract_string({item}, '$')"
        match sample:
            case bool():
                value = f"CASE json_type({item}) WHEN 'BOOLEAN' THEN {text} END"
            case int() | float():
                value = f"CASE WHEN json_type({item}) NOT IN ('VARCHAR', 'BOOLEAN') THEN TRY_CAST({text} AS DOUBLE) END"
            case str():
                value = f"CASE json_type({item}) WHEN 'VARCHAR' THEN {text} END"
            case None:
                value = f"CAST({item} AS VARCHAR)"
        return f"list_transform({self.items(path, this)}, lambda {item}: {value})"


def _elements(of: str, name: str) -> str:
    """What an item has under a name: the values of a list, one value, or nothing."""
    place = f"'$.{name}'"
    listed = f"list_filter(json_extract({of}, '$.{name}[*]'), lambda e: json_type(e) <> 'NULL')"
    single = f"[json_extract({of}, {place})]"
    kinds = f"WHEN 'ARRAY' THEN {listed} WHEN 'NULL' THEN {_NONE}"
    return f"CASE COALESCE(json_type({of}, {place}), 'NULL') {kinds} ELSE {single} END"


def _values(of: str) -> str:
    """The same for what an element holds."""
    listed = f"list_filter(json_extract({of}, '$[*]'), lambda e: json_type(e) <> 'NULL')"
    return f"CASE COALESCE(json_type({of}), 'NULL') WHEN 'ARRAY' THEN {listed} WHEN 'NULL' THEN {_NONE} ELSE [{of}] END"


def _reference_key(item: str, arguments: Iterable[Path]) -> str:
    """The id in `Patient/123`, also behind a server's address, and in one version of it."""
    type = next((str(_value(one)) for one in arguments), "[A-Z][A-Za-z]+")
    pattern = f"^(.*/)?{type}/({_IDENTIFIER})(/_history/{_IDENTIFIER})?$"
    reference = f"json_extract_string({item}, '$.reference')"
    return f"NULLIF(regexp_extract({reference}, '{pattern}', 2), '')"


def _value(path: Path) -> Constant:
    assert isinstance(path, Literal), "read as such"
    return path.value


def _constant(value: Constant) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return _text(value) if isinstance(value, str) else str(value)


def _text(value: Constant) -> str:
    return print_expression(Value(str(value)), DIALECTS["duckdb"])
