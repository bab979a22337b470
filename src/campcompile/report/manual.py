"""Manual pages for a terminal: the Markdown that rules carry, with headings, code and lists set apart."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby

from campcompile.report.paint import Paint
from campcompile.report.width import printed
from campcompile.syntax.findings import Rule

_SENTENCE_END = re.compile(r"(?<=[\w`)]{3})\. ")  # not behind "Dr"
_HEADING = re.compile(r"\n*^(#+ .*)\n*", re.MULTILINE)
_BLANKS: Mapping[str, str] = defaultdict(lambda: "…")  # stands for the values of a message


def manual_lines(rule: Rule, *, colour: bool = False, width: int = 80) -> Iterator[str]:
    """The whole page of one rule, wrapped to `width` cells."""
    paint = Paint(colour)
    yield f"{paint.severity(rule.severity, f'{rule.severity.value}[{rule.code}]')} {paint('bold', rule.slug)}"
    yield from _markdown(rule.manual, paint, width)
    yield ""
    yield paint("blue", "What it says")
    messages = (rule.message, *(message for message, _ in rule.also.values()))
    for said in dict.fromkeys(message.format_map(_BLANKS) for message in messages):
        yield from _wrapped(f"- {said}", width)
    if not rule.suppressible:
        yield ""
        yield "This finding can't be waived."


def first_sentence(rule: Rule) -> str:
    """What a rule does, in one line: the first sentence of its page, else its message."""
    _, _, rest = rule.manual.partition("## What it does")
    paragraph = " ".join(rest.strip().partition("\n\n")[0].split())
    return _SENTENCE_END.split(paragraph, maxsplit=1)[0].rstrip(".") or rule.message.format_map(_BLANKS)


def _markdown(text: str, paint: Paint, width: int) -> Iterator[str]:
    """Headings, fenced code, list items and paragraphs: all that a manual page has."""
    inside_code = False
    for is_code, lines in groupby(text.splitlines(), key=lambda line: line.startswith("```")):
        if is_code:
            inside_code = not inside_code
        elif inside_code:
            yield from (f"    {paint('cyan', printed(line))}".rstrip() for line in lines)
        else:
            yield from _prose(list(lines), paint, width)


def _prose(lines: list[str], paint: Paint, width: int) -> Iterator[str]:
    below_heading = True
    set_apart = _HEADING.sub(r"\n\n\1\n\n", "\n".join(lines))
    for paragraph in set_apart.strip().split("\n\n"):
        if paragraph.startswith("#"):
            yield ""
            yield paint("blue", paragraph.lstrip("# "))
        elif paragraph:
            if not below_heading:
                yield ""
            items = paragraph.removeprefix("- ").split("\n- ") if paragraph.startswith("- ") else []
            for text in [f"- {item}" for item in items] or [paragraph]:
                yield from _wrapped(text, width)
        below_heading = paragraph.startswith("#")


def _wrapped(text: str, width: int) -> Iterator[str]:
    hanging = "    " if text.startswith("- ") else "  "
    yield from textwrap.wrap(
        printed(" ".join(text.split())),
        width,
        initial_indent="  ",
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
