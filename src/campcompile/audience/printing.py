"""SQL text of a query for DuckDB, Spark and PostgreSQL: one printer, and the few words in which they differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from campcompile.audience import relation as r
from campcompile.audience.relation import Expression, Query, Select
from campcompile.values import dataclass

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
_ATOMS = r.Column | r.Value | r.Nothing | r.Day | r.First | r.Cases | r.Chosen | r.Call | r.Year | r.DayOf | r.Between
_OPS = {"==": "=", "!=": "<>"}
_RESERVED_WORDS = (
    "all and any array as asc at authorization between both by case cast check collate column constraint create cross "
    "current current_date current_time current_user date day default delete desc describe distinct do drop else end "
    "escape except exists false fetch filter first following for foreign from full grant group having hour in inner "
    "insert intersect interval into is join last lateral leading left like limit localtime localtimestamp map minus "
    "minute month natural not null nulls offset on only or order outer over overlaps partition pivot placing position "
    "preceding primary qualify range references returning right row rows second select semi session_user set show "
    "some start summarize symmetric table then time timestamp to trailing true union unique unknown unnest user using "
    "values variadic when where window with within year zone"
)
_RESERVED = frozenset(_RESERVED_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What an engine says differently."""

    name: str
    title: str
    quote: str  # around a name
    holds: str  # {list} {value}
    days: str  # {since} {until}
    later: str  # {instant} {seconds}
    types: Mapping[str, str]  # what it calls the types of fields
    backslash_escapes: bool = False  # in a text


def _types(text: str, number: str, instant: str, list: str) -> Mapping[str, str]:
    return {"yes_no": "BOOLEAN", "date": "DATE", "": text, "number": number, "datetime": instant, "list": list}


DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect(
            name="duckdb",
            title="DuckDB",
            quote='"',
            holds="list_contains({list}, {value})",
            days="date_diff('day', {since}, {until})",
            later="{instant} + to_seconds({seconds})",
            types=_types("VARCHAR", "DOUBLE", "TIMESTAMP", "VARCHAR[]"),
        ),
        Dialect(
            name="spark",
            title="Spark",
            quote="`",
            holds="array_contains({list}, {value})",
            days="datediff({until}, {since})",
            later="timestampadd(SECOND, {seconds}, {instant})",
            types=_types("STRING", "DOUBLE", "TIMESTAMP_NTZ", "ARRAY<STRING>"),
            backslash_escapes=True,
        ),
        Dialect(
            name="postgres",
            title="PostgreSQL",
            quote='"',
            holds="{value} = ANY({list})",
            days="({until} - {since})",
            later="{instant} + {seconds} * INTERVAL '1 second'",
            types=_types("TEXT", "DOUBLE PRECISION", "TIMESTAMP", "TEXT[]"),
        ),
    )
}


def print_query(query: Query, dialect: Dialect) -> str:
    """The statement as text that people read, with a line end at its end, and no semicolon."""
    return _Printer(dialect).query(query)


def print_expression(expression: Expression, dialect: Dialect) -> str:
    return _Printer(dialect).of(expression)


def name_printer(dialect: Dialect) -> Callable[[str], str]:
    """Names as the engine takes them: in quotes where they need it."""
    return _Printer(dialect).name


