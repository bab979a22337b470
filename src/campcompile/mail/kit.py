"""A kit is what the e-mails of one locale and layer print alike: names, and layouts filled once for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field, replace
from functools import lru_cache
from typing import Generic, TypeVar

from campcompile.mail.inlines import ProseLook, prose_look
from campcompile.mail.layouts import Layouts
from campcompile.mail.locale_words import Field, LocaleWords
from campcompile.mail.naming import Names, Raw, find, shared_names
from campcompile.mail.splicing import defused
from campcompile.mail.theme import Theme
from campcompile.model.practice import Settings
from campcompile.model.rendered import Derived
from campcompile.model.scope import Names as Declared
from campcompile.model.scope import Scope
from campcompile.parts import Context, Parts
from campcompile.syntax.layout_tree import Choice, LayoutNode, Literal, Output, Repeat
from campcompile.syntax.source import Span
from campcompile.values import dataclass

K = TypeVar("K")
T = TypeVar("T")

BODY = "__cc_body__"  # where a filled layout's body goes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """A layout or block filled: what every e-mail of a kit that fills it so gets."""

    text: str  # with tokens, and BODY
    held: tuple[Parts, ...]
    tests: tuple[str, ...]
    late: tuple[tuple[int, str, Context], ...]  # index in `held`, name, context: each e-mail's own words
    derived: tuple[Derived, ...]
    pictures: tuple[str, ...]
    place: Span  # of the e-mail or block that was filled first


@dataclass(slots=True, kw_only=True)
class Kit:
    settings: Settings
    layouts: Layouts
    words: LocaleWords
    look: ProseLook
    names: Names
    fills: Memo[object, Fill] = field(default_factory=lambda: Memo(1024))
    pieces: Memo[object, tuple[Sequence[str], Sequence[str]]] = field(default_factory=lambda: Memo(256))
    texts: Memo[object, tuple[Parts, Parts] | None] = field(default_factory=lambda: Memo(256))
    _nodes: dict[str, tuple[LayoutNode, ...]] = field(default_factory=dict)
    _of_person: dict[str, bool] = field(default_factory=dict)

    def nodes(self, name: str) -> tuple[LayoutNode, ...]:
        """A file's nodes, with what the theme prints already printed; none where there is no such file."""
        if name not in self._nodes:
            file = self.layouts.files.get(name)
            self._nodes[name] = () if file is None else tuple(_joined(_printed(file.nodes, self.names)))
        return self._nodes[name]

    def scope_key(self, name: str, scope: Scope) -> tuple[object, ...]:
        """What of an e-mail's scope the printing of a file depends on."""
        if self._reads_person(name):
            return (scope.recipient, scope.records, scope.sure, scope.zone, scope.event)
        return (scope.records,)  # the site of a bound row decides which practice value prints

    def _reads_person(self, name: str) -> bool:
        """Whether a file, or what it includes, prints or tests more than the practice's values."""
        if name not in self._of_person:
            self._of_person[name] = False  # until it is known: a file that includes itself adds nothing
            file = self.layouts.files.get(name)
            if file is not None:
                self._of_person[name] = any(self._is_of_person(use.path) for use in file.names) or any(
                    self._reads_person(inner.name) for inner in file.includes
                )
        return self._of_person[name]

    def _is_of_person(self, path: str) -> bool:
        root, dot, _ = path.partition(".")
        if root == "words":
            wording = find(self.names, path)
            return isinstance(wording, tuple) and any(
                isinstance(part, Field) and not part.path.startswith("practice.") for part in wording
            )
        return bool(dot) and root != "practice" and root not in self.names


def kit_for(scope: Scope, settings: Settings, layouts: Layouts, theme: Theme, words: LocaleWords, layer: str) -> Kit:
    """The kit of an e-mail: one for all of its locale and layer."""
    return _kit(_Same(scope.names), _Same(settings), _Same(layouts), theme, _Same(words), scope.locale, layer)


@lru_cache(maxsize=128)
def _kit(
    names: _Same[Declared],
    settings: _Same[Settings],
    layouts: _Same[Layouts],
    theme: Theme,
    words: _Same[LocaleWords],
    locale: str,
    layer: str,
) -> Kit:
    return Kit(
        settings=settings.value,
        layouts=layouts.value,
        words=words.value,
        look=prose_look(theme),
        names=shared_names(locale, layer, settings.value, theme, words.value),
    )


class Memo(dict[K, T]):
    """What was made before, forgotten as a whole when there is too much of it."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: K, value: T) -> None:
        if len(self) >= self.most:
            self.clear()
        super().__setitem__(key, value)


class _Same(Generic[T]):
    """A key that equals itself alone: what it holds can't be hashed, or not fast."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


def _printed(nodes: Sequence[LayoutNode], names: Names) -> Iterator[LayoutNode]:
    """The nodes, where a theme's colours and lengths are literal."""
    for node in nodes:
        match node:
            case Output():
                value = find(names, node.name.path)
                yield Literal(value.text) if isinstance(value, Raw) else node
            case Choice(arms):
                inner = (replace(arm, nodes=tuple(_joined(_printed(arm.nodes, names)))) for arm in arms)
                yield replace(node, arms=tuple(inner))
            case Repeat():
                yield replace(node, nodes=tuple(_joined(_printed(node.nodes, names))))
            case Literal(text):
                yield Literal(defused(text))
            case _:
                yield node


def _joined(nodes: Iterator[LayoutNode]) -> Iterator[LayoutNode]:
    """Neighbouring literals as one."""
    said: list[str] = []
    for node in nodes:
        if isinstance(node, Literal):
            said.append(node.text)
            continue
        if said:
            yield Literal("".join(said))
            said = []
        yield node
    if said:
        yield Literal("".join(said))
