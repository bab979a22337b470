"""What an author meant where YAML can't be read: a finding, and a same-length patch with which reading goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import Enum

from campcompile.regex import regex
from campcompile.syntax.around import (
    KEY_LINE,
    LINE,
    QUOTED,
    block_end,
    comment_ends_text,
    flow_at,
    flow_end,
    indent_at,
    is_first_on_line,
    line_bounds,
    neighbours,
    runs_over_a_key,
    value_start,
)
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix
from campcompile.syntax.findings_syn import (
    CUT_OFF,
    DIRECTIVE,
    FOLDED,
    INDENTATION,
    NEEDS_QUOTES,
    NO_KEY,
    SEVERAL_DOCUMENTS,
    TAB,
    TAG,
    UNCLOSED,
    UNKNOWN_ESCAPE,
    UNREADABLE,
)
from campcompile.syntax.source import Source, Span
from campcompile.values import dataclass


class Trap(Enum):
    """What stopped the reading: the parser, or a text that it would silently read otherwise."""

    PARSER = "parser"
    TEMPLATE = "template"  # `{{ x }}` read as a mapping of a mapping
    FOLDED = "folded"  # `>`
    SWALLOWED = "swallowed"  # a quoted text that runs over the next key
    PAIR = "pair"  # `[a: b]`
    SENTENCE = "sentence"  # a key with a space in it, as an item of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Snag:
    """Where the reading of a file stopped."""

    trap: Trap
    at: int
    problem: str = ""
    context_at: int = -1
    scalar: tuple[int, int, str] = (-1, -1, "")  # start, end and style ("" for plain) of the last scalar read
    flows: tuple[int, ...] = ()  # where the open `[` and `{` stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """A finding, and how to read on: `patches` are (start, replacement), `meant` says which text a patch stands for."""

    finding: Diagnostic
    patches: tuple[tuple[int, str], ...]
    meant: Mapping[int, tuple[int, int]] = field(default_factory=dict)  # scalar start → its words, as plain text
    repeats: bool = False  # several of this kind on one line are several mistakes
    lost: tuple[Span, ...] = ()


_TIGHT_KEY = regex(r"(?P<key>[a-z_][\w.-]*):(?P<value>[^\s:/][^\n]*)")
_WIDE_KEY = regex(r"(?P<key>[a-z_][a-z0-9_-]*)：[ \t]*(?P<value>(?:[^#\s][^\n]*?)?)(?:[ \t]+#[^\n]*|[ \t]*)")
_LEADING_TAB = regex(r"^[ ]*\t[ \t]*(?=[^\s])", re.MULTILINE)
_CLOSING = {"[": "]", "{": "}"}


def mend(snag: Snag, source: Source, text: str) -> Mend | None:
    """The mend for a snag of `text`, the source with earlier patches; None where reading must end here."""
    match snag.trap:
        case Trap.TEMPLATE | Trap.PAIR:
            return _as_text(snag, source, text)
        case Trap.SENTENCE:
            return _as_text(snag, source, text, say="key")
        case Trap.FOLDED:
            return _folded(snag, source, text)
        case Trap.SWALLOWED:
            return _unclosed_quote(snag, snag.at, source, text)
        case Trap.PARSER:
            return _after_parser(snag, source, text)


def drop(source: Source, text: str, at: int, finding: Diagnostic) -> Mend:
    """Leave out the line at `at` with the lines that belong to it."""
    start, end = line_bounds(text, at)
    first = start + indent_at(text, start)
    patches = [(_comment_place(text, start, first), "#")]
    depth = first - start
    by_tabs = "\t" in source.text[start:first]  # how deep it was meant to be, nobody knows
    while end < len(text) and not by_tabs:
        next_start, next_end = line_bounds(text, end + 1)
        indent = indent_at(text, next_start)
        if next_start + indent < next_end:
            if indent <= depth:
                break
            patches.append((_comment_place(text, next_start, next_start + indent), "#"))
        if next_end <= end:
            break
        end = next_end
    return Mend(finding=finding, patches=tuple(patches), lost=(source.span(first, end),))


def _comment_place(text: str, line_start: int, first: int) -> int:
    """Where a `#` makes a comment of a line: before its first letter, and before a tab, which YAML refuses there."""
    tab = text.find("\t", line_start, first)
    return first if tab < 0 else tab


def quote(words: str) -> str:
    """`words` between quotes, so that YAML reads them just so."""
    if '"' not in words and "\\" not in words:
        return f'"{words}"'
    return "'" + words.replace("'", "''") + "'"


def _after_parser(snag: Snag, source: Source, text: str) -> Mend | None:
    """The parser's problem, told apart by its words and by the text around it."""
    at, problem = min(snag.at, len(text)), snag.problem
    if "tab character" in problem or text[at : at + 1] == "\t":
        return _tabs(at, source, text)
    if "document start" in problem:
        start = snag.scalar[0]
        wide = _WIDE_KEY.fullmatch(text, start, line_bounds(text, start)[1]) if start >= 0 else None
        return _wide_colon(wide, source, text) if wide else None
    if "end of stream" in problem or "unexpected document indicator" in problem:
        opener = snag.context_at
        return _unclosed_quote(snag, opener, source, text) if text[opener : opener + 1] in ("'", '"') else None
    if "escape" in problem or "hexdecimal" in problem:
        return _unknown_escape(snag, source, text)
    if (
        "directive" in problem
        or "incompatible YAML document" in problem
        or text.startswith("%", line_bounds(text, at)[0])
    ):
        return _directive(at, source, text)
    if "could not find expected ':'" in problem:
        return _without_key(snag.context_at, source, text)
    if (flow := flow_at(text, at, snag.flows)) is not None:
        return _in_flow(flow, at, source, text)
    return _in_block(snag, at, source, text)