class _Printer:
    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def query(self, query: Query) -> str:
        lines = [f"-- {line}" for line in (*query.title, f"for {self.dialect.title}")]
        *steps, last = query.steps
        for place, step in enumerate(steps):
            lines += [f"-- {line}" for line in step.comment.splitlines()]
            lines.append(f"{'WITH ' if not place else ''}{self.name(step.name)} AS (")
            lines += [f"  {line}" for line in self.selects(step.selects)]
            lines.append(")" if step is steps[-1] else "),")
        lines += [f"-- {line}" for line in last.comment.splitlines()]
        lines += self.selects(last.selects)
        return "\n".join(lines) + "\n"

    def selects(self, selects: Iterable[Select]) -> Iterator[str]:
        for place, select in enumerate(selects):
            if place:
                yield "UNION ALL"
            yield from self.select(select)

    def select(self, select: Select) -> Iterator[str]:
        yield "SELECT"
        columns = [self._column(name, value).split("\n") for name, value in select.columns]
        for place, lines in enumerate(columns):
            yield from (f"  {line}" for line in lines[:-1])
            yield f"  {lines[-1]}{',' if place + 1 < len(columns) else ''}"
        yield f"FROM {self._source(select.table, select.alias)}"
        for join in select.joins:
            yield f"{'LEFT ' if join.optional else ''}JOIN {self._source(join.table, join.alias)}"
            for place, condition in enumerate(join.on):
                yield f"  {'AND' if place else 'ON'} {self.part(condition)}"
        for place, filter in enumerate(select.where):
            if filter.comment:
                yield f"{'  ' if place else ''}-- {filter.comment}"
            yield f"{'  AND' if place else 'WHERE'} {self.part(filter.condition)}"
        if select.group:
            yield f"GROUP BY {', '.join(map(self.of, select.group))}"

    def _source(self, table: str, alias: str) -> str:
        return self.name(table) if table == alias else f"{self.name(table)} AS {self.name(alias)}"

    def _column(self, name: str, value: Expression) -> str:
        printed = self.of(value)
        if isinstance(value, r.Everything) or (isinstance(value, r.Column) and value.name == name):
            return printed
        return f"{printed} AS {self.name(name)}"

    def name(self, name: str) -> str:
        if _PLAIN.fullmatch(name) and name not in _RESERVED:
            return name
        quote = self.dialect.quote
        return f"{quote}{name.replace(quote, quote * 2)}{quote}"

    def part(self, expression: Expression) -> str:
        """As an operand of AND: in brackets where it is an OR."""
        return f"({self.of(expression)})" if isinstance(expression, r.Some | r.All) else self.of(expression)

    def of(self, expression: Expression) -> str:
        match expression:
            case r.Column(table, name):
                return f"{self.name(table)}.{self.name(name)}"
            case r.Value(value):
                return self.value(value)
            case r.Nothing(type):
                return f"CAST(NULL AS {self.dialect.types.get(type, self.dialect.types[''])})"
            case r.Everything(table):
                return f"{self.name(table)}.*"
            case r.Day(iso):
                return f"DATE '{iso}'"
            case r.Compared(op, left, right):
                return f"{self.operand(left)} {_OPS.get(op, op)} {self.operand(right)}"
            case r.Among(of, values):
                return f"{self.operand(of)} IN ({', '.join(map(self.value, values))})" if values else "FALSE"
            case r.Listed(of, column, where):
                found = f"SELECT {self.of(column)} FROM {self.name(column.table)} WHERE {self.part(where)}"
                return f"{self.operand(of)} IN ({found})"
            case r.Holds(of, value):
                found = self.dialect.holds.format(list=self.of(of), value=self.value(value))
                return f"COALESCE({found}, FALSE)"
            case r.Missing(of):
                return f"{self.operand(of)} IS NULL"
            case r.Negated(r.Missing(of)):
                return f"{self.operand(of)} IS NOT NULL"
            case r.Negated(of):
                return f"NOT ({self.of(of)})"
            case r.All(parts):
                return " AND ".join(map(self.part, parts)) or "TRUE"
            case r.Some(parts):
                return " OR ".join(map(self.part, parts)) or "FALSE"
            case _:
                return self.computed(expression)

    def computed(self, expression: Expression) -> str:
        match expression:
            case r.First(parts):
                return f"COALESCE({', '.join(map(self.of, parts))})"
            case r.Cases(arms, otherwise):
                lines = [f"  WHEN {self.of(when)} THEN {self.of(then)}" for when, then in arms]
                return "\n".join(("CASE", *lines, f"  ELSE {self.of(otherwise)}", "END"))
            case r.Chosen(by, table, default):
                whens = " ".join(f"WHEN {self.value(key)} THEN {self.value(value)}" for key, value in table)
                return f"CASE {self.of(by)} {whens} ELSE {self.of(default)} END"
            case r.Between(unit, since, until):
                return self.between(unit, self.operand(since), self.operand(until))
            case r.Year(of):
                return f"EXTRACT(YEAR FROM {self.of(of)})"
            case r.Later(of, seconds):
                return self.dialect.later.format(instant=self.operand(of), seconds=self.operand(seconds))
            case r.DayOf(of):
                return f"CAST({self.of(of)} AS DATE)"
            case r.Call(name, parts):
                return f"{name}({', '.join(map(self.of, parts))})"
            case r.Ranked(within, order):
                ordered = ", ".join(f"{self.of(one)}{' DESC' if down else ''}" for one, down in order)
                return f"ROW_NUMBER() OVER (PARTITION BY {', '.join(map(self.of, within))} ORDER BY {ordered})"
            case _:
                raise AssertionError(f"{type(expression).__name__} is printed by `of`")

    def operand(self, expression: Expression) -> str:
        """In brackets, unless it is a name, a value, a function or a case."""
        return self.of(expression) if isinstance(expression, _ATOMS) else f"({self.of(expression)})"

    def between(self, unit: str, since: str, until: str) -> str:
        if unit == "days":
            return self.dialect.days.format(since=since, until=until)
        # Months are counted by hand: each engine's own functions clamp a month's end in their own way.
        years = f"EXTRACT(YEAR FROM {until}) - EXTRACT(YEAR FROM {since})"
        whole = f"12 * ({years}) + EXTRACT(MONTH FROM {until}) - EXTRACT(MONTH FROM {since})"
        clamped = f"LEAST(EXTRACT(DAY FROM {since}), {self.month_length(until)})"
        months = f"({whole} - CASE WHEN EXTRACT(DAY FROM {until}) < {clamped} THEN 1 ELSE 0 END)"
        return months if unit == "months" else f"FLOOR({months} / 12.0)"

    def month_length(self, day: str) -> str:
        """The number of days of a day's month."""
        year, month = f"EXTRACT(YEAR FROM {day})", f"EXTRACT(MONTH FROM {day})"
        leap = f"{year} % 4 = 0 AND ({year} % 100 <> 0 OR {year} % 400 = 0)"
        february = f"WHEN {month} = 2 AND {leap} THEN 29 WHEN {month} = 2 THEN 28"
        return f"(CASE {february} WHEN {month} IN (4, 6, 9, 11) THEN 30 ELSE 31 END)"

    def value(self, value: str | int | float | bool | None) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, str):
            return self.text(value)
        return repr(value)

    def text(self, value: str) -> str:
        if self.dialect.backslash_escapes:
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return "'" + value.replace("'", "''") + "'"
