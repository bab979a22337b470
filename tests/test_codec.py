"""JSON as our own writer has it is what the standard library writes, more slowly."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.codec import Json, written

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)


@settings(max_examples=60, deadline=None)
@given(_VALUES)
def test_our_writer_and_the_standard_library_write_the_same_bytes(value: Json) -> None:
    assert written(value) == json.dumps(value, ensure_ascii=False, indent=2)
