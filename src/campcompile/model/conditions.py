"""Typing of conditions: an expression as written becomes a formula, or findings at its smallest wrong part."""

from __future__ import annotations

from dataclasses import replace

from campcompile import formula as f
from campcompile.formula import Formula
from campcompile.model.bound import Condition
from campcompile.model.fields import NUMBER, TEXT, YES_NO, Type
from campcompile.model.findings import MISSING_FALLBACK, TYPE_AND_FORMAT, UNKNOWN_NAME, UNKNOWN_SEGMENT
from campcompile.model.labels import Label
from campcompile.model.presence import needed, set_where_true
from campcompile.model.scope import Scope, Value
from campcompile.model.timing import parse_date
from campcompile.syntax import expression as e
from campcompile.syntax.findings import Checked, Findings, Severity
from campcompile.syntax.findings_tpl import TOO_MUCH
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest

ALWAYS = f.Const(True)
_SINCE = {"age": "years", "days_since": "days", "months_since": "months"}
_TEXT_LIKE = frozenset({"text", "email", "phone", "url", "locale", "country", "zone", "site", "code"})
_ORDERED = frozenset({"number", "date", "datetime"})
MAX_NESTED_SEGMENTS = 16
MAX_SEGMENTS = 200  # in one condition, with those that its segments ask for


def bind_condition(expression: e.Expression, scope: Scope, words: str = "") -> Checked[Condition | None]:
    """The typed condition; None where a part of it means nothing (with the findings)."""
    findings = Findings()
    typer = _Typer(scope, findings)
    formula = typer.boolean(expression)
    if formula is None:
        return findings.done(None)
    condition = make_condition(formula, typer.reads, scope, expression.span, words)
    return findings.done(replace(condition, label=max(condition.label, typer.label)))


def make_condition(formula: Formula, reads: set[str], scope: Scope, span: Span, words: str) -> Condition:
    return Condition(
        formula=formula,
        reads=frozenset(reads),
        label=scope.label_of(reads),
        implies_set=set_where_true(formula),
        span=span,
        words=words,
    )


