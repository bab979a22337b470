"""What stands between `{{` and `}}`: one field, and perhaps one filter."""

from __future__ import annotations

import re

from campcompile.regex import regex
from campcompile.syntax.condition import SOURCES
from campcompile.syntax.expression import Name
from campcompile.syntax.findings import Checked
from campcompile.syntax.findings_tpl import BROKEN_TAG, FIELD_NAME, FILTER, PRINT_FORM, UNSAFE_INTERPOLATION
from campcompile.syntax.jinja import Token, brief
from campcompile.syntax.operands import ARITHMETIC, COMPARISONS, FUNCTIONS, Reader, Stop, listed
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import MappedText, Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.words import Merge

FILTERS = ("date", "weekday", "time", "elapsed")
_SIMPLE = regex(r"(?P<name>[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)(?:\s*\|\s*(?P<filter>date|weekday|time|elapsed))?")
_UNESCAPING = frozenset({"safe", "unescape"})
_MEANT = {
    "strftime": "date", "date_format": "date", "dateformat": "date", "format_date": "date", "formatdate": "date",
    "dato": "date", "jour": "weekday", "ukedag": "weekday", "dag": "weekday", "tid": "time", "klokkeslett": "time",
    "heure": "time", "日期": "date", "時間": "time", "星期": "weekday",
    "day": "weekday", "hour": "time", "time_format": "time", "timesince": "elapsed",
}  # fmt: skip
_ESCAPING = frozenset({"escape", "e", "forceescape", "urlencode"})


def parse_merge(text: MappedText, start: int, end: int) -> Checked[Merge | None]:
    """The merge field that `text.text[start:end]`, the inside of the braces without white space, is."""
    if simple := _SIMPLE.fullmatch(text.text, start, end):
        return Checked(_simple(text, simple))
    reader = _Merges(text, start, end)
    try:
        return Checked(reader.merge(), tuple(reader.found))
    except Stop:
        return Checked(None, tuple(reader.found))


def _simple(text: MappedText, match: re.Match[str]) -> Merge:
    """The merge field that nearly all are, made quick; test_template.py holds it to the reader's verdict."""
    name = Name(match["name"], text.span(*match.span("name")))
    filter_at = match.span("filter") if match["filter"] else (match.end("name"), match.end("name"))
    return Merge(name, match["filter"] or "", text.span(*filter_at), text.span(*match.span()))


class _Merges(Reader):
    def merge(self) -> Merge:
        token = self.token
        if token.kind != "name" or self.meaning in ("not", "true", "false"):
            raise self._no_field(token)
        if self.peek().text == "(":
            raise self._call_in_merge(token)
        self.advance()
        name = self.name(token)
        filter_span = self.span(self.read_to, self.read_to)
        filter_name = ""
        if self.token.text == "|":
            filter_name, filter_span = self._filter(name)
        elif self.token.kind != "end":
            raise self._after_name(name)
        return Merge(name, filter_name, filter_span, self.span(token.start, self.end))

    def _filter(self, name: Name) -> tuple[str, Span]:
        bar = self.advance()
        token = self.token
        if token.kind != "name":
            self.found.append(FILTER.at(self.at(bar), say="none"))
            return "", self.at(bar)
        self.advance()
        span = self.at(token)
        if token.text not in FILTERS:
            return self._unknown_filter(token, name), span
        if self.token.text == "|":
            self.found.append(FILTER.at(self.span(self.token.start, self.end), say="second"))
        elif self.token.text == "(":
            self.found.append(FILTER.at(self.span(self.token.start, self.end), say="arguments", seen=token.text))
        elif self.token.kind != "end":
            raise self._after_name(name)
        return token.text, span

    def _unknown_filter(self, token: Token, name: Name) -> str:
        """Take it down; the filter that was surely meant, so that its field isn't reported for lack of one."""
        seen, span = token.text, self.at(token)
        near = _MEANT.get(seen.lower()) or nearest(seen, FILTERS)
        if seen in _UNESCAPING:
            finding = UNSAFE_INTERPOLATION.at(span, say="safe", seen=seen)
        elif seen in _ESCAPING:
            finding = FILTER.at(span, say="escape", seen=seen)
        elif seen in ("default", "d"):
            finding = FILTER.at(span, say="default", seen=seen, name=name.path)
        elif near:
            finding = FILTER.at(span, say="near", seen=seen, meant=near, fixes=renaming(span, seen, near))
        else:
            finding = FILTER.at(span, seen=brief(seen), known=listed(FILTERS))
        self.found.append(finding)
        return near if finding.say == "near" else ""

    def _after_name(self, name: Name) -> Stop:
        token = self.token
        if token.text in ARITHMETIC:
            return self.computes(name)
        if self.meaning in COMPARISONS or self.meaning in ("and", "or", "is", "in", "not", "if", "else"):
            return self.stop(PRINT_FORM.at(self.span(token.start, self.end), say="condition", seen=token.text))
        if token.text in (".", "[", "("):
            return self.stop(UNSAFE_INTERPOLATION.at(self.span(token.start, self.end), say="inside"))
        return self.stop(PRINT_FORM.at(self.span(token.start, self.end), say="rest", seen=brief(token.text)))

    def _call_in_merge(self, token: Token) -> Stop:
        if token.text in FUNCTIONS or token.text in SOURCES:
            say = "test" if token.text in ("has", "segment") else "call"
            return self.stop(PRINT_FORM.at(self.at(token), say=say, seen=token.text))
        return self.stop(UNSAFE_INTERPOLATION.at(self.at(token), say="call", seen=brief(token.text)))

    def _no_field(self, token: Token) -> Stop:
        whole = self.span(token.start, self.end)
        alone = self.peek().kind == "end"
        if token.text == "{":
            start = token.start - 2 if self.text_before(token, 2) == "{{" else token.start
            return self.stop(BROKEN_TAG.at(self.span(start, token.end), say="three"))
        if token.text == "(":
            return self.stop(PRINT_FORM.at(self.at(token), say="brackets"))
        if token.text in ("[", "<") and not any(char in self.written() for char in "|,"):
            return self.stop(FIELD_NAME.at(whole, say="placeholder", seen=self.written()))
        if token.kind in ("text", "number", "curly") and alone:
            return self.stop(PRINT_FORM.at(whole, say="words"))
        if token.kind == "name":
            return self.stop(PRINT_FORM.at(whole, say="condition", seen=token.text))
        if alone:
            return self.stop(PRINT_FORM.at(whole, seen=token.text))
        return self.stop(UNSAFE_INTERPOLATION.at(whole, seen=self.written()))
