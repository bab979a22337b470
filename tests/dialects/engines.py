"""What reads a dialect in tests: the service's own engine where it can be had, else an interpreter of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.dialects import interpreters
from tests.dialects.fixtures import Case

Engine = Callable[[Sequence[Case]], list[str]]


def _one_by_one(read: Callable[[str, interpreters.Values], str]) -> Engine:
    return lambda cases: [read(case.written, case.values) for case in cases]


ENGINES: dict[str, Engine] = {
    "bundle": _one_by_one(interpreters.bundle),
    "mailchimp": _one_by_one(interpreters.mailchimp),
}
