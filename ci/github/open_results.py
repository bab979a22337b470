"""Leaves what is waived out of a SARIF report: open_results.py FROM TO.

GitHub's code scanning doesn't read `suppressions` (github/codeql-action issue 1230): it would open an alert for each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(source: str, target: str) -> int:
    report = json.loads(Path(source).read_text(encoding="utf-8"))
    for run in report["runs"]:
        run["results"] = [result for result in run["results"] if not result.get("suppressions")]
    Path(target).write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
