"""Keeps one comment below a pull request: the first run writes it, every later one writes it anew in its place.

comment.py FILE NUMBER, with GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_API_URL as jobs have them; no package is needed.
A pull request from a fork may not write comments: then it says so and ends well, since the job's summary has the same.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

MARK = "<!-- campcompile: this comment is written anew with every push -->"
_PAGE = 100  # comments, the most that the API gives at once
_SECONDS = 30


def main(file: str, number: str) -> int:
    body = f"{MARK}\n{Path(file).read_text(encoding='utf-8')}"
    issue = f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    try:
        known = next((comment for comment in _comments(f"{issue}/{number}/comments") if _is_ours(comment)), None)
        if known is None:
            _call("POST", f"{issue}/{number}/comments", {"body": body})
        elif known["body"] != body:
            _call("PATCH", f"{issue}/comments/{known['id']}", {"body": body})
    except HTTPError as error:
        if error.code not in (401, 403):
            raise
        print("::notice title=campcompile::no comment was written: this job may not; the job's summary has the same")
    return 0


def _comments(path: str) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        found = _call("GET", f"{path}?per_page={_PAGE}&page={page}")
        yield from found
        if len(found) < _PAGE:
            return
        page += 1


def _is_ours(comment: dict[str, Any]) -> bool:
    """Whether a program wrote it with our mark: a person who quotes us keeps their words."""
    return str(comment["body"]).startswith(MARK) and comment["user"]["type"] == "Bot"


def _call(method: str, path: str, content: dict[str, str] | None = None) -> Any:
    request = Request(
        os.environ.get("GITHUB_API_URL", "https://api.github.com") + path,
        data=None if content is None else json.dumps(content).encode(),
        method=method,
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
        },
    )
    with urlopen(request, timeout=_SECONDS) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