def _in_block(snag: Snag, at: int, source: Source, text: str) -> Mend | None:
    start, end, style = snag.scalar
    runs_on = start >= 0 and end <= at and text.count("\n", start, end) and "\n" not in text[end:at]
    if runs_on and style == "" and not is_first_on_line(text, at):
        return _continued_line(start, at, source, text)
    if runs_on and style in ("'", '"'):
        return _as_text(snag, source, text, start=start)
    if at >= len(text):
        return None
    if is_first_on_line(text, at):
        return _without_key(at, source, text)
    return _as_text(snag, source, text)


def _continued_line(start: int, at: int, source: Source, text: str) -> Mend:
    """A `key:` on a line that continues a plain text: it is indented too far, or the text above lacks something."""
    above_start, above_end = line_bounds(text, start)
    if tight := _TIGHT_KEY.fullmatch(text, start, above_end):
        return _tight_key(tight, source, text)
    if wide := _WIDE_KEY.fullmatch(text, start, above_end):
        return _wide_colon(wide, source, text)
    line_start, line_end = line_bounds(text, at)
    first = line_start + indent_at(text, line_start)
    if KEY_LINE.match(text, first, line_end):
        above = LINE.match(text, above_start)
        key = (above["key"] or "").rstrip() if above else ""
        written = text[first : text.index(":", first) + 1]
        finding = INDENTATION.at(source.span(first, first + len(written)), written=written, columns="")
        if key:
            finding = INDENTATION.at(
                source.span(first, first + len(written)), say="deeper", written=written, above=f"{key}:"
            )
        return drop(source, text, at, finding)
    return drop(source, text, at, NEEDS_QUOTES.at(source.span(at, at + 1), say="lines", fix=""))


def _without_key(at: int, source: Source, text: str) -> Mend | None:
    """A line that begins wrongly: no key, no space after its colon, or another indentation than its neighbours."""
    start, end = line_bounds(text, at)
    first = start + indent_at(text, start)
    if first >= end:
        return None
    if tight := _TIGHT_KEY.fullmatch(text, first, end):
        return _tight_key(tight, source, text)
    if wide := _WIDE_KEY.fullmatch(text, first, end):
        return _wide_colon(wide, source, text)
    line = LINE.match(text, start)
    key_line = KEY_LINE.match(text, first, end)
    if key_line or text.startswith("- ", first):
        written = key_line.group().rstrip() if key_line else "-"
        columns = neighbours(text, start)
        span = source.span(first, first + len(written))
        return drop(source, text, at, INDENTATION.at(span, written=written, columns=columns))
    if line is not None and line["dashes"] and at > first:
        item = line.end("dashes")
        return _text_region(item, block_end(text, item), at, source, text)
    words_end = max(block_end(text, first), first + 1)
    if comment_ends_text(text, start):
        return drop(source, text, at, CUT_OFF.at(source.span(first, words_end), say="inside", cut="", fix=""))
    say = "" if text[first].isalnum() else "value"
    written = _shorten(source.text[first:words_end], 20)
    return drop(source, text, at, NO_KEY.at(source.span(first, words_end), say=say, written=written))


