"""The wordings of every kind and language can be read, and hold for small letters."""

from __future__ import annotations

import re

import pytest

from campcompile.analysis.wordings import find_wordings
from campcompile.phi.cues import LANGUAGES
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping, Sequence

DATA = pack("analysis/data/wordings.yaml").root
KINDS = [entry.key.value for entry in DATA.entries if isinstance(entry.value, Mapping)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_in_every_language(kind: str) -> None:
    row = DATA.get(kind)
    assert isinstance(row, Mapping)
    assert list(row.keys()) == list(LANGUAGES)
    for language in LANGUAGES:
        ways = row.get(language)
        assert isinstance(ways, Sequence) and ways.items
        for way in ways.data():
            re.compile(way)
            assert not re.search(r"[A-ZÆØÅÉ]", re.sub(r"\\[A-Z]|\(\?P", "", way)), (
                f"{way}: texts are read in small letters"
            )


def test_a_wording_stands_where_the_author_wrote_it() -> None:
    (found,) = find_wordings("See you. ２０％ off whitening!", "en")
    assert (found.kind, found.start, found.end) == ("offer", 9, 16)


def test_a_language_without_wordings_says_nothing() -> None:
    assert find_wordings("20 % Rabatt", "de") == ()
