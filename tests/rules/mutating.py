"""Mutants of a module: its code with one thing wrong, as a hurried hand might get it wrong.

What becomes of it: a comparison is turned round or loses its edge, `and` becomes `or`, `not` goes, a whole number is
one off, `True` is `False`, `any` is `all`, `min` is `max`, sums and products change their sign, a condition always or
never holds, a `yield`, `return`, `continue` or `break` is missing, a statement that is there for its effect is missing.
Texts are left alone, and so are annotations and decorators: what a rule is called and says is declared, and compared
with the printed findings of its examples.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

TURN = "__turn__"  # what each turn of a `while` calls, so that none is taken for ever

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_NAMED = {"any": "all", "all": "any", "min": "max", "max": "min"}
_NOT_RUN = frozenset({"annotation", "returns", "decorator_list", "type_params"})


@dataclass(frozen=True)
class Mutant:
    """One change of a tree, which is made in place and taken back."""

    name: str  # where, and what became what: `_pairs: days < cap.days → days <= cap.days`
    line: int
    holder: ast.AST
    field: str
    index: int | None
    wrong: ast.AST

    def code(self, tree: ast.Module, file: str) -> object:
        """The module compiled with this change in it."""
        right = self._get()
        self._set(self.wrong)
        try:
            return compile(tree, file, "exec")
        finally:
            self._set(right)

    def _get(self) -> ast.AST:
        held = getattr(self.holder, self.field)
        found: ast.AST = held if self.index is None else held[self.index]
        return found

    def _set(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.holder, self.field, node)
        else:
            getattr(self.holder, self.field)[self.index] = node


def parsed(text: str) -> ast.Module:
    """A module's tree, whose `while` loops count their turns."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.While):
            count = ast.Expr(ast.Call(ast.Name(TURN, ast.Load()), [], []))
            node.body.insert(0, ast.fix_missing_locations(ast.copy_location(count, node)))
    return tree


def mutants(tree: ast.Module) -> list[Mutant]:
    """Every mutant of a module, in the order of its text, each with a name of its own."""
    seen: Counter[str] = Counter()
    made = []
    for one in _below(tree, ""):
        seen[one.name] += 1
        again = f" #{seen[one.name]}" if seen[one.name] > 1 else ""
        made.append(Mutant(one.name + again, one.line, one.holder, one.field, one.index, one.wrong))
    return made


def _below(holder: ast.AST, function: str) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(holder):
        if field in _NOT_RUN or isinstance(holder, ast.Assert):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(node, ast.AST) or _counts_turns(node):
                continue
            inside = node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else function
            for wrong in (*_wrong(node), *_wrong_condition(holder, field, node)):
                ast.fix_missing_locations(ast.copy_location(wrong, node))
                name = f"{function or 'the module'}: {_told(node)} → {_told(wrong)}"
                yield Mutant(name, getattr(node, "lineno", 0), holder, field, index, wrong)
            yield from _below(node, inside)


def _wrong(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                for other in _COMPARED[type(operator)]:
                    yield ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() | float()):
            yield ast.Constant(node.value + 1)
            if node.value:  # one before the first is the last, which is another mistake
                yield ast.Constant(node.value - 1)
        case ast.BinOp() if type(node.op) in _COMPUTED:
            yield ast.BinOp(node.left, _COMPUTED[type(node.op)](), node.right)
        case ast.Name(ctx=ast.Load()) if node.id in _NAMED:
            yield ast.Name(_NAMED[node.id], ast.Load())
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))
        case ast.Return(value=ast.expr()) if not _is_none(node.value):
            yield ast.Return(ast.Constant(None))
        case ast.Return() | ast.Continue() | ast.Break() | ast.AugAssign() | ast.Expr(value=ast.Call()):
            yield ast.Pass()


def _wrong_condition(holder: ast.AST, field: str, node: ast.AST) -> Iterator[ast.AST]:
    if (field == "test" and isinstance(holder, ast.If | ast.IfExp)) or field in ("ifs", "guard"):
        yield ast.Constant(True)
        yield ast.Constant(False)
    elif field == "test" and isinstance(holder, ast.While):
        yield ast.Constant(False)


def _is_none(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _counts_turns(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _told(node.value) == f"{TURN}()"


def _told(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())
