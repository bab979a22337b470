"""Reads the operands of an expression, token by token: names, literals and calls; condition.py adds the logic."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from campcompile.regex import regex
from campcompile.syntax.expression import Call, Expression, Literal, Name
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix
from campcompile.syntax.findings_tpl import (
    CONDITION_FORM,
    FIELD_NAME,
    FUNCTION,
    MISSING_TEST,
    OPERATOR_SPELLING,
    QUOTES,
    TOO_MUCH,
    UNSAFE_INTERPOLATION,
)
from campcompile.syntax.jinja import Token, brief, tokens
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import MappedText, Span
from campcompile.syntax.suggest import nearest

MAX_DEPTH = 32
FUNCTIONS = {
    "age": "age(patient.birth_date)",
    "days_since": "days_since(patient.last_visit)",
    "months_since": "months_since(patient.last_visit)",
    "has": 'has(patient.topics, "sleep")',
    "segment": 'segment("annual-check-due")',
}
ARITHMETIC = frozenset({"+", "-", "*", "/", "//", "**", "%", "~"})
COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})

_KEYWORDS = frozenset({"and", "or", "not", "in", "is", "true", "false"})
_MEANT = {
    "=": "==", "===": "==", "<>": "!=", "=>": ">=", "=<": "<=", "≥": ">=", "≤": "<=", "≠": "!=",
    "&&": "and", "&": "and", "||": "or", "!": "not", "＝": "==", "＝＝": "==", "（": "(", "）": ")", "，": ",",
}  # fmt: skip
_QUOTE_MARKS = frozenset("\"'“”„‟«»‘’‚‹›")
_NUMBER = regex(r"(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?", re.ASCII)
_ESCAPE = regex(r"\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\\'\"nt])")


class Stop(Exception):
    """The expression can't be read on; the finding that says why is already taken down."""


