"""Bound words and conditions in the author's own form again: the same text however it was laid out in its file."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.formula import (
    And,
    Compare,
    Const,
    DateConst,
    Default,
    Elapsed,
    Else,
    FieldRef,
    Format,
    Formula,
    Has,
    LocalDate,
    Not,
    OneOf,
    Or,
    Set,
    Today,
)
from campcompile.model import bound

_CALLS = {"years": "age", "months": "months_since", "days": "days_since"}


def condition_text(formula: Formula) -> str:
    """A condition as the language writes it: `appointment.status in ["booked", "confirmed"]`."""
    match formula:
        case And(of):
            return " and ".join(_grouped(part, Or) for part in of)
        case Or(of):
            return " or ".join(_grouped(part, And) for part in of)
        case Not(Set(of)):
            return f"{_value(of)} is not set"
        case Not(OneOf(of, choices)):
            return f"{_value(of)} not in {_list(choices)}"
        case Not(of):
            return f"not {_grouped(of, And, Or)}"
        case Set(of):
            return f"{_value(of)} is set"
        case OneOf(of, choices):
            return f"{_value(of)} in {_list(choices)}"
        case Compare(op, left, right):
            return f"{_value(left)} {op} {_value(right)}"
        case _:
            return _value(formula)


def line_text(inlines: bound.Inlines) -> str:
    """A line of words: merge fields in braces, conditions as tags, links as `[words](address)`."""
    return "".join(_inline(inline) for inline in inlines)


def prose_lines(text: bound.RichText) -> Iterator[str]:
    """Markdown, a line for each paragraph, heading and list item."""
    for block in text:
        match block:
            case bound.Paragraph(children):
                yield line_text(children)
            case bound.Heading(level, children):
                yield f"{'#' * level} {line_text(children)}"
            case bound.Bullets(items, start):
                for number, item in enumerate(items, start or 0):
                    mark = "-" if start is None else f"{number}."
                    yield from (f"{mark} {line_text(paragraph.children)}" for paragraph in item)


def target_text(target: bound.Target) -> str:
    """Where a link goes: an address, or the field that holds one for each recipient."""
    return target.address if target.print is None else target.print.field


def _inline(inline: bound.Inline) -> str:
    match inline:
        case bound.Words(text, _):
            return text
        case bound.Print():
            return f"{{{{ {inline.field}{f' | {inline.filter}' if inline.filter else ''} }}}}"
        case bound.When(arms, _):
            return "".join(_arm(arm, number) for number, arm in enumerate(arms)) + "{% endif %}"
        case bound.Strong(children):
            return f"**{line_text(children)}**"
        case bound.Emphasis(children):
            return f"*{line_text(children)}*"
        case bound.Link(target, children, _):
            return f"[{line_text(children)}]({target_text(target)})"
        case bound.Break():
            return "\n"


def _arm(arm: bound.Arm, number: int) -> str:
    if arm.condition is None:
        return f"{{% else %}}{line_text(arm.children)}"
    word = "elif" if number else "if"
    return f"{{% {word} {condition_text(arm.condition.formula)} %}}{line_text(arm.children)}"


def _grouped(formula: Formula, *weaker: type) -> str:
    return f"({condition_text(formula)})" if isinstance(formula, weaker) else condition_text(formula)


def _value(formula: Formula) -> str:
    match formula:
        case FieldRef(field):
            return field
        case Const(bool(value)):
            return "true" if value else "false"
        case Const(value):
            return f'"{value}"' if isinstance(value, str) else str(value)
        case DateConst(iso):
            return f'"{iso}"'
        case Default(of) | LocalDate(of) | Format(of=of) | Else(of):
            return _value(of)
        case Elapsed(unit, since, Today()):
            return f"{_CALLS[unit]}({_value(since)})"
        case Has(of, value):
            return f'has({_value(of)}, "{value}")'
        case And() | Or() | Not() | Compare() | Set() | OneOf():
            return f"({condition_text(formula)})"
        case _:
            return "practice value"


def _list(choices: tuple[str | int | float, ...]) -> str:
    return "[" + ", ".join(f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in choices) + "]"
