"""Parts as text and back: the neutral written form of the .html, .txt, .mjml and .ics files of a bundle.

    {{ t1 }}                a slot in the file's own context (text in .html, plain in .txt, header in a subject)
    {{ t1 | attribute }}    a slot in another: text, attribute, url, header, plain, calendar
    {% if c1 %}…{% else %}…{% endif %}
    ../assets/NAME          a picture
    {{ "{{" }}              an author's own `{{`; so too `{%`, `{#`, a `{` before a tag, and `../assets/`

It is valid Jinja, so that a person, or another tool, can read it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from campcompile.parts import Branch, Context, Part, Parts, Picture, Slot

_FOLDER = "../assets/"
_DEEPEST = 64  # conditions within one another
_NAME = r"[a-z][a-z0-9_]*"
_SIGNS = ("{{", "{%", "{#", _FOLDER)  # one of them, or a last `{`, is in whatever is ambiguous
_AMBIGUOUS = re.compile(r"\{[{%#]|\{(?=\Z|\.\./assets/)|\.\./assets/")
_TAG = re.compile(
    r'\{\{ "(?P<literal>\{[{%#]?|\.\./assets/)" \}\}'
    rf"|\{{\{{ (?P<slot>{_NAME})(?: \| (?P<context>text|attribute|url|header|plain|calendar))? \}}\}}"
    rf"|\{{% if (?P<test>{_NAME}) %\}}"
    r"|(?P<orelse>\{% else %\})"
    r"|(?P<end>\{% endif %\})"
    r"|\.\./assets/(?P<picture>[A-Za-z0-9][A-Za-z0-9_-]*\.(?:png|jpe?g|gif))"
    r"|(?P<wrong>\{[{%#]|\.\./assets/)"
)


class PartsError(ValueError):
    """The text isn't what `print_parts` writes; the message tells where."""


def print_parts(parts: Parts, default: Context) -> str:
    """The written form; `default` is the context that goes without saying."""
    return "".join(_printed(normal(parts), default))


def parse_parts(text: str, default: Context, pictures: Collection[str]) -> Parts:
    """The inverse of `print_parts`, in `normal` form. Raises PartsError.

    `pictures` are the names that the bundle lists; another one is an error.
    """
    ended, parts = _Reader(text, default, pictures).read()
    if ended:
        raise PartsError(f"`{ended}` without an `if`")
    return parts


def normal(parts: Parts) -> Parts:
    """The same parts with neighbouring literals joined and empty ones gone."""
    result: list[Part] = []
    for part in parts:
        if isinstance(part, Branch):
            part = Branch(part.name, normal(part.then), normal(part.orelse))
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        elif part != "":
            result.append(part)
    return tuple(result)


def _printed(parts: Parts, default: Context) -> Iterator[str]:
    for part in parts:
        match part:
            case str():
                yield _literal(part)
            case Slot(name, context):
                yield f"{{{{ {name} }}}}" if context is default else f"{{{{ {name} | {context.value} }}}}"
            case Picture(name):
                yield _FOLDER + name
            case Branch(name, then, orelse):
                yield f"{{% if {name} %}}"
                yield from _printed(then, default)
                if orelse:
                    yield "{% else %}"
                    yield from _printed(orelse, default)
                yield "{% endif %}"


def _literal(text: str) -> str:
    """Four quick looks first: most of a page is style, full of braces that are no tags."""
    if not text.endswith("{") and not any(sign in text for sign in _SIGNS):
        return text
    return _AMBIGUOUS.sub(lambda found: f'{{{{ "{found[0]}" }}}}', text)


class _Reader:
    """Goes through the tags once; a condition reads its arms by itself."""

    def __init__(self, text: str, default: Context, pictures: Collection[str]) -> None:
        self.text = text
        self.default = default
        self.pictures = pictures
        self.tags = _TAG.finditer(text)
        self.at = 0

    def read(self, depth: int = 0) -> tuple[str, Parts]:
        """The parts up to `else`, `endif` or the text's end (""), and which of them it was."""
        parts: list[Part] = []
        for tag in self.tags:
            parts.append(self.text[self.at : tag.start()])
            self.at = tag.end()
            if tag["orelse"] or tag["end"]:
                return "else" if tag["orelse"] else "endif", normal(tuple(parts))
            parts.append(self._part(tag, depth))
        parts.append(self.text[self.at :])
        self.at = len(self.text)
        return "", normal(tuple(parts))

    def _part(self, tag: re.Match[str], depth: int) -> Part:
        if tag["wrong"]:
            raise PartsError(f"`{tag['wrong']}` at {tag.start()} begins nothing that is known")
        if tag["slot"]:
            return Slot(tag["slot"], Context(tag["context"]) if tag["context"] else self.default)
        if tag["picture"]:
            if tag["picture"] not in self.pictures:
                raise PartsError(f"the picture `{tag['picture']}` is not listed")
            return Picture(tag["picture"])
        if tag["test"]:
            return self._branch(tag["test"], depth)
        return tag["literal"]

    def _branch(self, name: str, depth: int) -> Branch:
        if depth >= _DEEPEST:
            raise PartsError(f"more than {_DEEPEST} conditions within one another")
        ended, then = self.read(depth + 1)
        orelse: Parts = ()
        if ended == "else":
            ended, orelse = self.read(depth + 1)
        if ended != "endif":
            raise PartsError(f"`if {name}` is not closed by `endif`")
        return Branch(name, then, orelse)