class Reader:
    """Reads the operands of one expression; `found` are its findings so far."""

    def __init__(self, text: MappedText, start: int, end: int) -> None:
        self.found: list[Diagnostic] = []
        self.span = text.span
        self._text = text.text
        self._within = text.within
        self._begin = text.span(0, 0).start if not text.within else -1
        self._tokens = tokens(text.text, start, end)
        self.end = self._tokens[-1].end if self._tokens else start
        self._tokens.append(Token("end", "", self.end, self.end))
        self._at = 0
        self.depth = 0
        self.token = self._tokens[0]
        self.meaning = _meaning(self.token)  # of the token to come
        self.read_to = start  # where the last token read ends

    # The stream of tokens

    def advance(self) -> Token:
        token = self.token
        self._at += 1
        self.token = self._tokens[self._at]
        self.meaning = _meaning(self.token)
        self.read_to = token.end
        return token

    def peek(self) -> Token:
        """The token after the next."""
        return self._tokens[min(self._at + 1, len(self._tokens) - 1)]

    def followed_by(self, meaning: str) -> bool:
        return _meaning(self.peek()) == meaning

    def take(self, meaning: str) -> Token | None:
        """The next token if it means that; another spelling is taken down and read as meant."""
        if self.meaning != meaning:
            return None
        token = self.advance()
        if token.text != meaning:
            self.respell(token, meaning)
        return token

    def stop(self, finding: Diagnostic) -> Stop:
        self.found.append(finding)
        return Stop()

    def at(self, token: Token) -> Span:
        return self.span(token.start, token.end)

    def text_before(self, token: Token, count: int) -> str:
        return self._text[max(token.start - count, 0) : token.start]

    def written(self) -> str:
        """The whole expression, for messages."""
        return brief(self._text[self._tokens[0].start : self.end])

    def respell(self, token: Token, meaning: str) -> None:
        """Take down that `token`, just read, should be spelt as `meaning`."""
        span = self.at(token)
        text = meaning
        if meaning.isalpha() and not token.text.isalpha():  # a&&b
            before = self._tokens[max(self._at - 2, 0)]
            joined = before.end == token.start and before.kind != "op"
            text = " " * joined + text + " " * (self.token.start == token.end)
        fix = Fix(f"write `{meaning}`", (Edit(span, text),), Applicability.SAFE)
        self.found.append(OPERATOR_SPELLING.at(span, seen=token.text, meant=meaning, fixes=(fix,)))

    # Values

    def operand(self) -> Expression:
        operand = self.value()
        text = self.token.text
        if text in ARITHMETIC:
            raise self.computes(operand)
        if text == "|":
            raise self.stop(CONDITION_FORM.at(self.at(self.token), say="filter"))
        if text in (".", "[", "("):
            raise self.stop(UNSAFE_INTERPOLATION.at(self.at(self.token).cover(operand.span), say="inside"))
        return operand

    def computes(self, operand: Expression) -> Stop:
        sign, following = self.token, self.peek()
        joined = isinstance(operand, Name) and sign.text == "-" and following.kind == "name"
        if joined and operand.span.end == self.at(sign).start and following.start == sign.end:
            assert isinstance(operand, Name)
            span = operand.span.cover(self.at(following))
            meant = f"{operand.path}_{following.text}"
            seen = f"{operand.path}-{following.text}"
            return self.stop(FIELD_NAME.at(span, say="hyphen", seen=brief(seen), meant=brief(meant)))
        return self.stop(UNSAFE_INTERPOLATION.at(self.at(sign), say="arithmetic", seen=sign.text))

    def value(self) -> Expression:
        token = self.token
        match token.kind:
            case "name" if self.meaning in ("true", "false"):
                self.take(self.meaning)
                return Literal(token.text.lower() == "true", self.at(token))
            case "name" if self.meaning not in _KEYWORDS:
                return self._name_or_call()
            case "text":
                self.advance()
                return Literal(self._decoded(token), self.at(token))
            case "number":
                self.advance()
                return self._number(token, token)
            case "curly":
                self.advance()
                self.found.append(
                    QUOTES.at(
                        self.at(token),
                        say="curly",
                        meant=f'"{token.text[1:-1]}"',
                        fixes=self._in_quotes(self.at(token), token.text[1:-1]),
                    )
                )
                return Literal(token.text[1:-1], self.at(token))
        if token.text == "-" and self.peek().kind == "number":
            self.advance()
            return self._number(token, self.advance())
        if self.meaning == "(":
            return self.in_brackets()
        raise self._no_value(token)

    def in_brackets(self) -> Expression:
        """What stands in round brackets: nothing but a condition does, and a plain value is none."""
        raise self.left_over()

    def _name_or_call(self) -> Expression:
        token = self.advance()
        name = self.name(token)
        if self.meaning == "(":
            return self._call(name, token.start)
        return name

    def name(self, token: Token) -> Name:
        path, end = token.text, token.end
        while self.token.text == "." and self.peek().kind == "name":  # `patient . name` is Jinja's too
            self.advance()
            end = self.token.end
            path += "." + self.advance().text
        span = self.span(token.start, end)
        if "__" in path and any(part.startswith("__") for part in path.split(".")):
            raise self.stop(UNSAFE_INTERPOLATION.at(span, say="inside"))
        following = self.token
        if following.kind == "name" and following.text not in ("if", "else") and self.meaning not in _KEYWORDS:
            raise self._two_names(path, span)
        return Name(path, span)

    def _two_names(self, path: str, span: Span) -> Stop:
        whole = span.cover(self.at(self.token))
        if self.token.text in ("set", "defined"):
            return self.stop(MISSING_TEST.at(whole, test="is set", name=path))
        words = [path]
        while self.token.kind == "name" and self.meaning not in _KEYWORDS and len(words) < 6:
            whole = whole.cover(self.at(self.token))
            words.append(self.advance().text)
        return self.stop(FIELD_NAME.at(whole, seen=brief(" ".join(words)), meant=brief("_".join(words))))

    def _call(self, name: Name, start: int) -> Expression:
        opener = self.token
        if name.path not in FUNCTIONS:
            raise self._unknown_function(name)
        self.enter(opener)
        self.take("(")
        if name.path == "segment" and self.token.kind == "name":
            raise self._bare_segment()
        args: list[Expression] = []
        while self.meaning != ")" and self.token.kind != "end":
            args.append(self.operand())
            if not self.take(","):
                break
        self.close(opener)
        self.depth -= 1
        span = self.span(start, self.read_to)
        self._check_arguments(name, args, span)
        return Call(name.path, tuple(args), span, name.span)

    def _bare_segment(self) -> Stop:
        start = self.token.start
        while self.token.kind == "name" or self.token.text == "-":
            self.advance()
        seen = self._text[start : self.read_to]
        return self.stop(
            QUOTES.at(
                self.span(start, self.read_to),
                say="bare",
                seen=brief(seen),
                fixes=self._in_quotes(self.span(start, self.read_to), seen),
            )
        )

    def _unknown_function(self, name: Name) -> Stop:
        if "." in name.path:
            return self.stop(UNSAFE_INTERPOLATION.at(name.span, say="inside"))
        if name.path.lower() in ("today", "now"):
            return self.stop(FUNCTION.at(name.span, say="today", seen=name.path))
        near = nearest(name.path, FUNCTIONS)
        if near:
            return self.stop(
                FUNCTION.at(
                    name.span, say="near", seen=name.path, meant=near, fixes=renaming(name.span, name.path, near)
                )
            )
        return self.stop(FUNCTION.at(name.span, seen=brief(name.path), known=listed(FUNCTIONS)))

    def _check_arguments(self, name: Name, args: list[Expression], span: Span) -> None:
        match name.path, args:
            case (("age" | "days_since" | "months_since"), [Name()]):
                return
            case "has", [Name(), Literal()]:
                return
            case "segment", [Literal(value=str())]:
                return
            case "has", [Name(), Name(path=bare, span=bare_span)] if "." not in bare:
                args[1] = self.quoted(Name(bare, bare_span))
                return
        raise self.stop(FUNCTION.at(span, say="arguments", seen=name.path, example=FUNCTIONS[name.path]))

    def _number(self, first: Token, digits: Token) -> Literal:
        span = self.span(first.start, digits.end)
        if not _NUMBER.fullmatch(digits.text):
            raise self.stop(CONDITION_FORM.at(span, say="number", seen=brief(digits.text)))
        value = float(digits.text) if "." in digits.text else int(digits.text)
        return Literal(-value if first.text == "-" else value, span)

    def _decoded(self, token: Token) -> str:
        body = token.text[1:-1]
        if "\\" not in body:
            return body
        if "\\" in _ESCAPE.sub("", body):
            raise self.stop(QUOTES.at(self.at(token), say="escape"))
        return _ESCAPE.sub(lambda escape: codecs.decode(escape.group(), "unicode-escape"), body)

    def quoted(self, value: Expression) -> Expression:
        """A bare word on the right of a comparison, `== booked`, is a text whose quotes were forgotten."""
        if not isinstance(value, Name) or "." in value.path or value.path == "goal":
            return value
        if value.path in ("yes", "Yes", "YES", "no", "No"):  # NO is Norway
            meant = "true" if value.path.lower() == "yes" else "false"
            fix = Fix(f"write `{meant}`", (Edit(value.span, meant),), Applicability.SAFE)
            self.found.append(OPERATOR_SPELLING.at(value.span, seen=value.path, meant=meant, fixes=(fix,)))
            return Literal(meant == "true", value.span)
        self.found.append(
            QUOTES.at(value.span, say="bare", seen=brief(value.path), fixes=self._in_quotes(value.span, value.path))
        )
        return Literal(value.path, value.span)

    def _in_quotes(self, span: Span, words: str) -> tuple[Fix, ...]:
        """Straight quotes around a text: of the kind that the YAML around it leaves free."""
        mark = "'" if self._within == '"' else '"'
        if "\\" in words or mark in words or span.start <= self._begin:  # there, YAML would take them for its own
            return ()
        return (Fix("put straight quotes around it", (Edit(span, f"{mark}{words}{mark}"),), Applicability.SAFE),)

    # What can't be read

    def enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.stop(TOO_MUCH.at(self.at(token), limit=str(MAX_DEPTH)))

    def close(self, opener: Token) -> Token:
        closer = "]" if opener.text == "[" else ")"
        found = self.take(closer)
        if found:
            return found
        if self.token.kind == "end":
            raise self.stop(CONDITION_FORM.at(self.at(opener), say="unclosed", seen=opener.text, meant=closer))
        raise self.left_over()

    def _no_value(self, token: Token) -> Stop:
        span = self.at(token)
        if token.kind == "end":
            before = self._tokens[self._at - 1]
            return self.stop(CONDITION_FORM.at(self.at(before), say="half", seen=before.text))
        if token.text in _QUOTE_MARKS:
            return self.stop(QUOTES.at(span, say="unclosed", seen=token.text))
        if token.text in ARITHMETIC:
            return self.stop(UNSAFE_INTERPOLATION.at(span, say="arithmetic", seen=token.text))
        if token.text in ("[", "{"):
            return self.stop(FIELD_NAME.at(span, say="placeholder", seen=token.text))
        return self.stop(CONDITION_FORM.at(span, say="value", seen=token.text))

    def left_over(self) -> Stop:
        token = self.token
        span, meaning = self.at(token), self.meaning
        if token.text in _QUOTE_MARKS:
            return self.stop(QUOTES.at(span, say="unclosed", seen=token.text))
        if meaning == "is" or meaning == "in" or meaning in COMPARISONS:
            return self.stop(CONDITION_FORM.at(span, say="second-test", seen=token.text))
        if token.text in ("if", "else"):
            return self.stop(CONDITION_FORM.at(span, say="inline-if", seen=token.text))
        if token.text in ("(", "[", "."):
            return self.stop(UNSAFE_INTERPOLATION.at(span, say="inside"))
        return self.stop(CONDITION_FORM.at(span, seen=brief(token.text)))


def _meaning(token: Token) -> str:
    """What a token means in the language, however it is spelt: `AND`, `&&` and `and` are all "and"."""
    text = token.text
    if token.kind == "name":
        return text.lower() if text.lower() in _KEYWORDS else text
    return _MEANT.get(text, text)


def listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
