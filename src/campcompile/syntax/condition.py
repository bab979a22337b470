"""The one expression language: conditions, and where a derived field comes from.

Jinja's grammar, restricted (language.md §6), by recursive descent. A slip with one clear meaning (`=`, `&&`,
`is empty`) is a finding and read as meant, so that the names in it are still checked.
"""

from __future__ import annotations

from campcompile.syntax.expression import And, Call, Compare, Expression, IsSet, Literal, Membership, Name, Not, Or
from campcompile.syntax.findings import Applicability, Checked, Diagnostic, Edit, Fix
from campcompile.syntax.findings_tpl import CONDITION_FORM, MISSING_TEST, SOURCE, TOO_MUCH
from campcompile.syntax.jinja import Token, brief
from campcompile.syntax.operands import COMPARISONS, Reader, Stop, listed
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import MappedText
from campcompile.syntax.suggest import nearest

MAX_CHARACTERS = 10_000
SOURCES = ("first", "last", "next")

_NOTHING = frozenset({"none", "null", "nil", "empty", "missing", "undefined", "unset", "blank"})
_TESTS = _NOTHING | {"set", "defined", "given", "filled", "present", "known"}


def parse_condition(text: MappedText) -> Checked[Expression | None]:
    """The condition that `text` is, or None where it can't be read as one.

    Example: `40 <= age(patient.birth_date) < 65` is a Compare of a Literal, "<=" with a Call, "<" with a Literal.
    """
    if len(text.text) > MAX_CHARACTERS:
        return Checked(None, (too_long(text),))
    return parse_expression(text, 0, len(text.text))


def parse_expression(text: MappedText, start: int, end: int) -> Checked[Expression | None]:
    """The condition that `text.text[start:end]` is."""
    reader = _Conditions(text, start, end)
    try:
        return Checked(reader.whole_condition(), tuple(reader.found))
    except Stop:
        return Checked(None, tuple(reader.found))


def parse_call(text: MappedText) -> Checked[Call | None]:
    """What a derived field comes from: `next(appointment.start)` is a Call of `next` with one Name."""
    if len(text.text) > MAX_CHARACTERS:
        return Checked(None, (too_long(text),))
    reader = _Sources(text, 0, len(text.text))
    try:
        return Checked(reader.source_call(), tuple(reader.found))
    except Stop:
        return Checked(None, tuple(reader.found))


def too_long(text: MappedText) -> Diagnostic:
    return TOO_MUCH.at(text.span(MAX_CHARACTERS, len(text.text)), say="long", limit=f"{MAX_CHARACTERS:,}")


