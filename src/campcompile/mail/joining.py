"""Joining makes parts tidy: neighbouring literals are one, empty ones gone."""

from __future__ import annotations

from collections.abc import Iterable

from campcompile.parts import Part, Parts


def joined(parts: Iterable[Part]) -> Parts:
    """The same parts, tidy; the arms of branches are taken to be so already."""
    done: list[Part] = []
    said: list[str] = []
    for part in parts:
        if isinstance(part, str):
            if part:
                said.append(part)
            continue
        if said:
            done.append(said[0] if len(said) == 1 else "".join(said))
            said = []
        done.append(part)
    if said:
        done.append(said[0] if len(said) == 1 else "".join(said))
    return tuple(done)
