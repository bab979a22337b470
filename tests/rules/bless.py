"""`python -m tests.rules.bless [NAME …]` writes the generated blocks of the example files anew, and docs/rules."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from campcompile.report.docs import rule_pages
from campcompile.rules.history import histories, read_histories, updated
from campcompile.rules.registry import declared_rules
from tests.rules.examples import all_beside, beside_of, blessed, code_of, example_files

ROOT = Path(__file__).parents[2]


def pages() -> Mapping[str, str]:
    """Every page of the reference of rules, by its path in the repository."""
    examples = {
        code_of(file): (file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in example_files()
    }
    known = read_histories(updated(histories(), declared_rules()))
    return rule_pages(declared_rules(), examples, {code: history.since for code, history in known.items()})


def main(names: list[str]) -> None:
    """Bless the example files whose paths hold one of `names` (all without names), then the pages."""
    for file in example_files():
        if not names or any(name in str(file) for name in names):
            write(file, blessed(file))
            write(beside_of(file), all_beside(file))
    for path, text in pages().items():
        write(ROOT / path, text)


def write(file: Path, text: str) -> None:
    if not text and not file.exists():
        return
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        print(f"wrote {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
