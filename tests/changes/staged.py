"""A repository with twelve staged changes, one a kind, and what is expected to be said of them in each format.

python -m tests.changes.staged      writes tests/changes/twelve/ anew; read the difference before you commit it
"""

from __future__ import annotations

import html
import io
import os
import re
import sys
import tempfile
from contextlib import chdir, redirect_stdout
from pathlib import Path

from campcompile.cli.main import main
from tests.changes.clinic import CC, CO, DI, NB, NE, RE, SE, TH, files_with
from tests.changes.git import commit, git
from tests.workspace import lay

EXPECTED = Path(__file__).parent / "twelve"
FORMATS = {"text": "account.txt", "json": "account.json", "markdown": "account.md", "html": "page.txt"}

NAME = "{% if patient.first_name is set %}, {{ patient.first_name }}{% endif %}"

# file, what stands there, what shall stand there
TWELVE = (
    (RE, '"A message from', '"A word from'),  # a subject
    (RE, "Photo ID, Your", "Photo ID, Papers, Your"),  # an item of a checklist
    (NE, "Our team in the", "Our nurses in the"),  # a picture's description
    (NB, "Bestill time", "Bestill en time"),  # words of a translation
    (RE, "offset: -P7D", "offset: -P9D"),  # a time
    (CC, 'quiet_hours: "21:00-08:00"\n', ""),  # a policy of time
    (SE, '== "booked"', 'in ["booked", "cancelled"]'),  # an audience
    (RE, "see you soon", f"see you soon{NAME}"),  # a field
    (DI, "list: text}, label: contact", "list: text}, label: relationship"),  # a label
    (CO, "max_age: P36M", "max_age: P60M"),  # a consent
    (CO, "up_to: relationship, consent: news", "up_to: relationship, basis: care"),  # a legal basis
    (TH, "#0b5e6b", "#0b5e7b"),  # a colour
)


def stage(root: Path) -> None:
    """The practice on `main`, and the twelve changes on `change`."""
    git(root, "init", "--quiet", "--initial-branch", "main")
    lay(root, files_with({}))
    commit(root, "the practice")
    git(root, "switch", "--quiet", "--create", "change")
    for path, old, new in TWELVE:
        text = (root / path).read_text("utf-8")
        assert text.count(old) == 1, (path, old)
        (root / path).write_text(text.replace(old, new), "utf-8", newline="\n")
    commit(root, "twelve changes")


def told(root: Path, format: str) -> str:
    said = io.StringIO()
    with chdir(root), redirect_stdout(said):
        code = main(["diff", "main", "change", "--format", format, "--fail-on", "never"])
    assert code == 0
    return said.getvalue()


def readable(said: str) -> str:
    """What a page says, a line for each of its texts; anything else as it is, but for digests: layouts get better."""
    if not said.startswith("<!doctype html>"):
        return re.sub(r'"[0-9a-f]{16}"', '"…"', said)
    body = re.sub(r"<(script|style|title)\b.*?</\1>", "", said, flags=re.DOTALL)
    texts = (html.unescape(text).strip() for text in re.split(r"<[^>]*>", body))
    return "".join(f"{text}\n" for text in texts if text)


def bless() -> None:
    with tempfile.TemporaryDirectory() as folder:
        stage(Path(folder))
        for format, name in FORMATS.items():
            (EXPECTED / name).write_text(readable(told(Path(folder), format)), "utf-8", newline="\n")
            print(f"wrote {(EXPECTED / name).relative_to(Path.cwd())}")


if __name__ == "__main__":
    os.environ["NO_COLOR"] = "1"
    sys.exit(bless())