def _tight_key(tight: re.Match[str], source: Source, text: str) -> Mend:
    """`subject:Hello`: the first letter of the value makes room for the missing space."""
    start, end = tight.span("value")
    fix = f"{tight['key']}: {source.text[start:end]}"
    finding = NO_KEY.at(
        source.span(start - 1, start + 1),
        say="space",
        key=tight["key"],
        fix=_shorten(fix),
        fixes=(_replace("write a space", source.span(start, start), " ", Applicability.SAFE),),
    )
    if end - start < 2:
        return drop(source, text, start, finding)
    filler = " " + _filler(text[start + 1 : end])
    return Mend(finding=finding, patches=((start, filler),), meant={start + 1: _words(source.text, start, end)})


def _wide_colon(wide: re.Match[str], source: Source, text: str) -> Mend:
    """`subject：Hello`, as a Chinese keyboard writes it: a plain colon, and room for a space as in `_tight_key`."""
    at = wide.end("key")
    start, end = wide.span("value")
    finding = NO_KEY.at(
        source.span(at, at + 1),
        say="wide",
        fix=_shorten(f"{wide['key']}: {source.text[start:end]}".rstrip()),
        fixes=(
            _replace("write a plain colon", source.span(at, start), ": " if end > start else ":", Applicability.SAFE),
        ),
    )
    if start > at + 1 or start == end:
        return Mend(finding=finding, patches=((at, ":"),))
    if end - start < 2:
        return drop(source, text, start, finding)
    filler = ": " + _filler(text[start + 1 : end])
    return Mend(finding=finding, patches=((at, filler),), meant={start + 1: _words(source.text, start, end)})


def _in_flow(flow: tuple[list[int], int], at: int, source: Source, text: str) -> Mend | None:
    """Trouble between brackets: one that is never closed, or a value that needs quotes."""
    openers, entry = flow
    opener = openers[-1]
    crossed = text[at : at + 1] in ("]", "}") and text[at] != _CLOSING[text[opener]]
    if crossed or runs_over_a_key(text, opener, at):
        line_start, line_end = line_bounds(text, opener)
        outer = next(start for start in openers if start >= line_start)
        finding = _unclosed_bracket(opener, source)
        end = block_end(text, outer)
        patches = ((outer, _filler(text[outer:end])),)
        return Mend(finding=finding, patches=patches, lost=(source.span(outer, line_end),))
    if at >= len(text):
        return None
    first = text[entry : entry + 1]
    closing = re.compile(rf"{first}(?=\s*[,\]}}])").search(text, at) if first in ("'", '"') else None
    end = closing.end() if closing and "\n" not in text[entry : closing.end()] else flow_end(text, entry)
    if end <= entry:
        finding = NO_KEY.at(source.span(at, at + 1), say="value", written=text[at])
        return Mend(finding=finding, patches=((at, " "),)) if text[at] == "," else None
    return _text_region(entry, end, at, source, text, in_flow=True)


def _as_text(snag: Snag, source: Source, text: str, *, start: int = -1, say: str = "") -> Mend | None:
    """The value at the snag read as the plain text that it was meant to be."""
    at = snag.at
    if start < 0 and (flow := flow_at(text, at, snag.flows)) is not None:
        start = at if snag.trap is not Trap.PARSER else flow[1]
        return _text_region(start, flow_end(text, start), at, source, text, say=say, in_flow=True)
    if start < 0:
        start = at if snag.trap is not Trap.PARSER else value_start(text, at)
    return _text_region(start, block_end(text, max(start, at)), at, source, text, say=say)