class _Typer:
    """One expression's walk; collects the fields read."""

    def __init__(self, scope: Scope, findings: Findings, outer: _Typer | None = None, segment: str = "") -> None:
        self.scope = scope
        self.findings = findings
        self.reads: set[str] = set()
        self.label = Label.PUBLIC  # of what is read beside fields: a practice's value, by site
        # Being expanded, to find circles; and all that the whole expression ever expanded.
        self._segments: tuple[str, ...] = (*outer._segments, segment) if outer else ()
        self._expanded: list[str] = outer._expanded if outer else []

    def boolean(self, node: e.Expression) -> Formula | None:
        match node:
            case e.And(operands) | e.Or(operands):
                parts = [self.boolean(operand) for operand in operands]
                known = tuple(part for part in parts if part is not None)
                if len(known) != len(parts):
                    return None
                return f.And(known) if isinstance(node, e.And) else f.Or(known)
            case e.Not(operand):
                inner = self.boolean(operand)
                return None if inner is None else f.Not(inner)
            case e.IsSet(operand, negated):
                value = self._value(operand)
                if value is None:
                    return None
                bare = value.formula.of if isinstance(value.formula, f.Default) else value.formula
                present: Formula = f.Set(bare)
                return f.Not(present) if negated else present
            case e.Membership():
                return self._membership(node)
            case e.Compare():
                return self._comparison(node)
            case e.Literal(bool() as value):
                return f.Const(value)
            case e.Call("segment"):
                return self._segment(node)
            case e.Name("goal") if self.scope.knows_goal:
                return self._goal(node)
            case _:
                value = self._value(node)
                if value is None:
                    return None
                if value.type != YES_NO:
                    self.findings.add(
                        TYPE_AND_FORMAT.at(node.span, say="not-a-condition", name=value.name, type=str(value.type))
                    )
                    return None
                return value.formula

    def _value(self, node: e.Expression) -> Value | None:
        match node:
            case e.Name("goal"):
                advice = "`goal` is for `stop_when`, in a campaign that states a goal"
                self.findings.add(UNKNOWN_NAME.at(node.span, kind="name", name="goal", advice=advice))
                return None
            case e.Name(path, span):
                value = self.scope.resolve(path, span, self.findings)
                if value is not None:
                    self.reads |= value.reads
                    self.label = max(self.label, value.label)
                return value
            case e.Literal(value=literal):
                kind = YES_NO if isinstance(literal, bool) else TEXT if isinstance(literal, str) else NUMBER
                return Value(type=kind, formula=f.Const(literal), name=_quoted(literal))
            case e.Call(function) if function in _SINCE:
                return self._since(node)
            case e.Call("has"):
                return self._has(node)
            case _:
                formula = self.boolean(node)
                return None if formula is None else Value(type=YES_NO, formula=formula, name="this")

    def _since(self, node: e.Call) -> Value | None:
        example = (
            f"{node.function}(patient.birth_date) >= 18" if node.function == "age" else f"{node.function}(…) >= 12"
        )
        wanted = "one date"
        if len(node.args) != 1:
            self._bad_arguments(node, wanted, example)
            return None
        value = self._value(node.args[0])
        if value is None:
            return None
        if value.type.name not in ("date", "datetime"):
            self._bad_arguments(node, f"a date, and `{value.name}` is {value.type}", example)
            return None
        day = self.scope.day_of(value)
        return Value(
            type=NUMBER,
            formula=f.Elapsed(_SINCE[node.function], day, self.scope.today()),
            name=f"{node.function}({value.name})",
            reads=value.reads,
        )

    def _has(self, node: e.Call) -> Value | None:
        example = 'has(patient.topics, "sleep")'
        if len(node.args) != 2 or not (isinstance(node.args[1], e.Literal) and isinstance(node.args[1].value, str)):
            self._bad_arguments(node, "a list and a text", example)
            return None
        value = self._value(node.args[0])
        if value is None:
            return None
        if value.type.name != "list":
            self._bad_arguments(node, f"a list, and `{value.name}` is {value.type}", example)
            return None
        element = value.type.element
        if element is not None and element.name == "choice":
            self._check_choice(node.args[1], element, value.name)
        return Value(
            type=YES_NO, formula=f.Has(value.formula, str(node.args[1].value)), name="has(…)", reads=value.reads
        )

    def _segment(self, node: e.Call) -> Formula | None:
        if len(node.args) != 1 or not (isinstance(node.args[0], e.Literal) and isinstance(node.args[0].value, str)):
            self._bad_arguments(node, "the name of one segment", 'segment("annual-check-due")')
            return None
        return self.segment(str(node.args[0].value), node.args[0].span)

    def segment(self, name: str, span: Span) -> Formula | None:
        """The formula of a named segment in this scope."""
        if name == "everyone":
            return ALWAYS
        known = self.scope.names.segments
        if name not in known:
            near = nearest(name, [*known, "everyone"])
            advice = f"did you mean `{near}`?" if near else "segments are declared in campaigns/_shared/segments.yaml"
            self.findings.add(UNKNOWN_SEGMENT.at(span, name=name, advice=advice, fixes=renaming(span, name, near)))
            return None
        if name in self._segments:
            circle = self._segments[self._segments.index(name) :]
            if name == min(circle):  # it is met from each of its segments, and told once
                chain = " → ".join((*circle, name))
                self.findings.add(UNKNOWN_SEGMENT.at(span, say="circle", name=name, chain=chain))
            return None
        where = known[name].where
        if where is None:
            return ALWAYS
        self._expanded.append(name)
        if len(self._segments) == MAX_NESTED_SEGMENTS or len(self._expanded) > MAX_SEGMENTS:
            self.findings.add(TOO_MUCH.at(span, say="segments", limit=str(MAX_NESTED_SEGMENTS), most=str(MAX_SEGMENTS)))
            return None
        # The segment's own mistakes are reported where it is declared; here, only what this use lacks.
        inner = _Typer(self.scope, Findings(), self, name)
        formula = inner.boolean(where)
        self.reads |= inner.reads
        self.label = max(self.label, inner.label)
        for found in inner.findings:
            if found.say == "circle":
                self.findings.add(found)
            elif found.rule is TOO_MUCH or found.rule.code == "REF003":
                self.findings.add(replace(found, span=span, label=f"segment `{name}` needs it"))
        return formula

    def _goal(self, node: e.Name) -> Formula | None:
        goal = self.scope.goal
        if goal is None:
            return None
        self.reads |= goal.reads
        self.label = max(self.label, goal.label)
        return goal.formula

    def _membership(self, node: e.Membership) -> Formula | None:
        value = self._value(node.operand)
        if value is None:
            return None
        if value.type.name == "list":
            advice = f'write `has({value.name}, "…")`'
            self._not_comparable(node.span, f"the list `{value.name}`", "single texts", advice)
            return None
        fitting = tuple(choice.value for choice in node.choices if self._check_literal(value, choice))
        if not fitting:
            return None
        inside = self._among(value, fitting)
        if not node.negated:
            return inside
        self._note_left_out(value, node.span)
        return f.Not(inside)

    def _among(self, value: Value, choices: tuple[str | int | float, ...]) -> Formula:
        """Is it one of them? A day is compared with each, as `==` compares it."""
        if value.type.name not in ("date", "datetime"):
            return f.OneOf(value.formula, choices)
        day = self.scope.day_of(value)
        days = tuple(f.Compare("==", day, f.DateConst(str(choice))) for choice in choices)
        return days[0] if len(days) == 1 else f.Or(days)

    def _comparison(self, node: e.Compare) -> Formula | None:
        parts: list[Formula] = []
        complete = True
        left_node = node.first
        for op, right_node in node.rest:
            left, right = self._value(left_node), self._value(right_node)
            part = None
            if left is not None and right is not None:
                part = self._compare(op, left, left_node, right, right_node, node.span)
            complete = complete and part is not None
            if part is not None:
                parts.append(part)
            left_node = right_node
        if not complete:
            return None
        return parts[0] if len(parts) == 1 else f.And(tuple(parts))

    def _compare(
        self, op: str, left: Value, left_node: e.Expression, right: Value, right_node: e.Expression, span: Span
    ) -> Formula | None:
        if isinstance(left_node, e.Literal) and not isinstance(right_node, e.Literal):
            flipped = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
            return self._compare(flipped, right, right_node, left, left_node, span)
        if op == "!=":
            self._note_left_out(left, span)
        if isinstance(right_node, e.Literal):
            return self._compare_literal(op, left, right_node, span)
        return self._compare_values(op, left, right, span)

    def _compare_literal(self, op: str, left: Value, literal: e.Literal, span: Span) -> Formula | None:
        kind = left.type.name
        if not self._check_literal(left, literal):
            return None
        if op not in ("==", "!=") and kind not in _ORDERED:
            self._not_comparable(
                span, f"`{left.name}` ({kind})", f"`{op}`", "only numbers and dates have an order; use `==`"
            )
            return None
        if kind in ("date", "datetime"):
            return f.Compare(op, self.scope.day_of(left), f.DateConst(str(literal.value)))
        return f.Compare(op, left.formula, f.Const(literal.value))

    def _compare_values(self, op: str, left: Value, right: Value, span: Span) -> Formula | None:
        kinds = {left.type.name, right.type.name}
        if kinds == {"date", "datetime"}:
            return f.Compare(op, self.scope.day_of(left), self.scope.day_of(right))
        alike = len(kinds) == 1 or kinds <= _TEXT_LIKE | {"choice"}
        if not alike or "list" in kinds:
            self._not_comparable(
                span, f"`{left.name}` ({left.type})", f"`{right.name}` ({right.type})", "compare like with like"
            )
            return None
        if op not in ("==", "!=") and not kinds <= _ORDERED:
            self._not_comparable(
                span, f"`{left.name}` ({left.type})", f"`{op}`", "only numbers and dates have an order"
            )
            return None
        return f.Compare(op, left.formula, right.formula)

    def _check_literal(self, left: Value, literal: e.Literal) -> bool:
        """Is the literal of the left side's type? A finding where not."""
        kind, value = left.type.name, literal.value
        if kind == "choice":
            return self._check_choice(literal, left.type, left.name)
        if kind in ("date", "datetime"):
            return self._check_date(left, literal)
        if kind == "site":
            return self._check_site(left, literal)
        wanted = {"number": "a number", "yes_no": "true or false"}.get(kind, "a text in quotes")
        fits = (
            isinstance(value, bool)
            if kind == "yes_no"
            else isinstance(value, int | float) and not isinstance(value, bool)
            if kind == "number"
            else isinstance(value, str) and kind in _TEXT_LIKE
        )
        if not fits:
            advice = f'write `has({left.name}, "…")`' if kind == "list" else f"compare it with {wanted}"
            self._not_comparable(literal.span, f"`{left.name}` ({left.type})", _quoted(value), advice)
        return fits

    def _check_choice(self, literal: e.Literal, type: Type, name: str) -> bool:
        if literal.value in type.choices:
            return True
        near = nearest(str(literal.value), type.choices)
        self.findings.add(
            TYPE_AND_FORMAT.at(
                literal.span,
                say="not-a-choice",
                value=str(literal.value),
                name=name,
                choices=", ".join(f"`{choice}`" for choice in type.choices),
                nearest=f"; did you mean `{near}`?" if near else "",
                fixes=renaming(literal.span, str(literal.value), near),
            )
        )
        return False

    def _check_site(self, left: Value, literal: e.Literal) -> bool:
        sites = self.scope.names.settings.practice.sites
        if not sites or literal.value in sites:
            return True
        near = nearest(str(literal.value), sites)
        advice = f"did you mean `{near}`?" if near else f"the sites are {', '.join(sites)}"
        self.findings.add(
            UNKNOWN_NAME.at(
                literal.span,
                kind="site",
                name=str(literal.value),
                advice=advice,
                fixes=renaming(literal.span, str(literal.value), near),
            )
        )
        return False

    def _check_date(self, left: Value, literal: e.Literal) -> bool:
        if isinstance(literal.value, str):
            if parse_date(literal.value) is not None:
                return True
            self.findings.add(TYPE_AND_FORMAT.at(literal.span, say="bad-date", value=literal.value[:60]))
            return False
        advice = f'write a date as `"2026-09-08"`, or count: `days_since({left.name}) > 7`'
        self._not_comparable(literal.span, f"`{left.name}` ({left.type})", _quoted(literal.value), advice)
        return False

    def _note_left_out(self, value: Value, span: Span) -> None:
        fields = self.scope.names.dictionary.fields
        for name in sorted(needed(value.formula) - self.scope.sure):
            if name in fields and not fields[name].required:
                self.findings.add(MISSING_FALLBACK.at(span, say="left-out", severity=Severity.INFO, name=value.name))

    def _not_comparable(self, span: Span, left: str, right: str, advice: str) -> None:
        self.findings.add(TYPE_AND_FORMAT.at(span, say="not-comparable", left=left, right=right, advice=advice))

    def _bad_arguments(self, node: e.Call, wanted: str, example: str) -> None:
        self.findings.add(
            TYPE_AND_FORMAT.at(node.span, say="arguments", function=node.function, wanted=wanted, example=example)
        )


def bind_segment(name: str, span: Span, scope: Scope) -> Checked[Condition | None]:
    """The condition of a named segment (or `everyone`) in a scope; a finding where there is none."""
    findings = Findings()
    typer = _Typer(scope, findings)
    formula = typer.segment(name, span)
    if formula is None:
        return findings.done(None)
    known = scope.names.segments.get(name)
    words = known.words if known is not None else ""
    condition = make_condition(formula, typer.reads, scope, span, words)
    return findings.done(condition)


def _quoted(value: object) -> str:
    return f'`"{value}"`' if isinstance(value, str) else f"`{str(value).lower() if isinstance(value, bool) else value}`"
