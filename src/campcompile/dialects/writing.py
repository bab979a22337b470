"""Writing: parts become one service's text, with its own words for variables, tests and the opt-out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from campcompile.dialects.dialect import Dialect, Escaping, Medium
from campcompile.dialects.variables import Variable, variable_of
from campcompile.formula import Const
from campcompile.manifest import Derived
from campcompile.parts import Branch, Parts, Picture, Slot
from campcompile.parts_text import normal
from campcompile.values import dataclass


def written(parts: Parts, medium: Medium, dialect: Dialect) -> str:
    """Parts in a dialect's words, under short names: to see whether they can be said. Raises UnsayableError."""
    return Pen(dialect=dialect, code="", derived=_AnyText()).write(parts, medium)


class _AnyText(dict[str, Derived]):
    """Every derived field, as a text."""

    def __missing__(self, name: str) -> Derived:
        return Derived(type="text", label="public", formula=Const(""), host="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How one campaign's texts are written for one service."""

    dialect: Dialect
    code: str
    derived: Mapping[str, Derived]
    opt_out: str = ""  # the practice's page, whose place the service's own link takes; "" where none does
    picture: Callable[[str], str] = str  # a picture's name → its address

    @property
    def escapes_before(self) -> bool:
        return self.dialect.capabilities.escaping is Escaping.BEFORE

    def name(self, variable: Variable) -> str:
        return self.dialect.name(self.code, variable.short)

    def write(self, parts: Parts, medium: Medium) -> str:
        """Raises UnsayableError where the service would misread the author's words."""
        return "".join(self._written(normal(parts), medium))

    def _written(self, parts: Parts, medium: Medium, tag_follows: bool = False) -> Iterator[str]:
        for place, part in enumerate(parts):
            following = parts[place + 1] if place + 1 < len(parts) else None
            match part:
                case str():
                    is_last = following is None
                    tag = tag_follows if is_last else isinstance(following, Slot | Branch)
                    yield self._literal(part, medium, tag)
                case Slot():
                    is_html = medium is Medium.HTML
                    variable = variable_of(part, self.derived, in_html=is_html, before=self.escapes_before)
                    yield self.dialect.variable(self.name(variable), is_html)
                case Picture(name):
                    yield self.picture(name)
                case Branch(name, then, orelse):
                    opens, parts_arms, closes = self.dialect.test(self.name(Variable(name)))
                    yield opens
                    yield from self._written(normal(then), medium, tag_follows=True)
                    if orelse:
                        yield parts_arms
                        yield from self._written(normal(orelse), medium, tag_follows=True)
                    yield closes

    def _literal(self, text: str, medium: Medium, tag: bool) -> str:
        link = self.dialect.capabilities.unsubscribe
        if not link or not self.opt_out or self.opt_out not in text:
            return self.dialect.literal(text, medium, tag)
        pieces = text.split(self.opt_out)
        last = len(pieces) - 1
        return link.join(self.dialect.literal(one, medium, tag or at < last) for at, one in enumerate(pieces))
