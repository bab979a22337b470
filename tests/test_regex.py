"""`regex` is `re.compile`, only later."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

import campcompile
from campcompile.regex import regex


def test_nothing_is_compiled_before_a_text_is_shown() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_it_answers_as_the_pattern_it_stands_for() -> None:
    for pattern, flags in ((r"(?P<a>\d)b", re.IGNORECASE), (r"\s+", 0)):
        ours, theirs = regex(pattern, flags), re.compile(pattern, flags)
        for text in ("1B 2b", "", "x  y"):
            assert ours.findall(text) == theirs.findall(text)
            assert ours.sub("-", text) == theirs.sub("-", text)
            assert ours.split(text) == theirs.split(text)
            assert [one.span() for one in ours.finditer(text)] == [one.span() for one in theirs.finditer(text)]
            assert bool(ours.fullmatch(text)) == bool(theirs.fullmatch(text))
            assert bool(ours.match(text)) == bool(theirs.match(text))
        assert (ours.pattern, ours.flags, ours.groupindex) == (theirs.pattern, theirs.flags, theirs.groupindex)
    assert not hasattr(regex("a"), "texts")


def test_every_pattern_of_the_house_can_be_compiled() -> None:
    kind = type(regex("a"))
    patterns = [
        value
        for module in walk_packages(campcompile.__path__, "campcompile.")
        if not module.name.endswith("__main__")
        for value in vars(import_module(module.name)).values()
        if isinstance(value, kind)
    ]
    assert len(patterns) > 200
    for pattern in patterns:
        re.compile(pattern.pattern, pattern._flags)
