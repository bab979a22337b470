"""Reads what `inventory.py` compiled: health words, cues and the words of recognisers."""

from __future__ import annotations

import json
import pkgutil
from typing import Any


def load(name: str) -> Any:
    """The content of compiled/<name>.json; whoever asks keeps what they make of it, not the file."""
    content = pkgutil.get_data("campcompile.phi", f"compiled/{name}.json")  # importlib.resources takes 20 ms to import
    assert content is not None, name
    return json.loads(content)
