"""Golden folders: what a small letter becomes for each target, to be read through by a person.

.venv/bin/python -m tests.dialects.bless [ID]…    writes tests/dialects/golden/<id>/, for all targets without an ID
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from campcompile.dialects.export import requests_file
from campcompile.dialects.registry import dialect_ids
from tests.dialects.practice import letter

GOLDEN = Path(__file__).parent / "golden"
IDS = tuple(id for id in dialect_ids() if id != "smtp")  # for a mail server nothing is exported
_DIGEST = re.compile(r"(?<=letter[.-]en[ -])[0-9a-f]{8}\b")
_STYLE = re.compile(r"<style[^>]*>.*?</style>", re.DOTALL)


def golden_files(id: str) -> Mapping[str, str]:
    """What is kept of an export: no pictures or archives, and of pages what stands between the tags of their body."""
    made = letter(id)
    files = {
        path: _DIGEST.sub("DIGEST", _page(content.decode())) for path, content in made.files.items() if _is_text(path)
    }
    if made.requests:
        data = json.loads(requests_file(made, target=id, dialect=id, code="lt26", digest=""))
        text = json.dumps(_short(data), ensure_ascii=False, indent=2) + "\n"
        files["requests.json"] = _DIGEST.sub("DIGEST", text)
    return files


def _is_text(path: str) -> bool:
    return path.endswith((".html", ".txt", ".md", ".csv", ".json"))


def _page(text: str) -> str:
    if "<body" not in text:
        return text.replace("\r\n", "\n")
    words = re.sub(r'<a [^>]*href="([^"]*)"[^>]*>', r"[\1] ", _STYLE.sub("", text.partition("</head>")[2]))
    words = re.sub(r"<[^>]*>", "\n", words).replace("\u00a0\u034f\u200c", "").replace("&#160;&#847;&#8204;", "")
    return "\n".join(line.strip() for line in words.splitlines() if line.strip()) + "\n"


def _short(value: object) -> object:
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_short(one) for one in value]
    return f"({value[:40]} …)" if isinstance(value, str) and len(value) > 500 else value


def main(ids: list[str]) -> None:
    for id in ids or IDS:
        folder = GOLDEN / id
        files = golden_files(id)
        for old in [*folder.glob("*")]:
            if old.name not in files:
                old.unlink()
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote {len(files)} files into {folder.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main(sys.argv[1:])