def _text_region(
    start: int, end: int, at: int, source: Source, text: str, *, say: str = "", in_flow: bool = False
) -> Mend | None:
    if end <= start:
        return None
    first = source.text[start]
    low, high = _words(source.text, start, end)
    words = source.text[low:high]
    line_start, _ = line_bounds(text, start)
    prefix = source.text[line_start + indent_at(text, line_start) : start]
    if in_flow:
        prefix = re.split(r"[\[{,]\s*", prefix)[-1]
    fix = _shorten(" ".join(f"{prefix}{quote(words)}".split("\n")), 160)
    span, say, written = _what_is_wrong(source, start, end, at, say)
    if say == "tag":
        finding = TAG.at(span, written=written, fix=fix)
    else:
        finding = NEEDS_QUOTES.at(
            span,
            say=say,
            written=written,
            fix=fix,
            fixes=(_replace("put quotes around it", source.span(start, end), quote(words), Applicability.SAFE),)
            if "\n" not in words
            else (),
        )
    lost: tuple[Span, ...] = ()
    if (first in "[{" and source.text[start : start + 2] not in ("{{", "{%") and "](" not in words) or say == "dash":
        lost = (source.span(start, end),)  # a list or mapping may have been meant
    return Mend(finding=finding, patches=((start, _filler(text[start:end])),), meant={start: (low, high)}, lost=lost)


def _what_is_wrong(source: Source, start: int, end: int, at: int, say: str) -> tuple[Span, str, str]:
    """The smallest wrong text of a value that needs quotes, and which message says so."""
    text = source.text
    first = text[start]
    if say == "key":
        colon = re.compile(r"\s*:(?=\s|$)").search(text, start, end)
        return source.span(start, colon.end() if colon else end), "key", text[start : colon.start() if colon else end]
    if text[start : start + 2] in ("{{", "{%"):
        return source.span(start, start + 2), "brace", text[start : start + 2]
    if first in ("'", '"'):
        closing = QUOTED.match(text, start, end)
        if text[end - 1] == first and closing is not None and closing.end() < end:
            return source.span(closing.end() - 1, closing.end()), "quote", first
        return source.span(min(max(at, start), end), end), "after-quote", first
    if first == "!":
        written = text[start:end].split()[0]
        return source.span(start, start + len(written)), "tag", written
    if first in "%@`,]}":
        return source.span(start, start + 1), "character", first
    if first in "|>":
        return source.span(start, start + 1), "block", first
    if first in "-?" and text[start + 1 : start + 2].isspace():
        return source.span(start, start + 1), "dash" if first == "-" else "character", first
    if first in "[{*&":
        written = "**" if text.startswith("**", start) else first
        return source.span(start, start + len(written)), "markdown", written
    if text[at : at + 1] in ("[", "]", "{", "}", '"', "'"):
        return source.span(at, at + 1), "bracket", text[at]
    colon = re.compile(r":(?=\s|$)").search(text, start, end)
    place = colon.start() if colon else min(at, end - 1)
    return source.span(place, place + 1), "", ""


def _folded(snag: Snag, source: Source, text: str) -> Mend:
    header = re.compile(r">[-+0-9]*").match(text, snag.at)
    end = header.end() if header else snag.at + 1
    span = source.span(snag.at, end)
    fix = _replace("use `|`", source.span(snag.at, snag.at + 1), "|", Applicability.SAFE)
    return Mend(finding=FOLDED.at(span, written=source.quote(span), fixes=(fix,)), patches=((snag.at, "|"),))


def _unclosed_bracket(opener: int, source: Source) -> Diagnostic:
    bracket = source.text[opener]
    return UNCLOSED.at(source.span(opener, opener + 1), say="mark", opening=bracket, closing=_CLOSING[bracket])


def _unclosed_quote(snag: Snag, opener: int, source: Source, text: str) -> Mend | None:
    mark = text[opener]
    in_flow = flow_at(text, opener, snag.flows) is not None
    end = flow_end(text, opener) if in_flow else block_end(text, opener)
    line_start, _ = line_bounds(text, opener)
    prefix = source.text[line_start + indent_at(text, line_start) : opener]
    low, high = _words(source.text, opener, end)
    low = max(low, opener + 1)
    finding = UNCLOSED.at(
        source.span(opener, opener + 1),
        say="mark" if in_flow else "",
        opening=mark,
        closing=mark,
        fix=_shorten(f"{prefix}{source.text[opener:end]}{mark}", 160),
        fixes=(_replace("close the quote", source.span(end, end), mark, Applicability.UNSAFE),),
    )
    meant = {opener: (low, max(low, high))}
    return Mend(finding=finding, patches=((opener, _filler(text[opener:end])),), meant=meant)