class _Conditions(Reader):
    """The grammar of conditions, loosest first."""

    def whole_condition(self) -> Expression:
        if self.token.kind == "end":
            raise self.stop(CONDITION_FORM.at(self.at(self.token), say="empty"))
        if self.token.text == "{" and self.peek().text in ("{", "%"):
            raise self.stop(CONDITION_FORM.at(self.span(self.token.start, self.peek().end), say="braces"))
        condition = self._or()
        if self.token.kind != "end":
            raise self.left_over()
        self._all_conditions([condition])
        return condition

    def _or(self) -> Expression:
        start = self.token.start
        operands = [self._and()]
        while self.take("or"):
            operands.append(self._and())
        if len(operands) == 1:
            return operands[0]
        self._all_conditions(operands)
        return Or(tuple(operands), self.span(start, self.read_to))

    def _and(self) -> Expression:
        start = self.token.start
        operands = [self._not()]
        while self.take("and"):
            operands.append(self._not())
        if len(operands) == 1:
            return operands[0]
        self._all_conditions(operands)
        return And(tuple(operands), self.span(start, self.read_to))

    def _not(self) -> Expression:
        start = self.token
        if not self.take("not"):
            return self._comparison()
        self.enter(start)
        operand = self._not()
        self.depth -= 1
        self._all_conditions([operand])
        return Not(operand, self.span(start.start, self.read_to))

    def _comparison(self) -> Expression:
        start = self.token.start
        first = self.operand()
        meaning = self.meaning
        if meaning in COMPARISONS:
            return self._compare(first, start)
        if meaning == "is":
            return self._is(first, start)
        if meaning == "not" and self.followed_by("set"):
            test_start = self.advance().start
            self.advance()
            return self._missing(first, start, test_start, negated=True)
        if meaning == "in" or (meaning == "not" and self.followed_by("in")):
            return self._in(first, start)
        return first

    def _compare(self, first: Expression, start: int) -> Expression:
        test_start = self.token.start
        rest: list[tuple[str, Expression]] = []
        while (operator := self.meaning) in COMPARISONS:
            where = self.token
            self.take(operator)
            if self.meaning in COMPARISONS or self.token.kind == "end":
                raise self.stop(CONDITION_FORM.at(self.at(where), say="half", seen=where.text))
            rest.append((operator, self.operand()))
        self._all_values(first, *(operand for _, operand in rest))
        if len(rest) == 1 and rest[0][0] in ("==", "!=") and _is_nothing(rest[0][1]):
            return self._missing(first, start, test_start, negated=rest[0][0] == "==")
        return Compare(
            first, tuple((operator, self.quoted(value)) for operator, value in rest), self.span(start, self.read_to)
        )

    def _missing(self, operand: Expression, start: int, test_start: int, *, negated: bool) -> Expression:
        """Take down that `is set` is meant by what stands from `test_start` to here, and read it so."""
        test = "is not set" if negated else "is set"
        name = operand.path if isinstance(operand, Name) else "patient.first_name"
        span = self.span(test_start, self.read_to)
        fix = Fix(f"write `{test}`", (Edit(span, test),), Applicability.UNSAFE)
        self.found.append(MISSING_TEST.at(span, test=test, name=name, fixes=(fix,)))
        return IsSet(operand, negated, self.span(start, self.read_to))

    def _is(self, operand: Expression, start: int) -> Expression:
        test_start = self.token.start
        self.take("is")
        negated = self.take("not") is not None
        test = self.token
        word = test.text.lower() if test.kind == "name" else ""
        if word in _TESTS:
            self.advance()
            if not isinstance(operand, Name):
                raise self.stop(CONDITION_FORM.at(operand.span, say="set-of-what"))
            if test.text == "set":
                return IsSet(operand, negated, self.span(start, self.read_to))
            return self._missing(operand, start, test_start, negated=negated != (word in _NOTHING))
        if test.kind in ("text", "number", "curly") or word in ("true", "false"):
            raise self.stop(CONDITION_FORM.at(self.at(test), say="is-equal", operator="!=" if negated else "=="))
        raise self.stop(CONDITION_FORM.at(self.at(test), say="is-what", seen=brief(test.text) or "nothing"))

    def _in(self, operand: Expression, start: int) -> Expression:
        negated = self.take("not") is not None
        self.take("in")
        self._all_values(operand)
        opener = self.token
        if opener.kind == "name" and isinstance(operand, Literal):
            meant = f'{"not " if negated else ""}has({brief(opener.text)}, "{brief(str(operand.value))}")'
            raise self.stop(CONDITION_FORM.at(self.span(start, opener.end), say="in-field", meant=meant))
        if self.meaning not in ("[", "("):
            raise self.stop(CONDITION_FORM.at(self.at(opener), say="in-what", seen=brief(opener.text) or "nothing"))
        self.advance()
        choices = self._choices("]" if opener.text == "[" else ")")
        closer = self.close(opener)
        if opener.text != "[":
            self.found.append(CONDITION_FORM.at(self.span(opener.start, closer.end), say="in-brackets"))
        if not choices:
            raise self.stop(CONDITION_FORM.at(self.span(opener.start, closer.end), say="in-nothing"))
        return Membership(operand, tuple(choices), negated, self.span(start, closer.end))

    def _choices(self, closer: str) -> list[Literal]:
        choices = []
        while self.meaning != closer and self.token.kind != "end":
            choice = self.quoted(self.value())
            if not isinstance(choice, Literal):
                raise self.stop(CONDITION_FORM.at(choice.span, say="choice"))
            choices.append(choice)
            if not self.take(","):
                break
        return choices

    def in_brackets(self) -> Expression:
        opener = self.token
        self.enter(opener)
        self.take("(")
        inner = self._or()
        self.close(opener)
        self.depth -= 1
        return inner

    def _all_conditions(self, operands: list[Expression]) -> None:
        for operand in operands:
            if isinstance(operand, Literal):
                raise self.stop(CONDITION_FORM.at(operand.span, say="literal"))

    def _all_values(self, *operands: Expression) -> None:
        for operand in operands:
            if not isinstance(operand, Name | Literal | Call):
                raise self.stop(CONDITION_FORM.at(operand.span, say="compares-condition"))


def _is_nothing(value: Expression) -> bool:
    match value:
        case Name(path=path):
            return path.lower() in _NOTHING
        case Literal(value=""):
            return True
    return False


class _Sources(Reader):
    """What a derived field comes from."""

    def source_call(self) -> Call:
        function = self.token
        if function.kind != "name" or not self.followed_by("("):
            raise self.stop(SOURCE.at(self.span(function.start, self.end), say="form"))
        if function.text not in SOURCES:
            raise self._unknown(function)
        self.advance()
        opener = self.advance()
        field = self.value() if self.token.kind == "name" else None
        if not isinstance(field, Name) or "." not in field.path or self.meaning == ",":
            raise self.stop(SOURCE.at(self.span(opener.start, self.end), say="field"))
        self.close(opener)
        if self.token.kind != "end":
            raise self.stop(SOURCE.at(self.span(self.token.start, self.end), say="rest"))
        return Call(function.text, (field,), self.span(function.start, self.read_to), self.at(function))

    def _unknown(self, function: Token) -> Stop:
        near = nearest(function.text, SOURCES)
        if near:
            return self.stop(
                SOURCE.at(
                    self.at(function),
                    say="near",
                    seen=function.text,
                    meant=near,
                    fixes=renaming(self.at(function), function.text, near),
                )
            )
        return self.stop(SOURCE.at(self.at(function), seen=brief(function.text), known=listed(SOURCES)))
