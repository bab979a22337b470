"""Reads what `inventory.py` compiled: health words, cues and the words of recognisers."""

from __future__ import annotations

import json
from typing import Any

from campcompile.package_files import package_text


def load(name: str) -> Any:
    """The content of compiled/<name>.json; whoever asks keeps what they make of it, not the file."""
    return json.loads(package_text(f"phi/compiled/{name}.json"))
