"""A practice's repository: the second commit is what a pull request brings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.changes.git import commit
from tests.workspace import LETTER, lay

GOOD = LETTER.replace("What is new this winter", "What is new this winter, and how to reach us by telephone")
BAD = LETTER.replace("News from the fjord", '"Re: News from the fjord"')


@dataclass(frozen=True)
class Repository:
    """The second commit is what a pull request asks to be merged onto the first."""

    root: Path
    base: str

    def changed(self, letter: str, **more: bytes) -> str:
        lay(self.root, {"campaigns/letter/campaign.yaml": letter.encode(), **more})
        return commit(self.root, "a letter")
