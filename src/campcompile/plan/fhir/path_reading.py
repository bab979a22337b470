"""FHIRPath, as much of it as views use: text → tree, every part with its place.

The part is that which SQL on FHIR v2 asks of everybody (https://sql-on-fhir.org/ig/2.0.0/StructureDefinition-ViewDefinition.html),
without arithmetic, dates as literals and `lowBoundary`, and with `iif` and `substring`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile.plan.fhir.elements import choices_of, is_plain, names_of
from campcompile.plan.fhir.path import (
    Call,
    Compare,
    Constant,
    Index,
    Literal,
    Logic,
    Path,
    PathError,
    Step,
    This,
    type_of,
)
from campcompile.regex import regex
from campcompile.syntax.suggest import listed, nearest

# What may be called, and with how many arguments.
FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "empty": (0, 0),
    "exists": (0, 1),
    "extension": (1, 1),
    "first": (0, 0),
    "getReferenceKey": (0, 1),
    "getResourceKey": (0, 0),
    "iif": (2, 3),
    "join": (0, 1),
    "not": (0, 0),
    "ofType": (1, 1),
    "substring": (1, 2),
    "where": (1, 1),
}
_OF_NAMES = ("ofType", "getReferenceKey")  # their argument is a type's name
_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_WORDS = ("and", "or", "xor", "implies", "is", "as", "in", "contains", "div", "mod")
_TOKEN = regex(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<this>\$this\b)|(?P<constant>%[A-Za-z_][A-Za-z0-9_]*)|(?P<sign><=|>=|!=|!~|[=<>().,\[\]])|(?P<other>\S))"
)
_OF_TYPE = regex(r"\s*ofType\b")
_ESCAPE = regex(r"\\(.)")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
_MAX_DEPTH = 32
_MAX_LENGTH = 600  # code points: three times what a careful path needs


def parse_path(text: str, constants: Mapping[str, Constant], this: str) -> Path:
    """The tree of a path that begins in the type `this`; `%name` is the view's constant of that name.

    Raises PathError with offsets in `text`.
    """
    if len(text) > _MAX_LENGTH:
        raise PathError(f"this path is longer than {_MAX_LENGTH} signs", 0, len(text))
    reading = _Reading(text, constants, this)
    path = reading.either(0)
    kind, word, start, end = reading.next
    if kind:
        raise PathError(_stray(kind, word), start, end)
    return path


class _Reading:
    def __init__(self, text: str, constants: Mapping[str, Constant], this: str) -> None:
        self.text = text
        self.constants = constants
        self.this = this  # the type that `$this` has where we are
        self.at = 0
        self.next = self._token()

    def _token(self) -> tuple[str, str, int, int]:
        """Kind, word, start and end; the kind is "" at the end."""
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            return "", "", len(self.text), len(self.text)
        kind = found.lastgroup or ""
        self.at = found.end()
        return kind, found[kind], found.start(kind), found.end(kind)

    def take(self, *words: str) -> str:
        """The next word if it is one of these, and then it is over; else ""."""
        kind, word, _, _ = self.next
        if kind in ("sign", "name") and word in words:
            self.next = self._token()
            return word
        return ""

    def want(self, word: str) -> None:
        if not self.take(word):
            _, found, start, end = self.next
            raise PathError(f"here should be `{word}`" + (f", not `{found}`" if found else ""), start, end)

    def either(self, depth: int) -> Path:
        if depth > _MAX_DEPTH:
            raise PathError("this path is too deep", *self.next[2:])
        path = self._both(depth)
        while self.take("or"):
            path = Logic("or", path, self._both(depth))
        return path

    def _both(self, depth: int) -> Path:
        path = self._compared(depth)
        while self.take("and"):
            path = Logic("and", path, self._compared(depth))
        return path

    def _compared(self, depth: int) -> Path:
        left = self._chain(depth)
        start = self.next[2]
        sign = self.take(*_COMPARISONS)
        if not sign:
            return left
        right = self._chain(depth)
        numbers = [side for side in (left, right) if isinstance(side, Literal) and isinstance(side.value, int | float)]
        if sign not in ("=", "!=") and not any(not isinstance(side.value, bool) for side in numbers):
            raise PathError(f"`{sign}` compares numbers alone here: write one beside it", start, start + len(sign))
        return Compare(sign, left, right)

    def _chain(self, depth: int) -> Path:
        path = self._begin(depth)
        while True:
            if self.take("."):
                path = self._member(path, depth)
            elif self.take("["):
                kind, word, start, end = self.next
                if kind != "number" or "." in word:
                    raise PathError("between `[` and `]` stands a whole number, from 0", start, end)
                self.next = self._token()
                self.want("]")
                path = Index(path, int(word))
            else:
                return path

    def _begin(self, depth: int) -> Path:
        kind, word, start, end = self.next
        if kind == "name" and word not in ("true", "false"):
            return self._member(This(), depth)
        if self.take("("):
            path = self.either(depth + 1)
            self.want(")")
            return path
        self.next = self._token()
        match kind:
            case "text":
                return Literal(_ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), word[1:-1]))
            case "number":
                return Literal(float(word) if "." in word else int(word))
            case "name":
                return Literal(word == "true")
            case "this":
                return This()
            case "constant":
                return Literal(self._constant(word, start, end))
        raise PathError(_stray(kind, word), start, end)

    def _constant(self, word: str, start: int, end: int) -> Constant:
        name = word[1:]
        if name not in self.constants:
            near = nearest(name, self.constants)
            advice = f"did you mean `%{near}`?" if near else "write it under `constant`"
            raise PathError(f"there is no constant `{word}`: {advice}", start, end)
        return self.constants[name]

    def _member(self, of: Path, depth: int) -> Path:
        kind, word, start, end = self.next
        if self.next[0] == "this" and not isinstance(of, This):
            raise PathError("`$this` stands at the beginning alone", start, end)
        if kind != "name" or word in _WORDS:
            raise PathError(_stray(kind, word), start, end)
        self.next = self._token()
        if self.take("("):
            return self._call(of, word, start, end, depth)
        if word[0].isupper():
            raise PathError(f"leave out `{word}`: a path begins inside of the resource", start, end)
        choices = self._known(of, word, start, end)
        if self.next[1] == "." and _OF_TYPE.match(self.text, self.at):
            return Step(of, word + self._type(word, choices))
        if choices is not None:
            sample = next(iter(choices), "string")
            raise PathError(
                f"`{word}` has one of several types: say which, as in `{word}.ofType({sample})`", start, end
            )
        return Step(of, word)

    def _known(self, of: Path, name: str, start: int, end: int) -> tuple[str, ...] | None:
        """The types that an element may have if those are several. Raises PathError where there is no such element."""
        owner = type_of(of, self.this)
        self._check_below(owner, start, end)
        names = names_of(owner)
        if names and name not in names:
            near = nearest(name, names)
            advice = f"did you mean `{near}`?" if near else f"there are {listed(names)}"
            raise PathError(f"{owner} has no `{name}`: {advice}", start, end)
        return choices_of(owner, name)

    def _check_below(self, owner: str, start: int, end: int) -> None:
        if is_plain(owner):
            raise PathError(f"here is a {owner}, and nothing is below it", start, end)

    def _type(self, name: str, choices: tuple[str, ...] | None) -> str:
        """The type in `.ofType(dateTime)`, as the JSON's name ends: `DateTime`."""
        for word in (".", "ofType", "("):
            self.want(word)
        _, _, start, end = self.next
        type = self._type_name()
        if choices is None:
            raise PathError(f"`{name}` has one type alone: leave out `ofType`", start, end)
        if choices and type not in choices:
            raise PathError(f"`{name}` can be {listed(choices)}", start, end)
        self.want(")")
        return type[0].upper() + type[1:]

    def _type_name(self) -> str:
        kind, word, start, end = self.next
        if kind != "name":
            raise PathError("here should be the name of a type, such as `boolean` or `Patient`", start, end)
        self.next = self._token()
        return word

    def _call(self, of: Path, name: str, start: int, end: int, depth: int) -> Path:
        if name not in FUNCTIONS:
            near = nearest(name, FUNCTIONS)
            advice = f"did you mean `{near}`?" if near else f"they may use {listed(FUNCTIONS)}"
            raise PathError(f"views can't use `{name}()` here: {advice}", start, end)
        if name == "ofType":
            raise PathError("`ofType` stands right behind a name, as in `deceased.ofType(boolean)`", start, end)
        if name == "extension":
            self._check_below(type_of(of, self.this), start, end)
        outside = self.this
        if name in ("where", "exists"):
            self.this = type_of(of, outside)
        arguments = list(self._arguments(name, depth))
        self.this = outside
        fewest, most = FUNCTIONS[name]
        if not fewest <= len(arguments) <= most:
            wanted = f"{fewest}" if fewest == most else f"{fewest} to {most}"
            raise PathError(f"`{name}` has {wanted} arguments, and here are {len(arguments)}", start, end)
        self._check_constants(name, arguments, start, end)
        return Call(of, name, tuple(arguments))

    def _arguments(self, name: str, depth: int) -> Iterator[Path]:
        if self.take(")"):
            return
        while True:
            yield Literal(self._type_name()) if name in _OF_NAMES else self.either(depth + 1)
            if not self.take(","):
                break
        self.want(")")

    def _check_constants(self, name: str, arguments: list[Path], start: int, end: int) -> None:
        wanted = {"extension": (str, "a text"), "join": (str, "a text"), "substring": (int, "a whole number")}
        if name in wanted:
            kind, said = wanted[name]
            for one in arguments:
                if not isinstance(one, Literal) or type(one.value) is not kind:
                    raise PathError(f"in `{name}(…)` stands {said}", start, end)


def _stray(kind: str, word: str) -> str:
    if not kind:
        return "the path ends too early"
    if kind == "other" and word == "@":
        return "views can't use dates here: leave them out, or compare texts"
    if word == "`":
        return "names stand without backticks here"
    if kind == "other" or word in _WORDS or word == "!~":
        return f"views can't use `{word}` here"
    return f"`{word}` isn't expected here"
