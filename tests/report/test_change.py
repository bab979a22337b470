"""An account in print: short where a comment must be, and harmless whatever an author wrote."""

from __future__ import annotations

from datetime import date

from campcompile.changes.account import Account, CampaignChange, Change, Fate, Kind
from campcompile.changes.words import marked
from campcompile.report.change_markdown import MARKER, account_markdown
from campcompile.report.change_text import account_lines


def account(*changes: Change, campaigns: int = 1) -> Account:
    made = tuple(
        CampaignChange(
            folder=f"letter-{n}",
            code=f"lt{n:03}",
            fate=Fate.CHANGED,
            changes=changes,
            emails=(),
            before=None,
            after=None,
        )
        for n in range(campaigns)
    )
    return Account(base="main", head="change", as_of=date(2026, 8, 15), changes=(), campaigns=made)


def reworded(before: str, after: str) -> Change:
    return Change(
        kind=Kind.CONTENT, topic="subject", where="en", before=before, after=after, detail=marked(before, after)
    )


def test_a_comment_shows_forty_lines_and_folds_the_rest() -> None:
    lines = list(account_markdown(account(reworded("old", "new"), campaigns=400), {}, {}))
    fold = next(number for number, line in enumerate(lines) if line.startswith("<details>"))
    assert fold <= 41
    assert lines[0] == MARKER
    assert lines[-1] == "</details>"


def test_a_comment_stays_below_what_a_server_takes() -> None:
    lines = account_markdown(account(reworded("å" * 200, "ø" * 200), campaigns=2_000), {}, {})
    text = "\n".join(lines)
    assert len(text.encode()) < 60_000
    assert "There is more than a comment holds" in text
    assert text.count("<details>") == text.count("</details>")


def test_a_fold_begins_with_what_its_lines_hang_on() -> None:
    lines = list(account_markdown(account(*[reworded("old", f"new {n}") for n in range(90)]), {}, {}))
    fold = next(number for number, line in enumerate(lines) if line.startswith("<details>"))
    assert lines[fold + 2].startswith("- **letter-0**")


def test_nothing_that_an_author_wrote_is_obeyed() -> None:
    hostile = "<script>@everybody ![x](https://evil.example) `**\x1b[31m"
    comment = "\n".join(account_markdown(account(reworded("", hostile)), {}, {}))
    assert "<script>" not in comment
    assert "@everybody" not in comment
    assert "](" not in comment.replace("\\](", "")
    terminal = "\n".join(account_lines(account(reworded("", hostile)), {}, {}, colour=False, width=100))
    assert "\x1b" not in terminal


def test_words_that_stay_join_what_was_marked_in_any_script() -> None:
    for before, after in (
        ("冬季照常看診。", "冬季每天看診。"),
        ("we are open", "we were open"),
        ("", "new"),
        ("a\nb", "a c"),
    ):
        stretches = marked(before, after).stretches
        assert "".join(one.text for one in stretches if one.mark.value != "new") == before
        assert "".join(one.text for one in stretches if one.mark.value != "gone") == after
