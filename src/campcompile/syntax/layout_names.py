"""The names that a layout reads, and whether anything gives them a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from campcompile.syntax import findings_lay as lay
from campcompile.syntax.expression import And, Call, Compare, Expression, IsSet, Membership, Name, Not, Or
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.layout_tree import LayoutFile
from campcompile.syntax.renaming import renaming
from campcompile.syntax.suggest import listed, nearest


def names_in(expression: Expression | None) -> Iterator[Name]:
    """The names of a condition, in reading order."""
    waiting: list[Expression] = [expression] if expression is not None else []
    while waiting:
        match waiting.pop():
            case Name() as name:
                yield name
            case Call(args=args):
                waiting.extend(reversed(args))
            case Compare(first=first, rest=rest):
                waiting.extend(operand for _, operand in reversed(rest))
                waiting.append(first)
            case Membership(operand=operand) | IsSet(operand=operand) | Not(operand=operand):
                waiting.append(operand)
            case And(operands=operands) | Or(operands=operands):
                waiting.extend(reversed(operands))


def resolved(path: str, loops: Sequence[tuple[str, str]]) -> str:
    """What `path` is called outside of `loops`, pairs of a variable and its list, outermost first.

    Example: `item.label` in [("item", "items")] is `items[].label`.
    """
    for index in reversed(range(len(loops))):
        variable, items = loops[index]
        head, dot, rest = path.partition(".")
        if head == variable:
            path = f"{items}[]{dot}{rest}"
    return path


def check_names(file: LayoutFile, known: Iterable[str]) -> tuple[Diagnostic, ...]:
    """Findings about names that are not among `known`; `words.*` there allows all that begins with `words.`."""
    names = frozenset(known)
    families = tuple(name.removesuffix("*") for name in names if name.endswith(".*"))
    some = listed(sorted(names))
    found = []
    for use in file.names:
        if use.path in names or use.path.startswith(families):
            continue
        meant = nearest(use.path, names)
        say = "" if meant else "unheard-of"
        found.append(
            lay.UNKNOWN_NAME.at(
                use.span, say=say, name=use.path, meant=meant, known=some, fixes=renaming(use.span, use.path, meant)
            )
        )
    return tuple(found)
