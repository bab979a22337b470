"""`python -m tests.rules.bless` writes the generated blocks of the example files anew, and docs/rules."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.rules.examples import blessed, example_files


def main(names: list[str]) -> None:
    for file in example_files():
        if not names or any(name in str(file) for name in names):
            text = blessed(file)
            if text != file.read_text(encoding="utf-8"):
                file.write_text(text, encoding="utf-8")
                print(f"blessed {file.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main(sys.argv[1:])