def _unknown_escape(snag: Snag, source: Source, text: str) -> Mend | None:
    at = text.rfind("\\", max(snag.context_at, 0), snag.at + 1)
    if at < 0 or snag.context_at < 0:
        return None
    found = re.compile(
        r"\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[0-9A-Fa-f]{4}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[xuU][0-9A-Fa-f]*|[^\n])"
    ).match(source.text, at)
    written = found.group() if found else "\\"
    code = int(written[2:].split("\\")[0], 16) if written[1:2] in ("u", "U") and len(written) > 5 else 0
    finding = UNKNOWN_ESCAPE.at(
        source.span(at, at + len(written)), say="surrogate" if 0xD800 <= code < 0xE000 else "", written=written
    )
    return Mend(finding=finding, patches=((at, "x" * len(written)),), repeats=True)


def _directive(at: int, source: Source, text: str) -> Mend:
    start, end = line_bounds(text, at)
    written = source.text[start:end].split(" #")[0].rstrip()
    return drop(source, text, at, DIRECTIVE.at(source.span(start, start + len(written)), written=written))


def _tabs(at: int, source: Source, text: str) -> Mend:
    """Tabs that indent: read as one space each, in all lines; one finding for each run of lines is enough."""
    start, end = line_bounds(text, at)
    if not text[start:end].strip():
        finding = TAB.at(
            source.span(start, end),
            say="blank",
            fixes=(_replace("delete it", source.span(start, end), "", Applicability.SAFE),),
        )
        return Mend(finding=finding, patches=((start, " " * (end - start)),))
    if text[start:at].strip():
        span = source.span(at, at + 1)
        fix = _replace("write a space", span, " ", Applicability.SAFE)
        return Mend(finding=TAB.at(span, say="inside", fixes=(fix,)), patches=((at, " "),))
    runs = [found for found in _LEADING_TAB.finditer(text) if found.start() >= start]
    run: list[re.Match[str]] = []
    for found in runs:
        if run and text[run[-1].end() : found.start()].count("\n") > 1:
            break
        run.append(found)
    edits = tuple(Edit(source.span(found.start(), found.end()), found.group().expandtabs(2)) for found in run)
    first_tab = run[0].start() + run[0].group().index("\t") if run else at
    end = run[0].end() if run else at + 1
    others = len(run) - 1
    finding = TAB.at(
        source.span(first_tab, end),
        say="run" if others > 0 else "",
        more="one line" if others == 1 else f"{others} lines",
        fixes=(Fix("write two spaces for each tab", edits, Applicability.UNSAFE),) if edits else (),
    )
    patches = tuple((found.start(), " " * len(found.group())) for found in run) or ((at, " "),)
    return Mend(finding=finding, patches=patches)


def end_of_reading(snag: Snag, source: Source) -> Diagnostic:
    """The finding for a snag after which nothing more can be read."""
    at = min(snag.at, len(source.text))
    _, end = line_bounds(source.text, at)
    if "document start" in snag.problem:
        return SEVERAL_DOCUMENTS.at(source.span(at, max(end, at)), say="after")
    if at >= len(source.text) and snag.flows:
        return _unclosed_bracket(snag.flows[-1], source)
    return UNREADABLE.at(source.span(min(at, end), end), problem=snag.problem or "the reader stopped here")


def _words(text: str, start: int, end: int) -> tuple[int, int]:
    """The words of a value, without the quotes that surround it."""
    if end - start >= 2 and text[start] in "'\"" and text[end - 1] == text[start]:
        return start + 1, end - 1
    return start, end


def _filler(text: str) -> str:
    """A plain text of the same length and lines."""
    return re.sub(r"\S", "x", text)


def _replace(title: str, span: Span, text: str, applicability: Applicability) -> Fix:
    return Fix(title, (Edit(span, text),), applicability)


def _shorten(text: str, limit: int = 100) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def patched(text: str, patches: Iterable[tuple[int, str]]) -> str:
    """The text with each patch laid over it; its length stays."""
    pieces: list[str] = []
    at = 0
    for start, replacement in sorted(patches):
        pieces += (text[at:start], replacement)
        at = start + len(replacement)
    return "".join((*pieces, text[at:]))
