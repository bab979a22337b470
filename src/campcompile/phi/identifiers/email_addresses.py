"""E-mail addresses of people; mailboxes of a role (info@, presse@) belong to nobody (data/mailboxes.yaml).

Format: the dot-atom of RFC 5322, 3.4.1 with a domain of at least two labels. `jane at mail dot example` is read by
readings.py before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import folded_words
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.regex import regex

_LOCAL = r"a-z0-9à-öø-ÿ_.+%'\-"
_LABEL = r"[a-z0-9à-öø-ÿ-]{1,63}"
_ADDRESS = regex(rf"(?<![{_LOCAL}])([{_LOCAL}]{{1,64}})\s?@\s?({_LABEL}(?:\s?\.\s?{_LABEL}){{1,8}})")


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for found in _ADDRESS.finditer(read.text):
        mailbox = found[1].strip(".'%").partition("+")[0]
        if mailbox not in folded_words("mailboxes", "roles") and mailbox not in folded_words("mailboxes", "samples"):
            yield Identifier("email", found.start(), _end(found), "F")


def _end(found: re.Match[str]) -> int:
    """Without the next sentence, where its first word follows a full stop and a space."""
    domain = found[2]
    at = re.search(r"\.\s|\s\.", domain)
    if at and "." in domain[: at.start()]:
        return found.start(2) + at.start()
    return found.end()
