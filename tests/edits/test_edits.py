"""The design's 22 campaigns bind and compile; a hundred single edits of them are found where they stand."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from campcompile.compiler import Compilation, compile_files
from campcompile.syntax.findings import Applicability, Diagnostic
from campcompile.syntax.fixes import apply_fixes
from tests.edits.edits import EDITS, Edit

EXAMPLES = Path(__file__).parents[2] / ".." / "shared" / "design" / "examples"
REPOSITORY = Path(__file__).parents[2]
COAST = b'colours: {accent: "#7a2e12"}\n'  # the theme of one of its sites, which it leaves to be there, too
NOW = datetime(2026, 8, 15, 9, tzinfo=UTC)
FIXES = frozenset({Applicability.SAFE, Applicability.UNSAFE})

pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the language's design examples are not here")


@cache
def examples() -> dict[str, str]:
    """The files of design/examples, with what it leaves to be there: digests and the picture."""
    files = {
        path.relative_to(EXAMPLES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(EXAMPLES.rglob("*.yaml"))
    }
    for found in sorted(compiled(files).diagnostics, key=lambda found: found.span, reverse=True):
        if found.say == "stale":
            text = files[found.span.path]
            start, end = found.span.start, found.span.end
            files[found.span.path] = f'{text[:start]}"{found.args["digest"]}"{text[end:]}'
    return files


def compiled(files: dict[str, str], *, only: frozenset[str] = frozenset()) -> Compilation:
    """Compiled beside the picture that the welcome series names, and a site's theme."""
    picture = (REPOSITORY / "assets" / "logo.png").read_bytes()
    data = {path: text.encode() for path, text in files.items()}
    data |= {"assets/team.png": picture, "layouts/themes/coast.yaml": COAST}
    data = {
        path: text.replace(b"team.jpg", b"team.png").replace(b"Team.jpg", b"Team.png") for path, text in data.items()
    }
    return compile_files(data, as_of=None, now=NOW, only=only, lint_only=bool(only))


@cache
def base_findings() -> frozenset[tuple[str, str, str]]:
    return frozenset(_key(found) for found in compiled(examples()).diagnostics)


def _key(found: Diagnostic) -> tuple[str, str, str]:
    return (found.rule.code, found.span.path, found.message)


def test_all_campaigns_parse_bind_and_type_check() -> None:
    found = {_key(d) for d in compiled(examples()).diagnostics if d.rule.code[:3] in ("SYN", "SCH", "TPL", "REF")}
    found |= {_key(d) for d in compiled(examples()).diagnostics if d.rule.code.startswith("FLD00")}
    assert found == set()


RIGHTLY = {
    "programme-letters": {"TIM006"},  # four letters on one day, of which two wait until they expire
    "reactivation": {"PHI001"},  # `since you were here` in an inbox line, which whoever holds the telephone reads
}


@pytest.mark.parametrize(
    "folder",
    sorted(path.parent.name for path in EXAMPLES.glob("campaigns/*/campaign.yaml")),
)
def test_each_campaign_compiles(folder: str) -> None:
    files = {
        path: text
        for path, text in examples().items()
        if not path.startswith("campaigns/") or path.startswith(("campaigns/_shared/", f"campaigns/{folder}/"))
    }
    compilation = compiled(files)
    errors = [d for d in compilation.diagnostics if d.severity.value == "error"]
    assert {d.rule.code for d in errors} == RIGHTLY.get(folder, set()), [d.message for d in errors]
    if errors:
        return
    code = compilation.programme.campaigns[0].code
    assert f"{code}/manifest.json" in compilation.bundle


def test_fixing_all_campaigns_twice_changes_no_more_than_once() -> None:
    files = {path: text.encode() for path, text in examples().items()}
    found = compiled(examples())
    once = files | apply_fixes(files, found.sources, found.diagnostics, FIXES).files
    again = compiled({path: content.decode() for path, content in once.items()})
    assert {_key(one) for one in again.diagnostics if one.severity.value == "error"} <= base_findings()
    assert apply_fixes(once, again.sources, again.diagnostics, FIXES).files == {}


@pytest.mark.parametrize(
    "edit",
    [  # every other one with the slow tests
        pytest.param(edit, id=f"edit{number}", marks=pytest.mark.slow if number % 2 else ())
        for number, edit in enumerate(EDITS)
    ],
)
def test_an_edit_is_found_at_its_place(edit: Edit) -> None:
    files = dict(examples())
    marked = files[edit.file].replace(edit.old, edit.new, 1)
    assert marked != files[edit.file]
    start = marked.find("«")
    files[edit.file] = marked.replace("«", "").replace("»", "")
    folder = edit.file.split("/")[-2:][0]
    only = frozenset() if "_shared" in edit.file or "/" not in edit.file else frozenset({folder})
    new = [found for found in compiled(files, only=only).diagnostics if _key(found) not in base_findings()]
    shown = [f"{d.rule.code} {d.span.path}:{d.span.start} {d.message} | {d.help}" for d in new]
    right = [d for d in new if d.span.path == edit.file and d.rule.code.startswith(edit.code)]
    assert right, shown
    if start >= 0:
        right = [d for d in right if d.span.start == start]
        assert right, (start, shown)
    if edit.offers:
        assert any(edit.offers in d.message or edit.offers in d.help for d in right), shown


def test_ten_mistakes_give_ten_findings_in_one_run() -> None:
    files = dict(examples())
    chosen = [edit for edit in EDITS if edit.file == "campaigns/appointment-reminders/campaign.yaml"]
    text = files[chosen[0].file]
    ten = []
    for edit in chosen:
        if edit.code in ("SCH", "FLD001", "REF001", "REF002") and edit.old in text and edit.new and len(ten) < 10:
            text = text.replace(edit.old, edit.new, 1)
            ten.append(edit)
    assert len(ten) == 10
    files[ten[0].file] = text.replace("«", "").replace("»", "")
    only = frozenset({"appointment-reminders"})
    new = {_key(d) for d in compiled(files, only=only).diagnostics if d.span.path == ten[0].file} - base_findings()
    assert len(new) >= 10, new
