"""Splicing puts an e-mail's words into a compiled skeleton.

A layout is compiled with a token in place of everything that an author or a person says, so mjml-python
never sees words, and e-mails of one structure (locales, variants, a series) share one skeleton.
Tokens are ASCII: mjml-python mangles private-use characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from campcompile.mail.html import to_html
from campcompile.mail.joining import joined
from campcompile.mail.naming import ANY_LANGUAGE
from campcompile.parts import Branch, Part, Parts
from campcompile.regex import regex

_TOKEN = regex(r"__cc_([hboe])(\d+)__")
_RAW_TOKEN = regex(r"<mj-raw>(__cc_[boe]\d+__)</mj-raw>")
_LOOKS_LIKE_OURS = regex(rf"__cc_(?=[a-z]+\d*__)|{ANY_LANGUAGE}")


class Tokens:
    """What the tokens of a text stand for; numbers go on from those of the text around it."""

    def __init__(self, first_held: int = 0, first_test: int = 0) -> None:
        self.first_held = first_held
        self.first_test = first_test
        self.held: list[Parts] = []
        self.tests: list[str] = []  # names of derived yes/no values

    def hold(self, parts: Parts) -> str:
        """A token for words."""
        self.held.append(parts)
        return f"__cc_h{self.first_held + len(self.held) - 1}__"

    def fork(self, test: str) -> tuple[str, str, str]:
        """Tokens around what shows where `test` is true: before it, before what shows else, and after that."""
        self.tests.append(test)
        number = self.first_test + len(self.tests) - 1
        return f"__cc_b{number}__", f"__cc_o{number}__", f"__cc_e{number}__"


def carried(token: str, between: bool) -> str:
    """A token between MJML tags needs a tag of its own; mjml-python prints what is in it as it stands."""
    return f"<mj-raw>{token}</mj-raw>" if between else token


def defused(text: str) -> str:
    """A layout's own text, where it happens to look like a token, or like the language that stands for any."""
    if "__cc_" not in text and ANY_LANGUAGE not in text:
        return text
    return _LOOKS_LIKE_OURS.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", text)


def spelled_out(skeleton: str, held: Sequence[Parts], tests: Sequence[str]) -> tuple[str, list[Parts], list[str]]:
    """A skeleton with the tags of its words in it, so that a style sheet reaches them: only what is printed stays away.

    Words without tags stay tokens: they may stand in an attribute, where mjml-python would garble them.
    """
    tokens = Tokens()
    tokens.held, tokens.tests = list(held), list(tests)

    def written(parts: Parts) -> str:
        return "".join(map(one, parts))

    def one(part: Part) -> str:
        if isinstance(part, str):
            return _LOOKS_LIKE_OURS.sub(lambda found: tokens.hold((found[0],)), part)
        if not isinstance(part, Branch):
            return tokens.hold((part,))
        before, orelse, after = tokens.fork(part.name)
        return before + written(part.then) + (orelse + written(part.orelse) if part.orelse else "") + after

    def out(token: re.Match[str]) -> str:
        parts = held[int(token[2])] if token[1] == "h" else ()
        return written(parts) if _has_tags(parts) else token[0]

    return _TOKEN.sub(out, skeleton), tokens.held, tokens.tests


def _has_tags(parts: Parts) -> bool:
    return any(
        "<" in part if isinstance(part, str) else isinstance(part, Branch) and _has_tags((*part.then, *part.orelse))
        for part in parts
    )


def mjml_pieces(skeleton: str) -> Sequence[str]:
    """A skeleton's MJML cut at its tokens, for `splice`."""
    return _TOKEN.split(_RAW_TOKEN.sub(r"\1", skeleton))


@lru_cache(maxsize=512)
def html_pieces(skeleton: str) -> Sequence[str]:
    """The HTML that a skeleton becomes, cut at its tokens."""
    return _TOKEN.split(to_html(skeleton))


def plain_pieces(skeleton: str) -> Sequence[str]:
    """A plain text cut at its tokens."""
    return _TOKEN.split(skeleton)


def settled(pieces: Sequence[str], held: Sequence[Parts | None]) -> Sequence[str]:
    """The same pieces, fewer: words that are the same for everybody stand in their place. None: not known yet."""
    result = [pieces[0]]
    for at in range(1, len(pieces), 3):
        kind, number, after = pieces[at : at + 3]
        words = held[int(number)] if kind == "h" and int(number) < len(held) else None
        if words is not None and all(isinstance(part, str) for part in words):
            result[-1] += "".join(part for part in words if isinstance(part, str)) + after
        else:
            result += kind, number, after
    return result


def with_marks(pieces: Sequence[str], marks: Mapping[int, int]) -> Sequence[str]:
    """The pieces of HTML with comments `<!--cc3-->` and `<!--/cc3-->` around the words of block 3, for the preview.

    `marks` says which block a held text belongs to. Words inside a tag have one comment, before the tag; words in
    a comment none.
    """
    marked = list(pieces)
    in_comment = in_tag = False  # a comment of the page's own, such as Outlook's conditions; a tag begun before
    for at in range(0, len(marked) - 1, 3):
        literal = pieces[at]
        in_comment = _is_within(literal, "<!--", "-->", in_comment)
        tag = literal.rfind("<") if literal.rfind("<") > literal.rfind(">") else -1
        in_tag = _is_within(literal, "<", ">", in_tag)
        block = marks.get(int(pieces[at + 2])) if pieces[at + 1] == "h" else None
        if block is None or in_comment:
            continue
        if tag >= 0:
            end = len(marked[at]) - len(literal) + tag
            marked[at] = f"{marked[at][:end]}<!--cc{block}-->{marked[at][end:]}"
        elif not in_tag:
            marked[at] += f"<!--cc{block}-->"
            marked[at + 3] = f"<!--/cc{block}-->{marked[at + 3]}"
    return marked


def _is_within(literal: str, opening: str, closing: str, before: bool) -> bool:
    """Whether something that began is not ended after `literal`; `before`: so it was before it."""
    starts, ends = literal.rfind(opening), literal.rfind(closing)
    return before if starts == ends else starts > ends


def splice(pieces: Sequence[str], held: Sequence[Parts], tests: Sequence[str]) -> Parts:
    """What a skeleton, cut at its tokens, stands for; branches are as balanced as the tokens are."""
    parts: list[Part] = []
    open_arms: list[tuple[list[Part], str, Parts | None]] = []  # what is around, the test, what shows where it is true
    for at in range(0, len(pieces) - 1, 3):
        parts.append(pieces[at])
        kind, number = pieces[at + 1], int(pieces[at + 2])
        if kind == "h":
            parts.extend(held[number])
        elif kind == "b":
            open_arms.append((parts, tests[number], None))
            parts = []
        elif kind == "o":
            around, test, _ = open_arms.pop()
            open_arms.append((around, test, joined(parts)))
            parts = []
        else:
            around, test, then = open_arms.pop()
            arm = joined(parts)
            around.append(Branch(test, arm) if then is None else Branch(test, then, arm))
            parts = around
    assert not open_arms, "a condition was opened and never closed"
    parts.append(pieces[-1])
    return joined(parts)
